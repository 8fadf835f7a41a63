"""What AWS's managed policies allow, by the table that `policies.managed_policies` writes, and for whom they are."""

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from policies.framework import Malformed, Resource, peek, wildcard_match
from policies.framework.values import UnknownValue
from policies.rules.common.iam_documents import trust_statements

_BROAD_NAMES = (
    *("*FullAccess", "*FullAccess_*", "*FullAccessV*", "*PowerUser*", "*Admin*", "*DeveloperAccess"),
    *("*ReadOnlyAccess", "*ReadWrite", "job-function/*"),
)
_FOR_SERVICES = (
    *("service-role/*", "AWSCodeDeployRoleFor*", "AWSBackup*RolePolicyFor*", "AmazonECSInfrastructureRole*"),
    *("AmazonEKS*Policy", "AmazonEKS*PolicyV2", "AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy"),
    # https://docs.aws.amazon.com/imagebuilder/latest/userguide/security-iam-awsmanpol.html
    "EC2ImageBuilderExecutionPolicy",
    # https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controls.html
    "AWSBudgetsActions*RolePolicyFor*",
)
"""Made for roles by which AWS's services act themselves: the path service-role/, and some that are older or newer."""

_FOR_AGENTS = frozenset(
    {
        # https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
        "AmazonSSMManagedInstanceCore",
        "AmazonSSMDirectoryServiceAccess",  # the same page, to join a domain
        # https://docs.aws.amazon.com/pcs/latest/userguide/security-instance-profiles_create.html
        "AWSPCSComputeNodePolicy",
        # https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html
        "service-role/AmazonEBSCSIDriverPolicy",
        "AmazonEBSCSIDriverPolicyV2",
    }
)
"""What AWS demands of every node with one of its agents, though it allows more; nothing narrower is documented."""

_RUNS_YOUR_CODE = frozenset(
    {
        *("ec2", "ecs-tasks", "lambda", "edgelambda", "codebuild", "pods.eks", "tasks.apprunner", "emr-serverless"),
        *("sagemaker", "glue", "databrew", "airflow", "airflow-env", "kinesisanalytics", "gamelift", "greengrass"),
        *("credentials.iot", "robomaker", "amplify", "bedrock-agentcore", "braket", "lightsail", "opsworks"),
    }
)
"""Services that hand a role's credentials to programs of yours."""


def allowed_by(policy: str) -> list[str]:
    """What a policy allows that counts, the worst first: `s3:GetObject on every bucket`.

    :param policy: its name with its path, `service-role/AmazonEC2RoleforSSM`. Of one that is newer than the table only
        the name says something.
    """
    known = _table().get(policy)
    if known is None:
        return ["more than one application needs, by its name"] if matches(policy, _BROAD_NAMES) else []
    return [] if policy in _FOR_AGENTS else known


def is_for_services(policy: str) -> bool:
    """Whether a policy is made for the own role of one of AWS's services."""
    return matches(policy, _FOR_SERVICES)


def acts_for_itself(role: Resource) -> bool | None:
    """Whether only services may assume a role that run no programs of yours; nothing if that is not known yet."""
    try:
        statements = trust_statements(peek(role.inputs, "assumeRolePolicy"), "assumeRolePolicy")
    except UnknownValue:
        return None
    except Malformed:
        return False
    allowed = [statement for statement in statements if statement.allow]
    return all(
        not statement.all_principals_but
        and set(statement.principals) == {"Service"}
        and not any(_runs_your_code(name) for name in statement.principals["Service"])
        for statement in allowed
    )


def matches(policy: str, patterns: Iterable[str]) -> bool:
    """Whether one of some patterns matches the name of a policy."""
    return any(wildcard_match(pattern, policy) for pattern in patterns)


def _runs_your_code(service: str) -> bool:
    name = service.partition(".amazonaws.")[0]
    return "*" in name or name in _RUNS_YOUR_CODE or name.partition(".")[0] in _RUNS_YOUR_CODE


@lru_cache(maxsize=1)
def _table() -> dict[str, list[str]]:
    path = Path(__file__).with_name("_managed_policies.json")
    table: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))["policies"]
    return table
