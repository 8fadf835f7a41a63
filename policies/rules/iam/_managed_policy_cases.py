"""The cases of `iam-no-broad-managed-policies`."""

from typing import Any

from policies.framework import UNKNOWN, Example, Expect, Res
from policies.rules.common.role_stacks import PEOPLE, PREVIEW, UPDATE, trust
from policies.rules.common.roles import ATTACHMENT, ATTACHMENTS, MANY_ATTACHMENT


def _aws(name: str, partition: str = "aws") -> str:
    return f"arn:{partition}:iam::aws:policy/{name}"


_CUSTOM = "arn:aws:iam::123456789012:policy/app"
_REFERENCE = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference"


def _page(name: str) -> str:
    """What AWS writes about a policy, with its document."""
    return f"{_REFERENCE}/{name.rpartition('/')[2]}.html"


_ECS, _SYSTEMS_MANAGER = (
    "https://docs.aws.amazon.com/" + page
    for page in (
        "AmazonECS/latest/developerguide",
        "systems-manager/latest/userguide/setup-instance-permissions.html",
    )
)
_CLUSTER = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC"
_POD = trust(
    {"Federated": _CLUSTER},
    {"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub": "system:serviceaccount:kube-system:agent"}},
    Action="sts:AssumeRoleWithWebIdentity",
)
_FINE = {
    # by service that may assume the role
    "ecs-tasks": {
        "service-role/AmazonECSTaskExecutionRolePolicy": f"{_ECS}/task_execution_IAM_role.html",
        "AmazonEC2ContainerRegistryReadOnly": "",
        "AWSXRayDaemonWriteAccess": "",
        "CloudWatchAgentServerPolicy": "",
        "AWSAppMeshEnvoyAccess": "",
        "AmazonPrometheusRemoteWriteAccess": "",
        "AWSMarketplaceMeteringFullAccess": "",
        "AmazonSQSReadOnlyAccess": "",
    },
    "lambda": {
        "service-role/AWSLambdaBasicExecutionRole": "",
        "service-role/AWSLambdaVPCAccessExecutionRole": "",
        "CloudWatchLambdaInsightsExecutionRolePolicy": "",
    },
    "ec2": {
        "AmazonSSMManagedInstanceCore": _SYSTEMS_MANAGER,
        "AmazonSSMDirectoryServiceAccess": _SYSTEMS_MANAGER,
        "AWSPCSComputeNodePolicy": "https://docs.aws.amazon.com/pcs/latest/userguide/"
        "security-instance-profiles_create.html",
        "service-role/AmazonEC2ContainerServiceforEC2Role": f"{_ECS}/instance_IAM_role.html",
        "AmazonECSInstanceRolePolicyForManagedInstances": f"{_ECS}/managed-instances-instance-profile.html",
        "AmazonEKS_CNI_Policy": "",
        "AmazonEKSWorkerNodePolicy": "",
        "AmazonEC2ContainerRegistryPullOnly": "",
        "CloudWatchAgentServerPolicy": "",
        "service-role/AmazonEC2RoleforAWSCodeDeployLimited": "",
    },
    "codedeploy": {
        "AWSCodeDeployRoleForECS": f"{_ECS}/codedeploy_IAM_role.html",
        "service-role/AWSCodeDeployRole": "https://docs.aws.amazon.com/codedeploy/latest/userguide/"
        "getting-started-create-service-role.html",
    },
    "backup": {
        "service-role/AWSBackupServiceRolePolicyForBackup": "",
        "AWSBackupServiceRolePolicyForS3Restore": "",
    },
    "ecs": {
        "AmazonECSInfrastructureRolePolicyForLoadBalancers": f"{_ECS}/infrastructure_IAM_role.html",
        "service-role/AmazonECSInfrastructureRolePolicyForVolumes": f"{_ECS}/infrastructure_IAM_role.html",
    },
    "eks": {"AmazonEKSClusterPolicy": ""},
    "imagebuilder": {"EC2ImageBuilderExecutionPolicy": ""},
    "budgets": {"AWSBudgetsActions_RolePolicyForResourceAdministrationWithSSM": ""},
    "monitoring.rds": {"service-role/AmazonRDSEnhancedMonitoringRole": ""},
    "events": {"service-role/AmazonEC2ContainerServiceEventsRole": ""},
}
_WRONG = {
    # by what the message says
    "AWSLambdaExecute": "allows every action of logs; s3:GetObject on every bucket",
    "service-role/AmazonEC2RoleforAWSCodeDeploy": "s3:GetObject and s3:GetObjectVersion on every bucket",
    "AmazonElasticFileSystemClientReadWriteAccess": "elasticfilesystem:ClientWrite on every file system",
    "AmazonKeyspacesReadOnlyAccess_v2": "cassandra:Select and cassandra:GetRecords on every table",
    "service-role/AWSLambdaSQSQueueExecutionRole": "sqs:ReceiveMessage on every queue",
    "service-role/AWSLambdaRole": "lambda:InvokeFunction on every function",
    "service-role/AmazonElasticMapReduceforEC2Role": "every action of cloudwatch, dynamodb and",
    "AWSCodeCommitReadOnly": "codecommit:GitPull",
    "AWSSecretsManagerClientReadOnlyAccess": "secretsmanager:GetSecretValue",
    "CloudWatchLogsReadOnlyAccess": "logs:GetLogEvents",
    "AmazonEC2ReadOnlyAccess": "with every action that AWS adds under that name",
    "SecurityAudit": "",
}


def _one(name: str, trusted: Any, policy: str) -> list[Res]:
    return [UPDATE.role(name, trusted), UPDATE.attach(name, _aws(policy))]


def _service(name: str) -> dict[str, str]:
    return {"Service": f"{name}.amazonaws.com"}


def _each_way(policy: str) -> dict[str, list[Res]]:
    """Every form of attachment, first preview and update."""
    arn = _aws(policy)
    return {
        f"{form}, {when}": [at.role("task", **inputs), *others]
        for when, at in (("preview", PREVIEW), ("update", UPDATE))
        for form, inputs, others in (
            ("on the role", {"managedPolicyArns": [arn]}, []),
            ("attached", {}, [at.attach("task", arn)]),
            ("in an exclusive list", {}, [Res(ATTACHMENTS, "attached", {"roleName": "task", "policyArns": [arn]})]),
            ("to several roles", {}, [Res(MANY_ATTACHMENT, "attached", {"roles": ["task"], "policyArn": arn})]),
        )
    }


def cases() -> tuple[Example, ...]:
    """What passes, what fails and what cannot be decided."""
    return (
        Example("no managed policy", [UPDATE.role("task"), UPDATE.task()]),
        *(
            Example(
                f"{policy} of {service}", _one("role", trust(_service(service)), policy), source=page or _page(policy)
            )
            for service, policies in _FINE.items()
            for policy, page in policies.items()
        ),
        Example(
            "AWS's policy for a driver that runs in pods",
            _one("driver", _POD, "service-role/AmazonEBSCSIDriverPolicy"),
            source="https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html",
        ),
        *(
            Example(f"a policy that allows nothing broad, {form}", resources)
            for form, resources in _each_way("AWSXRayDaemonWriteAccess").items()
        ),
        Example("one that is newer than the table", _one("task", trust(), "AmazonFutureWriteAccess")),
        Example(
            "a policy from outside of the stack that is known",
            [UPDATE.role("task"), UPDATE.attach("task", _CUSTOM), UPDATE.attach("task", f"{_CUSTOM}-2", "other")],
            settings={"known_policies": ["app", f"{_CUSTOM}-2"]},
        ),
        Example(
            "a policy of the stack",
            [UPDATE.role("task"), UPDATE.policy("app", "{}"), UPDATE.attach("task", "app"), UPDATE.task()],
        ),
        Example(
            "a policy of the stack, at the first preview",
            [PREVIEW.role("task"), PREVIEW.policy("app", "{}"), PREVIEW.attach("task", "app"), PREVIEW.task()],
        ),
        Example(
            "what people have", [UPDATE.role("people", PEOPLE), UPDATE.attach("people", _aws("AdministratorAccess"))]
        ),
        Example(
            "one that is allowed",
            [UPDATE.role("task"), UPDATE.attach("task", _aws("CloudWatchLogsFullAccess"))],
            settings={"allowed": ["CloudWatchLogsFullAccess"]},
        ),
        *(
            Example(
                f"{name} attached",
                [PREVIEW.role("task"), PREVIEW.attach("task", _aws(name))],
                [Expect(f"Policy::{name}", "attached", [name, "Fix: attach a policy"])],
            )
            for name in (
                "AdministratorAccess",
                "PowerUserAccess",
                "IAMFullAccess",
                "AmazonS3FullAccess",
                "AmazonECS_FullAccess",
                "AmazonEC2ContainerRegistryPowerUser",
                "AmazonS3ReadOnlyAccess",
                "ReadOnlyAccess",
                "job-function/SystemAdministrator",
                "AdministratorAccess-Amplify",
                "SecretsManagerReadWrite",
                "AWSCodeBuildAdminAccess",
                "AWSCodeBuildDeveloperAccess",
                "service-role/AmazonEC2RoleforSSM",
            )
        ),
        *(
            Example(
                f"{policy} of a task",
                _one("task", trust(), policy),
                [Expect(f"Policy::{policy}", "attached", [says, "Fix: attach a policy"])],
                source=_page(policy),
            )
            for policy, says in _WRONG.items()
        ),
        *(
            Example(
                f"a policy that reads data, {form}",
                resources,
                [Expect("Policy::AWSLambdaExecute", "task" if form.startswith("on") else "attached")],
            )
            for form, resources in _each_way("AWSLambdaExecute").items()
        ),
        *(
            Example(
                f"a policy for CodeDeploy's own role, {name}",
                [UPDATE.role("role", trusted), UPDATE.attach("role", _aws("AWSCodeDeployRoleForECS")), *others],
                [Expect("Policy::AWSCodeDeployRoleForECS", "attached", ["s3:GetObject"])],
            )
            for name, trusted, others in (
                ("of a task", trust(), []),
                ("of an instance too", trust({"Service": ["codedeploy.amazonaws.com", "ec2.amazonaws.com"]}), []),
                ("of a pod", _POD, []),
                ("that a task definition names", trust(_service("codedeploy")), [UPDATE.task("role")]),
            )
        ),
        Example(
            "a policy for EC2 on a role of instances",
            _one("node", trust(_service("ec2")), "service-role/AmazonEC2RoleforAWSCodeDeploy"),
            [Expect("Policy::service-role/AmazonEC2RoleforAWSCodeDeploy", "attached")],
        ),
        Example(
            "one that is newer than the table, by its name",
            _one("task", trust(), "AmazonFutureFullAccess"),
            [Expect("Policy::AmazonFutureFullAccess", "attached", ["by its name"])],
        ),
        Example(
            "one that the settings call broad",
            _one("task", trust(), "AWSXRayDaemonWriteAccess"),
            [Expect("Policy::AWSXRayDaemonWriteAccess", "attached", ["the setting broad"])],
            settings={"broad": ["AWSXRay*"]},
        ),
        *(
            Example(
                f"in the partition {partition}",
                [UPDATE.role("task", managedPolicyArns=[_aws("AdministratorAccess", partition)])],
                [Expect("Policy::AdministratorAccess", "task", ["managedPolicyArns"])],
            )
            for partition in ("aws-cn", "aws-us-gov", "aws-iso-b")
        ),
        Example(
            "attached to several roles",
            [
                UPDATE.role("people", PEOPLE),
                UPDATE.role("task"),
                Res(MANY_ATTACHMENT, "many", {"roles": ["people", "task"], "policyArn": _aws("AmazonSQSFullAccess")}),
            ],
            [Expect("Policy::AmazonSQSFullAccess", "many")],
        ),
        Example(
            "attached to several roles of which one is not known yet",
            [
                UPDATE.role("people", PEOPLE),
                PREVIEW.role("task"),
                Res(
                    MANY_ATTACHMENT,
                    "many",
                    {"roles": ["people", UNKNOWN], "policyArn": _aws("AmazonSQSFullAccess")},
                    depends={"roles": ["people", "task"]},
                ),
            ],
            [Expect("Policy::AmazonSQSFullAccess", "many")],
        ),
        *(
            Example(
                f"attached to people and to a role from outside of the stack, {name}",
                [
                    UPDATE.role("people", PEOPLE),
                    Res(MANY_ATTACHMENT, "many", {"roles": ["people", role], "policyArn": _aws("AmazonSQSFullAccess")}),
                ],
                [Expect("Policy::AmazonSQSFullAccess", "many")],
            )
            for name, role in (("by its name", "elsewhere"), ("not known yet", UNKNOWN))
        ),
        Example(
            "a policy by its name, and another that is wrong",
            [
                UPDATE.role("task", managedPolicyArns=["AdministratorAccess"]),
                UPDATE.attach("task", _aws("IAMFullAccess")),
            ],
            [Expect("Malformed::managedPolicyArns", "task"), Expect("Policy::IAMFullAccess", "attached")],
        ),
        Example(
            "in an exclusive list",
            [
                UPDATE.role("task"),
                Res(ATTACHMENTS, "all", {"roleName": "task", "policyArns": [_aws("IAMFullAccess")]}),
            ],
            [Expect("Policy::IAMFullAccess", "all")],
        ),
        Example(
            "on a role that a task definition names, whoever may assume it",
            [UPDATE.role("task", PEOPLE), UPDATE.attach("task", _aws("IAMFullAccess")), UPDATE.task()],
            [Expect("Policy::IAMFullAccess", "attached")],
        ),
        Example(
            "on an instance's role",
            [
                UPDATE.role("node", trust({"Service": "ec2.amazonaws.com"})),
                UPDATE.attach("node", _aws("AmazonEC2FullAccess")),
            ],
            [Expect("Policy::AmazonEC2FullAccess", "attached")],
        ),
        Example(
            "a list that is no list",
            [UPDATE.role("task", managedPolicyArns={"arn": _CUSTOM}), UPDATE.attach("task", _aws("IAMFullAccess"))],
            [Expect("Malformed::managedPolicyArns", "task"), Expect("Policy::IAMFullAccess", "attached")],
        ),
        Example(
            "a policy that is not known yet",
            [PREVIEW.role("task"), Res(ATTACHMENT, "a", {"role": "task", "policyArn": UNKNOWN})],
            undecided=[Expect("Undecided::policyArn", "a")],
        ),
        Example(
            "a policy from outside of the stack",
            [UPDATE.role("task"), UPDATE.attach("task", _CUSTOM)],
            undecided=[Expect("Undecided::policyArn", "attached", ["names app, a policy outside", "known_policies"])],
        ),
        *(
            Example(
                f"a policy for a service's own role, on a role {name}",
                resources,
                undecided=[Expect("Undecided::policyArn", "attached", ["made for the own role of an AWS service"])],
            )
            for name, resources in (
                (
                    "from outside of the stack",
                    [Res(ATTACHMENT, "attached", {"role": "elsewhere", "policyArn": _aws("AWSCodeDeployRoleForECS")})],
                ),
                (
                    "whose trust policy is not known yet",
                    [PREVIEW.role("deploy", UNKNOWN), PREVIEW.attach("deploy", _aws("AWSCodeDeployRoleForECS"))],
                ),
            )
        ),
    )
