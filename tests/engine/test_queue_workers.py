"""Queue workers on the real engine: changed while they live, made of another kind and back, and taken down."""

from typing import Any

import pytest

from .conftest import Local
from .test_platform import touched

SERVICE, QUEUE, SUBSCRIPTION = "ecs/service:Service", "sqs/queue:Queue", "sns/topicSubscription:TopicSubscription"
REVISION = {"+ create replacement ecs.TaskDefinition orders", "· keep in AWS ecs.TaskDefinition orders"}
TOPIC = "arn:aws:sns:us-east-1:210987654321"
ORDERS: dict[str, Any] = {
    "kind": "queueWorker",
    "repository": "web",
    "image": "git-1",
    "subscriptions": {
        "shop": {"topicArn": f"{TOPIC}:shop.fifo"},
        "stock": {"topicArn": f"{TOPIC}:stock.fifo", "filterPolicy": {"event": ["sold"]}},
    },
}


@pytest.fixture(autouse=True)
def _orders(project: Local) -> None:
    """Add the queue worker to the stack, unless it is there."""
    project.edit(lambda platform: platform["services"].setdefault("orders", ORDERS))


def orders(project: Local, **values: Any) -> None:
    """Set some keys of the service `orders`, and remove those that are None."""

    def change(platform: dict[str, Any]) -> None:
        service = {**platform["services"]["orders"], **values}
        platform["services"]["orders"] = {name: value for name, value in service.items() if value is not None}

    project.edit(change)


def place(printed: str, step: str) -> int:
    """Return where a run reports a step, without what it changed."""
    return [" ".join(line.partition("[")[0].split()) for line in printed.splitlines()].index(step)


def service_id(project: Local) -> str:
    """Return the ARN of the ECS service."""
    (found,) = [item for item in project.find(SERVICE) if item["urn"].endswith("::orders")]
    return str(found["id"])


class TestQueueWorker:
    """One dev stack with a queue worker."""

    def test_it_comes_up_with_no_task_and_keeps_the_policies(self, project: Local) -> None:
        printed = project.ok("up")
        assert "✓ kept      iam-least-privilege" in printed
        assert "✗" not in printed
        (service,) = [item for item in project.find(SERVICE) if item["urn"].endswith("::orders")]
        assert service["inputs"]["desiredCount"] == 0
        (queue,) = [item for item in project.find(QUEUE) if item["urn"].endswith("::orders")]
        assert queue["outputs"]["name"].startswith("container-platform-dev-orders-")
        assert len(project.find(SUBSCRIPTION)) == 2

    def test_a_second_run_and_a_refresh_change_nothing(self, project: Local) -> None:
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_everything_of_the_queue_but_fifo_changes_in_place(self, project: Local) -> None:
        orders(project, queue={"visibilityTimeoutSeconds": 300, "maxReceiveCount": 2, "delaySeconds": 5})
        assert touched(project.ok("up")) == {"~ update sqs.Queue orders"}

    def test_a_subscription_goes_and_the_right_to_send_with_it(self, project: Local) -> None:
        orders(project, subscriptions={"shop": ORDERS["subscriptions"]["shop"]})
        printed = project.ok("up")
        assert touched(printed) == {
            "~ update sqs.QueuePolicy orders",
            "~ update sqs.QueuePolicy orders_dead-letters",
            "- delete sns.TopicSubscription orders_stock",
        }

    def test_other_targets_change_the_scaling_and_no_task(self, project: Local) -> None:
        orders(project, messagesPerTask=5, maxTasks=40)
        assert touched(project.ok("up")) == {
            "~ update appautoscaling.Target orders",
            "~ update appautoscaling.Policy orders-backlog",
            "~ update appautoscaling.Policy orders-from-zero",
        }

    def test_it_never_has_no_task_then_nothing_starts_the_first(self, project: Local) -> None:
        orders(project, minTasks=1)
        assert touched(project.ok("up")) == {
            "~ update appautoscaling.Target orders",
            "~ update ecs.Service orders",  # it starts the task and waits for it
            "- delete appautoscaling.Policy orders-from-zero",
            "- delete cloudwatch.MetricAlarm orders-from-zero",
        }

    def test_a_fifo_queue_is_another_one_which_its_tasks_have_before_the_old_one_goes(self, project: Local) -> None:
        before = {item["id"] for item in project.find(QUEUE)}
        orders(project, queue={"fifo": {}})
        printed = project.ok("up")
        assert "what waits in it is lost" in printed
        moved = place(printed, "~ update ecs.Service orders")
        for made in ("+ create replacement sqs.Queue orders", "+ create iam.RolePolicy orders-fifo-queue"):
            assert place(printed, made) < moved
        for gone in ("- delete replaced sqs.Queue orders", "- delete iam.RolePolicy orders-queue"):
            assert moved < place(printed, gone), "tasks may finish what they have"
        after = {item["id"] for item in project.find(QUEUE)}
        assert not before & after
        assert all(url.endswith(".fifo") for url in after)
        project.unchanged()

    def test_as_a_worker_its_tasks_go_on_and_the_queue_goes_after_they_have_left_it(self, project: Local) -> None:
        before = service_id(project)
        orders(project, kind="worker", queue=None, subscriptions=None, messagesPerTask=None)
        printed = project.ok("up")
        assert service_id(project) == before
        assert not any("ecs.Service" in step for step in touched(printed) if "update" not in step)
        moved = place(printed, "~ update ecs.Service orders")
        for gone in ("- delete sqs.Queue orders", "- delete iam.RolePolicy orders-fifo-queue"):
            assert moved < place(printed, gone), "tasks may finish what they have"
        assert project.find(QUEUE) == []
        project.unchanged()

    def test_back_as_a_queue_worker_it_is_still_the_same_service(self, project: Local) -> None:
        before = service_id(project)
        orders(project, **ORDERS, queue={"fifo": {}})
        printed = project.ok("up")
        assert service_id(project) == before
        moved = place(printed, "~ update ecs.Service orders")
        for made in ("+ create sqs.Queue orders", "+ create iam.RolePolicy orders-fifo-queue"):
            assert place(printed, made) < moved
        project.unchanged()

    def test_down_leaves_nothing(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")
        assert project.state() == []
