"""The platform on the real engine: its whole life, what each change touches, and what stops it before it begins."""

import json
import shlex
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

import outputs
from local import workspace
from local.standin.services.ecs import CRASHING

from .conftest import Local


def touched(printed: str) -> set[str]:
    """Return the operations that a run reported, without what each changed."""
    lines = [
        line.partition("[")[0] for line in printed.splitlines() if line.startswith(("  + ", "  ~ ", "  - ", "  · "))
    ]
    return {" ".join(line.split()) for line in lines}


OTHER_RIGHTS = {"+ create replacement iam.RolePolicy web-execution", "- delete replaced iam.RolePolicy web-execution"}
"""What the tasks that serve were started with stays allowed until others serve."""


class TestDev:
    """One dev stack from its first preview to its end."""

    def test_a_preview_makes_nothing(self, project: Local) -> None:
        printed = project.ok("preview")
        assert "ecs.Service  web" in printed
        assert "✓ kept      ecr-scan-on-push" in printed
        assert project.state() == [] or [item["type"] for item in project.state()] == ["pulumi:pulumi:Stack"]

    def test_up_shows_resources_verdicts_and_outputs_and_that_no_aws_is_behind_it(self, project: Local) -> None:
        printed = project.ok("up")
        for part in ("Resources (", "Policies (pack all)", "Outputs", "no AWS is behind them"):
            assert part in printed
        assert "─ ecs.Service  web" in printed
        assert "docker push" in printed, "without an image the outputs say how to push one"
        (repository,) = project.find("ecr/repository:Repository")
        assert repository["outputs"]["tagsAll"] == {"project": "container-platform", "environment": "dev"}

    def test_outputs_as_json_are_the_contract(self, project: Local) -> None:
        published = json.loads(project.ok("outputs", "--json"))
        assert set(published) == set(outputs.StackOutputs.__annotations__)
        assert published["clusterName"] == "container-platform-dev"

    def test_a_second_up_changes_nothing(self, project: Local) -> None:
        assert "Up: no changes" in project.ok("up")

    def test_a_refresh_finds_nothing_else(self, project: Local) -> None:
        assert "Refresh: no changes" in project.ok("refresh")

    def test_a_first_image_that_crashes_fails_the_run(self, project: Local) -> None:
        project.web(image=CRASHING)
        assert "deployment failed: tasks failed to start" in project.fails("up")

    def test_the_first_image_starts_the_service_and_its_scaling(self, project: Local) -> None:
        project.web(image="git-1")
        printed = project.ok("up")
        assert touched(printed) == {
            "~ update appautoscaling.Target web",
            "~ update ecs.Service web",
            "+ create replacement ecs.TaskDefinition web",
            "· keep in AWS ecs.TaskDefinition web",
        }
        (task,) = project.find("ecs/taskDefinition:TaskDefinition")
        assert task["outputs"]["revision"] == 3
        assert task["outputs"]["family"] == "container-platform_dev_web-task"

    def test_a_new_size_makes_a_revision_and_updates_the_service_only(self, project: Local) -> None:
        project.web(cpu=512, memory=1024)
        assert touched(project.ok("up")) == {
            "~ update ecs.Service web",
            "+ create replacement ecs.TaskDefinition web",
            "· keep in AWS ecs.TaskDefinition web",
        }

    def test_the_load_balancer_asks_for_another_path_once_tasks_that_answer_it_run(self, project: Local) -> None:
        project.web(healthCheckPath="/ready")
        printed = project.ok("up")
        assert "goes on asking for /health" in printed
        assert touched(printed) == {
            "~ update ecs.Service web",
            "+ create replacement ecs.TaskDefinition web",
            "· keep in AWS ecs.TaskDefinition web",
        }
        assert self._asked_for(project) == "/health"
        assert touched(project.ok("up")) == {"~ update lb.TargetGroup web"}
        assert self._asked_for(project) == "/ready"

    def test_another_port_cuts_no_task_off_that_serves(self, project: Local) -> None:
        project.web(containerPort=9090)
        printed = project.ok("up")
        rules = [f"vpc.SecurityGroup{way}Rule web-from-load-balancer" for way in ("Ingress", "Egress")]
        assert touched(printed) == {
            *(f"+ create {rule}-9090" for rule in rules),
            "+ create replacement ecs.TaskDefinition web",
            "~ update ecs.Service web",
            *(f"- delete {rule}-8080" for rule in rules),
            "· keep in AWS ecs.TaskDefinition web",
        }, "the group and the rule of the load balancer stay as they are"
        order = [
            printed.index(step)
            for step in ("  web-from-load-balancer-9090", "~ update", "  web-from-load-balancer-8080")
        ]
        assert order == sorted(order)

    def test_a_deployment_that_fails_leaves_the_way_to_the_tasks_that_serve(self, project: Local) -> None:
        project.web(containerPort=7070, healthCheckPath="/redy", image=CRASHING)
        assert "rolled back" in project.fails("up")
        rules = project.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        assert {9090, 7070} <= {item["inputs"]["fromPort"] for item in rules}
        assert self._asked_for(project) == "/ready"
        project.web(containerPort=9090, healthCheckPath="/ready", image="git-1")
        project.ok("up")
        project.unchanged()

    def _asked_for(self, project: Local) -> str:
        (group,) = project.find("lb/targetGroup:TargetGroup")
        return str(group["inputs"]["healthCheck"]["path"])

    def test_a_failing_policy_stops_an_update_too(self, project: Local) -> None:
        before = project.state()
        project.edit(lambda platform: platform["registry"]["repositories"]["web"].update(scanOnPush=False))
        assert "✗ broken by 1" in project.fails("up", "--junit", "reports/policies.xml")
        assert 'failures="1"' in (project.root / "reports/policies.xml").read_text()
        assert project.state() == before
        project.edit(lambda platform: platform["registry"]["repositories"]["web"].pop("scanOnPush"))

    def test_down_leaves_nothing(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")
        assert project.state() == []

    def test_down_again_has_nothing_to_do(self, project: Local) -> None:
        assert "nothing to do" in project.ok("down")

    def test_outputs_of_a_stack_that_is_not_up_say_so(self, project: Local) -> None:
        assert "the stack dev is not up" in project.fails("outputs")


class TestProd:
    """One prod stack; here nothing of it is protected, so that it can be taken down."""

    def test_up_twice_and_down(self, project: Local) -> None:
        printed = project.ok("up", "--sarif", "policies.sarif", stack="prod")
        assert "Policies (pack all)" in printed
        # The update's own verdict: it decided what the preview could not.
        assert '"state": "undecided"' not in (project.root / "policies.sarif").read_text()
        assert len(project.find("ec2/natGateway:NatGateway", "prod")) == 3
        project.unchanged("prod")
        assert "nothing is left of prod" in project.ok("down", stack="prod")
        assert project.state("prod") == []


class TestRefusals:
    """What stops a run before anything is made."""

    def test_a_broken_policy_names_resource_reason_and_remedy(self, project: Local) -> None:
        project.edit(lambda platform: platform["registry"]["repositories"]["web"].update(scanOnPush=False))
        printed = project.fails("up")
        assert "ecr-scan-on-push" in printed
        assert "ecr.Repository web" in printed
        assert "scanOnPush" in printed
        assert "nothing was made or changed" in printed
        assert [item for item in project.state() if item["type"].startswith("aws:")] == []
        project.edit(lambda platform: platform["registry"]["repositories"]["web"].pop("scanOnPush"))

    def test_a_stacks_own_policy_configuration_holds_for_every_run(self, project: Local) -> None:
        moved = {"imageTagMutability": "IMMUTABLE_WITH_EXCLUSION", "imageTagMutabilityExclusionFilters": ["latest"]}
        project.edit(lambda platform: platform["registry"]["repositories"]["web"].update(moved))
        assert "ecr-immutable-tags" in project.fails("preview")
        allowed = {"ecr-immutable-tags": {"enforcementLevel": "mandatory", "allowed_exclusion_filters": ["latest"]}}
        file = project.root / "Pulumi.dev.policies.json"
        file.write_text(json.dumps(allowed))
        assert "✓ kept      ecr-immutable-tags" in project.ok("preview")
        file.write_text(json.dumps({"ecr-imutable-tags": "advisory"}))
        assert "ecr-imutable-tags" in project.fails("preview"), "a rule that there is none of is named"
        file.unlink()
        project.edit(lambda platform: [platform["registry"]["repositories"]["web"].pop(key) for key in moved])

    def test_five_mistakes_are_listed_and_nothing_is_made(self, project: Local) -> None:
        def five(platform: dict) -> None:  # type: ignore[type-arg]
            platform["netwrk"] = {}
            platform["network"]["availabilityZoneCount"] = "2"
            platform["services"]["web"].update(memory=4096, minTasks=5, maxTasks=2, priority=10)
            platform["services"]["api"] = {"repository": "web", "priority": 10}

        project.edit(five)
        printed = project.fails("up")
        assert "5 mistakes in container-platform:platform" in printed
        for path in ("netwrk", "network.availabilityZoneCount", "services.web.memory", "services.web.minTasks"):
            assert path in printed
        assert "is also the priority of api" in printed
        assert [item for item in project.state() if item["type"].startswith("aws:")] == []


class TestProtected:
    """One stack as it is on AWS, where nothing lifts its protection: what leaves it, and comes back."""

    SERVICE: ClassVar[dict[str, Any]] = {"repository": "api", "paths": ["/api/*"], "image": "git-1"}

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def as_on_aws(cls) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workspace, "OVERRIDES", {})
            yield

    def test_a_service_with_its_repository_comes_up(self, project: Local) -> None:
        project.edit(lambda platform: platform.update(protect=True, cluster={**platform["cluster"], "spotOnly": True}))
        self._add(project)
        project.ok("up")
        project.unchanged()

    def test_neither_leaves_without_being_unprotected(self, project: Local) -> None:
        before = project.state()
        project.edit(
            lambda platform: [platform["services"].pop("api"), platform["registry"]["repositories"].pop("api")]
        )
        printed = project.fails("up")
        assert "services.api is gone from the settings" in printed
        for urn in self._protected(project):
            assert f"pulumi state unprotect {shlex.quote(urn)}" in printed
        assert project.state() == before

    def test_once_unprotected_the_service_goes_and_the_repository_stays_on_aws(self, project: Local) -> None:
        for urn in self._protected(project):
            project.pulumi("state", "unprotect", urn, "--yes")
        steps = touched(project.ok("up"))
        assert {"- delete ecs.Service api", "· keep in AWS ecr.Repository api"} <= steps
        assert "container-platform/dev/api" in (project.root / ".local/state/retained.json").read_text()
        project.unchanged()

    def test_the_repository_comes_back_with_its_images(self, project: Local) -> None:
        self._add(project)
        printed = project.ok("up")
        assert "import" in next(line for line in printed.splitlines() if "ecr.Repository  api" in line)
        (repository,) = [one for one in project.find("ecr/repository:Repository") if one["urn"].endswith("::api")]
        assert repository["protect"] is True
        project.unchanged()

    def test_it_comes_down_once_nothing_is_protected(self, project: Local) -> None:
        project.edit(lambda platform: platform.update(protect=False))
        project.ok("up")
        assert "nothing is left of dev" in project.ok("down")

    def _add(self, project: Local) -> None:
        def add(platform: dict[str, Any]) -> None:
            platform["registry"]["repositories"]["api"] = {}
            platform["services"]["api"] = self.SERVICE

        project.edit(add)

    def _protected(self, project: Local) -> list[str]:
        return [one["urn"] for one in project.state() if one.get("protect") and "::api" in one["urn"]]
