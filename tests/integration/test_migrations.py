"""Migrations, restarts and permissions on the real provider, and one-off tasks with the real boto3."""

import json
from typing import Any

import pytest

from components.tasks import one_off
from components.tasks.one_off import OneOffTask, TaskFailedError
from tests.integration.conftest import Deployment, Emulator

SERVICE, TASK = "ecs/service:Service", "ecs/taskDefinition:TaskDefinition"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-a1B2c3"


pytestmark = pytest.mark.usefixtures("reached")


class TestOneOff:
    """Tasks that the program runs, without any resource of the provider."""

    @pytest.mark.parametrize(
        ("command", "fault"),
        [
            (["./migrate"], None),
            (["sh", "-c", "exit 4"], "ended with exit code 4"),
        ],
    )
    def test_a_task_runs_to_its_end(self, emulator: Emulator, command: list[str], fault: str | None) -> None:
        ecs, logs, ec2 = (emulator.client(one) for one in ("ecs", "logs", "ec2"))
        (subnet, *_) = ec2.describe_subnets()["Subnets"]
        cluster = ecs.create_cluster(clusterName="one-off")["cluster"]["clusterArn"]
        if not logs.describe_log_groups(logGroupNamePrefix="/one-off")["logGroups"]:
            logs.create_log_group(logGroupName="/one-off")
        container = {
            "name": "web",
            "image": "web:1",
            "command": command,
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {"awslogs-group": "/one-off", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "ecs"},
            },
        }
        definition = ecs.register_task_definition(
            family="one-off-migration",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[container],
        )["taskDefinition"]["taskDefinitionArn"]
        task = OneOffTask(cluster, definition, "web", "/one-off", (), [subnet["SubnetId"]], [], 60)
        if fault is None:
            assert ":task/" in one_off.run(task)
            return
        with pytest.raises(TaskFailedError, match=fault) as caught:
            one_off.run(task)
        assert "    a line of ecs/web/" in str(caught.value)


class TestMigration:
    """One dev stack with a migration, restarts and permissions."""

    STACK = "dev"

    def test_a_failure_comes_before_the_service(self, deployment: Deployment) -> None:
        deployment.set(
            image="git-1",
            secrets={"DB": {"arn": SECRET, "jsonKey": "url"}},
            restartOnRotation=True,
            permissions=[{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::uploads/*"]}],
            migration={"command": ["sh", "-c", "exit 1"]},
        )
        said = deployment.fails("up")
        assert "exit code 1" in said
        assert "a line of ecs/dev-web/" in said

    def test_with_a_good_one_it_comes_up_and_stays(self, deployment: Deployment) -> None:
        deployment.set(migration={"command": ["./migrate"]})
        assert f"create {SERVICE} web" in deployment.run("up").steps
        deployment.unchanged()

    def test_the_rules_lead_to_the_machine_that_restarts_the_service(self, emulator: Emulator) -> None:
        events, machines = emulator.client("events"), emulator.client("stepfunctions")
        found: dict[str, Any] = {}
        for rule in events.list_rules(NamePrefix="web-rotation")["Rules"]:
            (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
            found[target["Arn"]] = json.loads(rule["EventPattern"])
        (machine,) = found
        definition = json.loads(machines.describe_state_machine(stateMachineArn=machine)["definition"])
        restart = definition["States"]["Start new tasks"]["Arguments"]
        (service,) = emulator.client("ecs").describe_services(cluster="container-platform-dev", services=["dev-web"])[
            "services"
        ]
        assert (restart["Service"], restart["Cluster"]) == (service["serviceArn"], service["clusterArn"])

    def test_a_new_image_is_migrated_for_and_a_failure_leaves_the_service(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        before = self._revision(emulator)
        deployment.set(image="git-2", migration={"command": ["sh", "-c", "exit 1"]})
        assert "exit code 1" in deployment.fails("up")
        assert self._revision(emulator) == before
        deployment.set(migration={"command": ["./migrate"]})
        assert f"update {SERVICE} web" in deployment.run("up").steps
        assert self._revision(emulator) != before
        deployment.unchanged()

    def test_a_boundary_is_on_every_role(self, deployment: Deployment, emulator: Emulator) -> None:
        boundary = "arn:aws:iam::123456789012:policy/workloads"
        all_actions = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [all_actions]})
        emulator.client("iam").create_policy(PolicyName="workloads", PolicyDocument=document)
        deployment.edit(lambda platform: platform.update(permissionsBoundaryArn=boundary))
        steps = deployment.run("up").steps
        assert steps
        assert all(step.startswith("update iam/role:Role ") for step in steps)
        deployment.unchanged()

    def test_it_ends(self, deployment: Deployment) -> None:
        deployment.run("destroy")

    def _revision(self, emulator: Emulator) -> str:
        found = emulator.client("ecs").describe_services(cluster="container-platform-dev", services=["dev-web"])
        return str(found["services"][0]["taskDefinition"])
