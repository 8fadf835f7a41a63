"""Secrets and permissions on the real engine: restarts by setting, and policies that change beside the tasks."""

import json
from typing import Any

from local.standin.services.ecs import CRASHING

from .conftest import Local
from .test_platform import touched

PLACE = "arn:aws:secretsmanager:us-east-1:123456789012:secret"
DB, KEYS = f"{PLACE}:db-a1B2c3", f"{PLACE}:keys-d4E5f6"
PARAMETER = "arn:aws:ssm:us-east-1:123456789012:parameter/web/features"
RULE, MACHINE = "cloudwatch/eventRule:EventRule", "sfn/stateMachine:StateMachine"


def patterns(project: Local) -> list[dict[str, Any]]:
    """Return what the rules match, by resources."""
    found = [json.loads(item["inputs"]["eventPattern"]) for item in project.find(RULE)]
    return sorted(found, key=lambda one: str(one["resources"]))


class TestRotation:
    """One dev stack whose service begins to restart at a secret's change, and ends doing so."""

    def test_nothing_restarts_unless_it_is_said(self, project: Local) -> None:
        project.web(image="git-1", secrets={"DB": {"arn": DB, "jsonKey": "url"}, "FEATURES": PARAMETER})
        project.ok("up")
        assert project.find(RULE) == []

    def test_by_setting_rules_and_a_state_machine_come_and_no_task_is_touched(self, project: Local) -> None:
        project.web(restartOnRotation=True)
        done = touched(project.ok("up"))
        assert not any("ecs." in step for step in done)
        assert {step.split()[2] for step in done} == {
            "cloudwatch.EventRule",
            "cloudwatch.EventTarget",
            "iam.Role",
            "iam.RolePolicy",
            "sfn.StateMachine",
        }
        found = {str(one["resources"][0]).rpartition(":")[2].partition("-")[0]: one for one in patterns(project)}
        parameter, secret, generated = found["parameter/web/features"], found["db"], found["web"]
        assert parameter["resources"] == [PARAMETER]
        assert secret["resources"] == [DB]
        assert generated["resources"][0].startswith(f"{PLACE}:web-")
        (machine,) = project.find(MACHINE)
        assert "service/container-platform-dev/dev-web" in machine["inputs"]["definition"]
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_one_more_secret_changes_the_pattern_in_place(self, project: Local) -> None:
        project.web(secrets={"DB": {"arn": DB, "jsonKey": "url"}, "FEATURES": PARAMETER, "KEYS": KEYS})
        done = touched(project.ok("up"))
        assert [step for step in done if "Event" in step] == ["~ update cloudwatch.EventRule web-rotation-1"]
        assert any(one["resources"] == [DB, KEYS] for one in patterns(project))

    def test_the_tasks_of_a_rollback_can_start_with_a_secret_that_has_left(self, project: Local) -> None:
        project.web(image=CRASHING, secrets={"DB": {"arn": DB, "jsonKey": "url"}, "FEATURES": PARAMETER})
        project.fails("up")
        assert KEYS in json.dumps(project.find("iam/rolePolicy:RolePolicy"))

    def test_those_that_serve_can_until_others_do(self, project: Local) -> None:
        project.web(image="git-2")
        lines = project.ok("up").splitlines()
        gone = [index for index, line in enumerate(lines) if "delete" in line and "iam.RolePolicy" in line]
        (served,) = [index for index, line in enumerate(lines) if "~ update" in line and "ecs.Service" in line]
        assert gone[0] > served
        assert KEYS not in json.dumps(project.find("iam/rolePolicy:RolePolicy"))
        project.unchanged()

    def test_without_it_all_goes_and_no_task_is_touched(self, project: Local) -> None:
        project.edit(lambda platform: platform["services"]["web"].pop("restartOnRotation"))
        done = touched(project.ok("up"))
        assert not any("ecs." in step for step in done)
        assert all(step.startswith("- delete") for step in done)
        assert project.find(RULE) == project.find(MACHINE) == []


READ = {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::uploads/*"]}
SEND = {"actions": ["sqs:SendMessage"], "resources": ["arn:aws:sqs:us-east-1:123456789012:orders"]}
BOUNDARY = "arn:aws:iam::123456789012:policy/workloads"


class TestPermissions:
    """One dev stack whose application gets permissions, others, and none; and a boundary."""

    def test_a_permission_is_one_policy_of_the_task_role(self, project: Local) -> None:
        project.web(image="git-1", permissions=[READ])
        printed = project.ok("up")
        assert "✓ kept      iam-least-privilege" in printed
        (policy,) = self._policies(project)
        assert json.loads(policy["inputs"]["policy"])["Statement"][0]["Resource"] == READ["resources"]
        project.unchanged()

    def test_another_comes_before_the_first_goes_and_no_task_restarts(self, project: Local) -> None:
        project.web(permissions=[SEND])
        printed = project.ok("up")
        lines = [line for line in printed.splitlines() if "iam.RolePolicy" in line and line[2] in "+-"]
        assert [line[2] for line in lines] == ["+", "-"]
        assert not any("ecs." in step for step in touched(printed))

    def test_with_a_new_image_the_old_tasks_keep_theirs_until_the_new_ones_serve(self, project: Local) -> None:
        project.web(permissions=[READ, SEND], image="git-2")
        lines = project.ok("up").splitlines()
        made = next(index for index, line in enumerate(lines) if "+ create" in line and "iam.RolePolicy" in line)
        moved = next(index for index, line in enumerate(lines) if "~ update" in line and "ecs.Service" in line)
        gone = next(index for index, line in enumerate(lines) if "- delete" in line and "iam.RolePolicy" in line)
        assert made < moved < gone

    def test_a_boundary_is_on_every_role_and_changes_nothing_else(self, project: Local) -> None:
        project.edit(lambda platform: platform.update(permissionsBoundaryArn=BOUNDARY))
        done = touched(project.ok("up"))
        roles = project.find("iam/role:Role")
        assert {item["inputs"].get("permissionsBoundary") for item in roles} == {BOUNDARY}
        assert {step.split()[0] + step.split()[2] for step in done} == {"~iam.Role"}
        assert len(done) == len(roles)
        project.unchanged()

    def test_a_service_can_have_another_boundary(self, project: Local) -> None:
        project.web(permissionsBoundaryArn=f"{BOUNDARY}-web")
        assert touched(project.ok("up")) == {"~ update iam.Role web-execution", "~ update iam.Role web-task"}
        found = {
            item["urn"].rpartition("::")[2]: item["inputs"]["permissionsBoundary"]
            for item in project.find("iam/role:Role")
        }
        assert found["web-task"] == f"{BOUNDARY}-web"
        assert found["network-flow-logs"] == BOUNDARY

    def test_without_permissions_there_is_no_policy(self, project: Local) -> None:
        project.edit(lambda platform: platform["services"]["web"].pop("permissions"))
        project.ok("up")
        assert self._policies(project) == []
        assert "nothing is left of dev" in project.ok("down")

    def _policies(self, project: Local) -> list[dict[str, Any]]:
        return [
            item
            for item in project.find("iam/rolePolicy:RolePolicy")
            if item["urn"].rpartition("::")[2].startswith("web-task")
        ]
