"""How tasks run, on the real engine: what each setting of a living service touches, and that nothing else moves."""

import json
from typing import Any

from .conftest import Local
from .test_ec2_services import REVISION, SERVICE, TASK, position
from .test_platform import OTHER_RIGHTS, touched

POLICY = "iam/rolePolicy:RolePolicy"


def container(project: Local) -> dict[str, Any]:
    """Return the container of the revision that the service has."""
    (service,) = project.find(SERVICE)
    (task,) = [item for item in project.find(TASK) if item["outputs"]["arn"] == service["inputs"]["taskDefinition"]]
    found: dict[str, Any] = json.loads(task["inputs"]["containerDefinitions"])[0]
    return found


class TestRuntime:
    """One dev stack whose service runs, and is given one thing after the other."""

    def test_it_comes_up(self, project: Local) -> None:
        project.web(image="git-1")
        project.ok("up")
        (self.__class__.service,) = [item["id"] for item in project.find(SERVICE)]

    service: str

    def test_a_writable_path_makes_a_new_revision_and_replaces_nothing(self, project: Local) -> None:
        project.web(writablePaths={"/tmp": {}, "/data": {"storage": "disk"}})
        assert touched(project.ok("up")) == {"~ update ecs.Service web", *REVISION}
        assert container(project)["linuxParameters"]["tmpfs"][0]["containerPath"] == "/tmp"
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_disk_faults_and_rights_are_one_more_revision(self, project: Local) -> None:
        project.web(ephemeralStorageGiB=50, faultInjection=True, addCapabilities=["SYS_PTRACE"])
        assert touched(project.ok("up")) == {"~ update ecs.Service web", *REVISION}

    def test_sessions_without_a_log_change_nothing(self, project: Local) -> None:
        project.web(executeCommand=True)
        assert "services.web.executeCommand = true" in project.fails("up")

    def test_sessions_are_switched_on_after_what_they_need(self, project: Local) -> None:
        project.edit(lambda platform: platform["cluster"].update(executeCommandLogging={}))
        printed = project.ok("up")
        assert touched(printed) == {
            "+ create cloudwatch.LogGroup cluster-execute-command",
            "~ update ecs.Cluster cluster",
            "+ create iam.RolePolicy web-sessions",
            "~ update ecs.Service web",
            *REVISION,
        }
        ready = position(printed, "create", "iam.RolePolicy  web-sessions")
        assert ready < position(printed, "update", "ecs.Service  web"), "a session in the first task would be refused"
        assert "✓ kept      iam-least-privilege" in printed
        assert [one["containerPath"] for one in container(project)["mountPoints"]] == [
            "/data",
            "/var/lib/amazon",
            "/var/log/amazon",
        ]
        (policy,) = [item for item in project.find(POLICY) if item["urn"].endswith("web-sessions")]
        assert "container-platform/dev/cluster/execute-command:*" in policy["inputs"]["policy"]
        project.unchanged()

    def test_tags_change_what_is_tagged_and_no_revision(self, project: Local) -> None:
        project.web(tags={"team": "shop"})
        changed = touched(project.ok("up"))
        assert not [line for line in changed if not line.startswith("~ update")], changed
        assert {"~ update ecs.Service web", "~ update ecs.TaskDefinition web", "~ update iam.Role web-task"} <= changed
        (service,) = project.find(SERVICE)
        assert service["outputs"]["tagsAll"] == {
            "project": "container-platform",
            "environment": "dev",
            "team": "shop",
        }
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_more_tags_than_aws_takes_are_refused_before_anything_changes(self, project: Local) -> None:
        project.web(tags={f"key-{number}": "x" for number in range(49)})
        assert "are 51 with the stack's default tags" in project.fails("preview")
        project.web(tags={})
        project.ok("up")

    def test_sessions_are_switched_off_before_what_they_need_goes(self, project: Local) -> None:
        project.web(executeCommand=False)
        printed = project.ok("up")
        assert touched(printed) == {"- delete iam.RolePolicy web-sessions", "~ update ecs.Service web", *REVISION}
        assert position(printed, "update", "ecs.Service  web") < position(printed, "delete", "web-sessions")
        assert project.find("cloudwatch/logGroup:LogGroup"), "what was done stays in the cluster's log"
        assert any("execute-command" in item["urn"] for item in project.find("cloudwatch/logGroup:LogGroup"))

    def test_an_image_of_elsewhere_needs_no_repository(self, project: Local) -> None:
        def elsewhere(platform: dict[str, Any]) -> None:
            web = platform["services"]["web"]
            del web["repository"]
            web["image"] = "registry.example.com/team/app:1"
            secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:registry-AbCdEf"
            web["repositoryCredentials"] = {"secretArn": secret}

        project.edit(elsewhere)
        assert touched(project.ok("up")) == {"~ update ecs.Service web", *REVISION, *OTHER_RIGHTS}
        assert container(project)["repositoryCredentials"]["credentialsParameter"].endswith("registry-AbCdEf")
        said = project.release("push", "web")
        assert said.returncode == 1
        assert "web has no repository in dev" in said.stderr
        project.unchanged()

    def test_it_was_the_same_service_all_the_time(self, project: Local) -> None:
        assert [item["id"] for item in project.find(SERVICE)] == [self.service]

    def test_down_leaves_nothing(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")
