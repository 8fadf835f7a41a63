"""Containers beside the application, on the real engine: added, changed and removed under a service that serves."""

import json
from typing import Any

from .conftest import Local
from .test_platform import OTHER_RIGHTS, touched

SERVICE, TASK, POLICY = "ecs/service:Service", "ecs/taskDefinition:TaskDefinition", "iam/rolePolicy:RolePolicy"
REVISION = {
    "~ update ecs.Service web",
    "+ create replacement ecs.TaskDefinition web",
    "· keep in AWS ecs.TaskDefinition web",
}
FILE = "arn:aws:s3:::configuration/web.env"
CACHE: dict[str, Any] = {
    "image": "public.ecr.aws/docker/library/redis:8.2-alpine",
    "healthCheck": {"command": ["CMD", "redis-cli", "ping"]},
    "secrets": {"TOKEN": "arn:aws:ssm:us-east-1:123456789012:parameter/token"},
}
SETUP = {"image": "public.ecr.aws/docker/library/busybox:1.37", "command": ["true"]}


def containers(project: Local) -> list[str]:
    """Return the names of a task's containers."""
    (task,) = project.find(TASK)
    return [one["name"] for one in json.loads(task["outputs"]["containerDefinitions"])]


class TestContainers:
    """One dev stack whose service gets containers beside the application, and loses them."""

    def test_a_service_alone_comes_up(self, project: Local) -> None:
        project.web(image="git-1")
        project.ok("up")
        assert containers(project) == ["dev-web"]

    def test_containers_are_a_new_revision_of_the_same_service_and_what_they_need_of_the_role(
        self, project: Local
    ) -> None:
        project.web(
            containers={"setup": SETUP, "cache": CACHE},
            dependsOn={"setup": "SUCCESS", "cache": "HEALTHY"},
            environmentFiles=[FILE],
            ports={"metrics": {"port": 9090}},
        )
        assert touched(project.ok("up")) == {*REVISION, *OTHER_RIGHTS}
        assert containers(project) == ["dev-web", "cache", "setup"]
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_another_order_in_the_settings_changes_nothing(self, project: Local) -> None:
        project.web(containers={"cache": CACHE, "setup": SETUP}, dependsOn={"cache": "HEALTHY", "setup": "SUCCESS"})
        project.unchanged()

    def test_a_circle_is_refused_before_anything_is_changed(self, project: Local) -> None:
        project.web(containers={"setup": SETUP, "cache": {**CACHE, "dependsOn": {"application": "START"}}})
        printed = project.fails("up")
        assert "makes containers wait for each other, so none starts: application → cache → application" in printed
        assert "Nothing was changed" in printed

    def test_without_them_it_is_alone_again(self, project: Local) -> None:
        project.web(containers={}, dependsOn={}, environmentFiles=[], ports={})
        assert touched(project.ok("up")) == {*REVISION, *OTHER_RIGHTS}
        assert containers(project) == ["dev-web"]

    def test_down_leaves_nothing(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")
