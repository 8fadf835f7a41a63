"""Kinds of services on the real engine: one that becomes another keeps its service, tasks, roles and logs."""

from .conftest import Local
from .test_platform import OTHER_RIGHTS, touched

LASTING = ["ecs/service:Service", "iam/role:Role", "cloudwatch/logGroup:LogGroup", "ec2/securityGroup:SecurityGroup"]


def ids(project: Local) -> set[str]:
    """Return the ids of what tasks that run need."""
    return {item["id"] for kind in LASTING for item in project.find(kind)}


class TestKinds:
    """One dev stack whose web service becomes a worker, and a web service again."""

    def test_a_web_service_becomes_a_worker(self, project: Local) -> None:
        project.web(image="git-1")
        project.ok("up")
        before = ids(project)
        project.edit(lambda platform: platform["services"].update(web=worker()))
        changed = touched(project.ok("up"))
        assert not [line for line in changed - OTHER_RIGHTS if "replace" in line and "TaskDefinition" not in line]
        assert "~ update ecs.Service web" in changed
        assert ids(project) == before
        (made,) = project.find("ecs/service:Service")
        assert not made["inputs"].get("loadBalancers")
        assert project.find("lb/targetGroup:TargetGroup") == []
        project.unchanged()

    def test_what_it_is_meant_to_run_is_released_to_the_kind_that_it_is(self, project: Local) -> None:
        project.edit(lambda platform: platform["services"]["web"].pop("image"))
        project.ok("up")
        digest = f"sha256:{'12ab' * 16}"
        assert project.release("set", "web", digest).returncode == 0
        done = project.release("deploy", "web")
        assert done.returncode == 0, done.stdout + done.stderr
        (made,) = [item for item in project.find("ecs/taskDefinition:TaskDefinition") if not item.get("delete")][-1:]
        assert digest in made["inputs"]["containerDefinitions"]

    def test_the_worker_answers_requests_again(self, project: Local) -> None:
        before = ids(project)
        project.edit(
            lambda platform: platform["services"].update(web={**worker(), "kind": "web", "containerPort": 8080})
        )
        changed = touched(project.ok("up"))
        assert not [line for line in changed - OTHER_RIGHTS if "replace" in line and "TaskDefinition" not in line]
        assert ids(project) == before
        (made,) = project.find("ecs/service:Service")
        assert [one["containerPort"] for one in made["inputs"]["loadBalancers"]] == [8080]
        project.unchanged()

    def test_nothing_is_left(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")


def worker() -> dict[str, object]:
    """Return the settings of a worker."""
    return {"kind": "worker", "repository": "web", "image": "git-1", "healthCheckCommand": ["CMD", "node", "alive.js"]}
