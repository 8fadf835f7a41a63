"""Scaling on the real provider: what AWS has of policies, alarms and schedules, and who owns the limits."""

from typing import Any

import yaml

from tests.engine.conftest import ROOT
from tests.integration.conftest import Deployment, Emulator

EXAMPLE = ROOT / "examples" / "settings" / "scaling.yaml"
SERVICE: dict[str, Any] = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/container-platform-dev/dev-web",
    "ScalableDimension": "ecs:service:DesiredCount",
}


def target(emulator: Emulator) -> dict[str, Any]:
    """Return the scalable target of the service."""
    scaling = emulator.client("application-autoscaling")
    (found,) = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[SERVICE["ResourceId"]])[
        "ScalableTargets"
    ]
    one: dict[str, Any] = found
    return one


def policies(emulator: Emulator) -> dict[str, dict[str, Any]]:
    """Return the policies of the service by the names that the program gave them."""
    found = emulator.client("application-autoscaling").describe_scaling_policies(ServiceNamespace="ecs")
    return {one["PolicyName"].rpartition("-")[0]: one for one in found["ScalingPolicies"]}


class TestScaling:
    """One stack whose service scales as the example's `shop`."""

    STACK = "dev"

    def test_it_comes_up(self, deployment: Deployment) -> None:
        shop = yaml.safe_load(EXAMPLE.read_text())["config"]["container-platform:platform"]["services"]["shop"]
        keys = ("minTasks", "maxTasks", "cpuTarget", "memoryTarget", "requestsTarget", "stepScaling")
        more = ("scheduledScaling", "scaleInCooldownSeconds", "scaleOutCooldownSeconds")
        expression = {
            "expression": "waiting / tasks",
            "metrics": {
                "waiting": {"namespace": "Shop", "metricName": "Waiting", "unit": "Count"},
                "tasks": {"namespace": "ECS/ContainerInsights", "metricName": "RunningTaskCount"},
            },
            "target": 5,
        }
        sessions = {"namespace": "Shop", "metricName": "Sessions", "dimensions": {"Service": "web"}, "target": 0.5}
        chosen = {key: shop[key] for key in (*keys, *more)}
        deployment.set(**chosen, metricTargets={"ratio": expression, "sessions": sessions}, image="git-1")
        assert {step.split()[0] for step in deployment.run("up").steps} == {"create"}

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        deployment.unchanged()

    def test_aws_has_every_policy(self, emulator: Emulator) -> None:
        found = policies(emulator)
        assert set(found) == {
            "web-cpu", "web-memory", "web-requests", "web-metric-ratio", "web-metric-sessions", "web-step-slow",
        }  # fmt: skip
        requests = found["web-requests"]["TargetTrackingScalingPolicyConfiguration"]
        (group,) = emulator.client("elbv2").describe_target_groups()["TargetGroups"]
        label = requests["PredefinedMetricSpecification"]["ResourceLabel"]
        assert label.startswith("app/")
        assert label.endswith(group["TargetGroupArn"].rpartition(":")[2])
        assert (requests["ScaleInCooldown"], requests["ScaleOutCooldown"]) == (600, 60)
        steps = found["web-step-slow"]["StepScalingPolicyConfiguration"]
        assert [
            (one.get("MetricIntervalLowerBound"), one.get("MetricIntervalUpperBound"), one["ScalingAdjustment"])
            for one in sorted(steps["StepAdjustments"], key=lambda one: one["ScalingAdjustment"])
        ] == [(0.0, 1.5, 20), (1.5, None, 100)]

    def test_an_alarm_begins_the_steps(self, emulator: Emulator) -> None:
        alarms = emulator.client("cloudwatch").describe_alarms(AlarmNamePrefix="container-platform_dev_")
        (alarm,) = alarms["MetricAlarms"]
        assert alarm["AlarmName"] == "container-platform_dev_web_step_slow"
        assert alarm["AlarmActions"] == [policies(emulator)["web-step-slow"]["PolicyARN"]]
        assert {one["Name"] for one in alarm["Dimensions"]} == {"LoadBalancer", "TargetGroup"}

    def test_aws_has_the_schedules(self, emulator: Emulator) -> None:
        found = emulator.client("application-autoscaling").describe_scheduled_actions(ServiceNamespace="ecs")
        assert {
            (one["Schedule"], one["Timezone"], *sorted(one["ScalableTargetAction"].values()))
            for one in found["ScheduledActions"]
        } == {("cron(45 8 ? * FRI *)", "Europe/Berlin", 12, 60), ("cron(0 20 ? * FRI *)", "Europe/Berlin", 3, 30)}

    def test_a_run_leaves_the_limits_that_a_schedule_has_set(self, deployment: Deployment, emulator: Emulator) -> None:
        scaling = emulator.client("application-autoscaling")
        scaling.register_scalable_target(**SERVICE, MinCapacity=12, MaxCapacity=60)
        deployment.run("up")
        assert (target(emulator)["MinCapacity"], target(emulator)["MaxCapacity"]) == (12, 60)

    def test_other_limits_in_the_settings_hold_at_once(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.set(maxTasks=40)
        steps = deployment.run("up").steps
        assert "update appautoscaling/target:Target web" in steps
        assert not [step for step in steps if "replace" in step]
        assert (target(emulator)["MinCapacity"], target(emulator)["MaxCapacity"]) == (3, 40)

    def test_scaling_is_suspended_and_resumed(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.set(scalingSuspended=["in", "scheduled"])
        assert deployment.run("up").steps == ["update appautoscaling/target:Target web"]
        assert target(emulator)["SuspendedState"] == {
            "DynamicScalingInSuspended": True,
            "DynamicScalingOutSuspended": False,
            "ScheduledScalingSuspended": True,
        }
        deployment.set(scalingSuspended=[])
        deployment.run("up")
        assert set(target(emulator)["SuspendedState"].values()) == {False}

    def test_without_schedules_and_room_nothing_of_it_is_left(self, deployment: Deployment, emulator: Emulator) -> None:
        def fix(platform: dict[str, Any]) -> None:
            web = platform["services"]["web"]
            for key in [key for key in web if key.endswith(("Target", "Targets", "Scaling", "Seconds", "Suspended"))]:
                del web[key]
            web.update(minTasks=2, maxTasks=2)

        deployment.edit(fix)
        deployment.run("up")
        assert policies(emulator) == {}
        (service,) = emulator.client("ecs").describe_services(cluster="container-platform-dev", services=["dev-web"])[
            "services"
        ]
        assert service["desiredCount"] == 2
        deployment.unchanged()

    def test_it_comes_down(self, deployment: Deployment) -> None:
        deployment.run("destroy")
        assert deployment.types == set()
