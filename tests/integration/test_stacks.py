"""Both stacks on the real provider, from nothing to nothing, and what a client no part of ours reads of them."""

import json
from collections.abc import Iterator
from typing import Any

from local.standin.services.ecs import CRASHING
from tests.integration.conftest import Deployment, Emulator
from tests.integration.gaps import UNREACHABLE

_SERVICE = "update ecs/service:Service web"
_REVISION = {
    "create-replacement ecs/taskDefinition:TaskDefinition web",
    "replace ecs/taskDefinition:TaskDefinition web",
    "delete-replaced ecs/taskDefinition:TaskDefinition web",  # forgotten, not deregistered
}
_ROLLOUT = {*_REVISION, _SERVICE}


_GOOD = f"sha256:{'a' * 64}"
_PIPELINE = {
    "source": {"repository": "app"},
    "directory": "examples/app",
    "testStage": "test",
    "backendUrl": "s3://state-bucket?region=us-east-1",
    "approval": True,
    "notificationEmails": ["team@example.org"],
}


class _Stack:
    """One rough life of a stack: each test goes on where the one before ended."""

    STACK = ""

    def test_it_comes_up(self, deployment: Deployment) -> None:
        done = deployment.run("up")
        assert {step.split()[0] for step in done.steps} == {"create"}
        assert done.outputs["contractVersion"] == 1
        assert set(done.outputs["services"]) == {"web"}
        without = {kind for kind in deployment.types if not kind.startswith(("aws:", "pulumi:", "container-platform:"))}
        assert without == set(UNREACHABLE), "made by the stand-in: gaps.py says so, and why"

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        deployment.unchanged()

    def test_images_are_scanned_kept_and_expire(self, deployment: Deployment, emulator: Emulator) -> None:
        ecr = emulator.client("ecr")
        name = f"container-platform/{self.STACK}/web"
        (repository,) = ecr.describe_repositories(repositoryNames=[name])["repositories"]
        assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
        assert repository["imageTagMutability"] == "IMMUTABLE"
        rules = json.loads(ecr.get_lifecycle_policy(repositoryName=name)["lifecyclePolicyText"])["rules"]
        assert [rule["rulePriority"] for rule in rules] == sorted({rule["rulePriority"] for rule in rules})
        assert {rule["selection"]["tagStatus"] for rule in rules} >= {"untagged"}

    def test_the_cluster_offers_fargate_and_spot(self, deployment: Deployment, emulator: Emulator) -> None:
        (cluster,) = emulator.client("ecs").describe_clusters(
            clusters=[f"container-platform-{self.STACK}"], include=["SETTINGS"]
        )["clusters"]
        assert set(cluster["capacityProviders"]) == {"FARGATE", "FARGATE_SPOT"}
        assert cluster["settings"][0]["name"] == "containerInsights"
        assert cluster["settings"][0]["value"] in ("enabled", "enhanced")

    def test_tasks_stand_in_private_subnets_without_public_addresses(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        network = self._service(emulator)["networkConfiguration"]["awsvpcConfiguration"]
        assert network["assignPublicIp"] == "DISABLED"
        assert len(network["subnets"]) >= 2
        for subnet in network["subnets"]:
            assert "igw-" not in json.dumps(routes_of(emulator, subnet), default=str)
        outside = deployment_subnets(emulator, self.STACK) - set(network["subnets"])
        assert all("igw-" in json.dumps(routes_of(emulator, subnet), default=str) for subnet in outside)

    def test_only_the_load_balancer_reaches_the_tasks(self, deployment: Deployment, emulator: Emulator) -> None:
        ec2 = emulator.client("ec2")
        (group,) = self._service(emulator)["networkConfiguration"]["awsvpcConfiguration"]["securityGroups"]
        rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])[
            "SecurityGroupRules"
        ]
        (entrance,) = [rule for rule in rules if not rule["IsEgress"]]
        (balancer,) = self._balancers(emulator)
        assert entrance["ReferencedGroupInfo"]["GroupId"] in balancer["SecurityGroups"]

    def test_the_rule_forwards_to_the_services_own_group(self, deployment: Deployment, emulator: Emulator) -> None:
        elb = emulator.client("elbv2")
        (balancer,) = self._balancers(emulator)
        listeners = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
        service = self._service(emulator)
        target = service["loadBalancers"][0]["targetGroupArn"]
        rules = [
            rule
            for listener in listeners
            for rule in elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
            if rule["Priority"] != "default"
        ]
        assert [rule["Actions"][0]["TargetGroupArn"] for rule in rules] == [target]
        (group,) = elb.describe_target_groups(TargetGroupArns=[target])["TargetGroups"]
        assert group["TargetType"] == "ip"
        assert group["HealthCheckPath"] == "/health"
        assert group["VpcId"] == balancer["VpcId"]

    def test_a_task_logs_runs_unprivileged_and_reads_exactly_its_secret(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        definition = self._definition(emulator)
        (container,) = definition["containerDefinitions"]
        assert container["readonlyRootFilesystem"] is True
        assert container["user"] not in ("", "root", "0")
        logs = emulator.client("logs").describe_log_groups(
            logGroupNamePrefix=f"/ecs/container-platform/{self.STACK}/web"
        )["logGroups"]
        assert container["logConfiguration"]["options"]["awslogs-group"] == logs[0]["logGroupName"]
        assert logs[0]["retentionInDays"] > 0
        assert definition["taskRoleArn"] != definition["executionRoleArn"]
        statements = _statements(emulator, definition["executionRoleArn"])
        readable = [
            arn
            for statement in statements
            if "secretsmanager:GetSecretValue" in statement["Action"]
            for arn in statement["Resource"]
        ]
        referenced = {secret["valueFrom"].split(":password")[0] for secret in container.get("secrets", [])}
        assert set(readable) == referenced
        assert _statements(emulator, definition["taskRoleArn"]) == []

    def test_an_image_makes_a_revision_and_begins_scaling(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.set(image="git-0000001")
        done = deployment.run("up")
        assert {step for step in done.steps if "appautoscaling" not in step} - _ROLLOUT == set()
        assert _SERVICE in done.steps
        (target,) = emulator.client("application-autoscaling").describe_scalable_targets(
            ServiceNamespace="ecs", ResourceIds=[f"service/container-platform-{self.STACK}/{self.STACK}-web"]
        )["ScalableTargets"]
        assert 0 < target["MinCapacity"] <= target["MaxCapacity"]
        assert deployment.run("preview").steps == []

    def test_another_image_touches_the_revision_and_the_service_only(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        before = self._definition(emulator)
        deployment.set(image="git-0000002")
        assert set(deployment.run("up").steps) - _ROLLOUT == set()
        after = self._definition(emulator)
        assert after["revision"] == before["revision"] + 1
        assert after["containerDefinitions"][0]["image"].endswith(":git-0000002")
        kept = emulator.client("ecs").describe_task_definition(taskDefinition=before["taskDefinitionArn"])
        assert kept["taskDefinition"]["status"] == "ACTIVE"

    def test_another_size_touches_the_revision_and_the_service_only(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        deployment.set(cpu=1024, memory=4096)
        assert set(deployment.run("up").steps) - _ROLLOUT == set()
        definition = self._definition(emulator)
        assert (definition["cpu"], definition["memory"]) == ("1024", "4096")

    def test_another_secret_also_touches_what_may_read_it(self, deployment: Deployment, emulator: Emulator) -> None:
        secrets = emulator.client("secretsmanager")
        arn = secrets.create_secret(Name=f"{self.STACK}-api-key", SecretString="x")["ARN"]
        try:
            deployment.set(secrets={"API_KEY": arn})
            steps = set(deployment.run("up").steps)
            others = {step.partition(" ") for step in steps - _ROLLOUT}
            assert {resource for _, _, resource in others} == {"iam/rolePolicy:RolePolicy web-execution"}
            assert {"create-replacement", "delete-replaced"} <= {operation for operation, _, _ in others}
            definition = self._definition(emulator)
            assert arn in json.dumps(_statements(emulator, definition["executionRoleArn"]))
            assert {"name": "API_KEY", "valueFrom": arn} in definition["containerDefinitions"][0]["secrets"]
            assert deployment.run("preview").steps == []
        finally:
            secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)

    def test_a_pipeline_comes_up_and_stays_as_it_is(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.edit(lambda platform: platform.update(pipelines={"web": _PIPELINE}, publishOutputs=True))
        deployment.edit(lambda platform: platform["services"]["web"].pop("image"))
        assert {step.split()[0] for step in deployment.run("up").steps if "web-pipeline" in step} == {"create"}
        assert deployment.run("preview").steps == []
        name = f"container-platform-{self.STACK}-web"
        pipeline = emulator.client("codepipeline").get_pipeline(name=name)["pipeline"]
        assert pipeline["pipelineType"] == "V2"
        assert [stage["name"] for stage in pipeline["stages"]] == ["Source", "Build", "Approve", "Deploy"]
        bucket = pipeline["artifactStore"]["location"]
        s3 = emulator.client("s3")
        assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}
        assert "aws:SecureTransport" in s3.get_bucket_policy(Bucket=bucket)["Policy"]
        (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        assert rule["Expiration"]["Days"] == 30
        projects = emulator.client("codebuild").batch_get_projects(names=[f"{name}-build", f"{name}-deploy"])[
            "projects"
        ]
        assert [project["environment"]["privilegedMode"] for project in projects] == [True, False]
        for project in projects:
            for statement in _statements(emulator, project["serviceRole"]):
                assert not [action for action in statement["Action"] if "*" in action]
        published = emulator.client("ssm").get_parameter(Name=f"/container-platform/{self.STACK}/outputs/clusterName")
        assert published["Parameter"]["Value"] == f"container-platform-{self.STACK}"

    def test_a_release_is_what_the_next_up_deploys(self, deployment: Deployment, emulator: Emulator) -> None:
        self._release(emulator, _GOOD)
        steps = {step for step in deployment.run("up").steps if "appautoscaling" not in step}
        assert steps - _ROLLOUT == set()
        assert self._image(emulator).endswith(f"@{_GOOD}")

    def test_a_deployment_that_ecs_rolls_back_fails_the_run_and_the_next_run_deploys_again(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        self._release(emulator, CRASHING)
        deployment.set(healthCheckPath="/redy")
        for _ in range(2):
            assert "tasks failed to start" in deployment.fails("up")
            assert self._image(emulator).endswith(f"@{_GOOD}"), "ECS went back to it"
            (group,) = emulator.client("elbv2").describe_target_groups()["TargetGroups"]
            assert group["HealthCheckPath"] == "/health", "the tasks that serve answer no other"
        self._release(emulator, _GOOD)
        deployment.set(healthCheckPath="/health")
        deployment.run("up")
        assert deployment.run("preview").steps == []

    def test_nothing_is_left(self, deployment: Deployment, emulator: Emulator) -> None:
        done = deployment.run("destroy")
        assert {step.split()[0] for step in done.steps} == {"delete"}
        mark = f"container-platform-{self.STACK}"
        assert emulator.client("ecr").describe_repositories()["repositories"] == []
        assert emulator.client("ecs").describe_clusters(clusters=[mark])["clusters"][0]["status"] == "INACTIVE"
        assert emulator.client("elbv2").describe_load_balancers()["LoadBalancers"] == []
        assert emulator.client("elbv2").describe_target_groups()["TargetGroups"] == []
        assert emulator.client("logs").describe_log_groups()["logGroups"] == []
        assert emulator.client("secretsmanager").list_secrets()["SecretList"] == []
        assert emulator.client("codepipeline").list_pipelines()["pipelines"] == []
        assert emulator.client("codebuild").list_projects()["projects"] == []
        assert emulator.client("s3").list_buckets()["Buckets"] == []
        assert emulator.client("events").list_rules()["Rules"] == []
        assert emulator.client("sns").list_topics()["Topics"] == []
        assert emulator.client("ssm").describe_parameters()["Parameters"] == []
        assert emulator.client("iam").list_roles(PathPrefix="/container-platform/")["Roles"] == []
        ec2 = emulator.client("ec2")
        assert [vpc for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]] == []
        gateways = ec2.describe_nat_gateways()["NatGateways"]
        assert [gateway for gateway in gateways if gateway["State"] != "deleted"] == []
        assert ec2.describe_addresses()["Addresses"] == []

    def test_the_emulator_lacked_nothing_that_is_not_listed(self, emulator: Emulator) -> None:
        assert emulator.lacking() == []

    def _release(self, emulator: Emulator, image: str) -> None:
        name = f"/container-platform/{self.STACK}/web/image"
        emulator.client("ssm").put_parameter(Name=name, Value=image, Overwrite=True)

    def _image(self, emulator: Emulator) -> str:
        (container,) = self._definition(emulator)["containerDefinitions"]
        return str(container["image"])

    def _service(self, emulator: Emulator) -> Any:
        cluster = f"container-platform-{self.STACK}"
        found = emulator.client("ecs").describe_services(cluster=cluster, services=[f"{self.STACK}-web"])
        return found["services"][0]

    def _definition(self, emulator: Emulator) -> Any:
        arn = self._service(emulator)["taskDefinition"]
        return emulator.client("ecs").describe_task_definition(taskDefinition=arn)["taskDefinition"]

    def _balancers(self, emulator: Emulator) -> list[Any]:
        balancers: list[Any] = emulator.client("elbv2").describe_load_balancers()["LoadBalancers"]
        return balancers


class TestDev(_Stack):
    """The cheap one."""

    STACK = "dev"


class TestProd(_Stack):
    """The safe one."""

    STACK = "prod"


def deployment_subnets(emulator: Emulator, stack: str) -> set[str]:
    """Ids of all subnets of the stack's VPC."""
    ec2 = emulator.client("ec2")
    (vpc,) = [vpc for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]]
    found = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]
    return {subnet["SubnetId"] for subnet in found}


def routes_of(emulator: Emulator, subnet: str) -> Any:
    """The routes of the table that a subnet is associated with."""
    tables = emulator.client("ec2").describe_route_tables(
        Filters=[{"Name": "association.subnet-id", "Values": [subnet]}]
    )["RouteTables"]
    (table,) = tables
    return table["Routes"]


def _statements(emulator: Emulator, role_arn: str) -> list[Any]:
    iam = emulator.client("iam")
    name = role_arn.rpartition("/")[2]
    assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
    documents = [
        iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
    ]
    return [statement for document in documents for statement in _listed(document["Statement"])]


def _listed(value: Any) -> Iterator[Any]:
    for statement in value if isinstance(value, list) else [value]:
        yield {
            **statement,
            "Action": statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]],
            "Resource": statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]],
        }
