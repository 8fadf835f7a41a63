"""Queue workers on the real provider: what AWS is asked for, read back, and what a change of theirs changes."""

import json
from typing import Any

from tests.integration.conftest import Deployment, Emulator

QUEUE, SUBSCRIPTION = "sqs/queue:Queue", "sns/topicSubscription:TopicSubscription"
POLICY, ALARM = "appautoscaling/policy:Policy", "cloudwatch/metricAlarm:MetricAlarm"


def orders(deployment: Deployment, **values: Any) -> None:
    """Set some keys of the queue worker `orders`."""
    deployment.edit(lambda platform: platform["services"]["orders"].update(values))


class TestQueueWorkers:
    """One stack with a queue worker, which a topic of the account fills."""

    STACK = "dev"

    def test_it_comes_up(self, deployment: Deployment, emulator: Emulator) -> None:
        topics = [emulator.client("sns").create_topic(Name=name)["TopicArn"] for name in ("shop", "stock")]
        subscriptions = {
            "shop": {"topicArn": topics[0], "filterPolicy": {"event": ["created", {"prefix": "changed-"}]}},
            "stock": {"topicArn": topics[1]},
        }
        service = {
            "kind": "queueWorker",
            "repository": "web",
            "image": "git-1",
            "queue": {"alarms": {"oldestMessageSeconds": 600}},
            "subscriptions": subscriptions,
        }
        deployment.edit(lambda platform: platform["services"].update(orders=service))
        assert {step.split()[0] for step in deployment.run("up").steps} == {"create"}

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        deployment.unchanged()

    def test_the_queues_are_closed_and_belong_together(self, emulator: Emulator) -> None:
        work, dead = self._queues(emulator)
        assert json.loads(work["RedrivePolicy"]) == {"deadLetterTargetArn": dead["QueueArn"], "maxReceiveCount": 5}
        allowed = json.loads(dead["RedriveAllowPolicy"])
        assert allowed == {"redrivePermission": "byQueue", "sourceQueueArns": [work["QueueArn"]]}
        assert (work["VisibilityTimeout"], work["MessageRetentionPeriod"]) == ("120", "345600")
        assert (dead["MessageRetentionPeriod"], work["ReceiveMessageWaitTimeSeconds"]) == ("1209600", "20")
        for queue in (work, dead):
            statements = {one["Sid"]: one for one in json.loads(queue["Policy"])["Statement"]}
            assert set(statements) == {"TlsOnly", "TopicsSend"}
            assert statements["TopicsSend"]["Resource"] == queue["QueueArn"]

    def test_a_message_of_the_topic_comes_as_it_was_published_if_the_filter_takes_it(self, emulator: Emulator) -> None:
        sns, sqs = emulator.client("sns"), emulator.client("sqs")
        (topic,) = [one["TopicArn"] for one in sns.list_topics()["Topics"] if one["TopicArn"].endswith(":shop")]
        for event in ("created", "lost", "changed-price"):
            attributes = {"event": {"DataType": "String", "StringValue": event}}
            sns.publish(TopicArn=topic, Message=f"order {event}", MessageAttributes=attributes)
        received = sqs.receive_message(QueueUrl=self._urls(emulator)[0], MaxNumberOfMessages=10)["Messages"]
        assert sorted(message["Body"] for message in received) == ["order changed-price", "order created"]

    def test_the_scaling_is_as_it_was_said(self, emulator: Emulator) -> None:
        scaling = emulator.client("application-autoscaling")
        found = scaling.describe_scaling_policies(ServiceNamespace="ecs", ResourceId=self._resource())
        policies = {item["PolicyType"]: item for item in found["ScalingPolicies"]}
        tracking = policies["TargetTrackingScaling"]["TargetTrackingScalingPolicyConfiguration"]
        metrics = {item["Id"]: item for item in tracking["CustomizedMetricSpecification"]["Metrics"]}
        assert set(metrics) == {"waiting", "inflight", "tasks", "backlog"}
        assert tracking["TargetValue"] == 100
        steps = policies["StepScaling"]["StepScalingPolicyConfiguration"]["StepAdjustments"]
        assert sorted(item["ScalingAdjustment"] for item in steps) == [1, 2, 4, 8]
        (target,) = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[self._resource()])[
            "ScalableTargets"
        ]
        assert (target["MinCapacity"], target["MaxCapacity"]) == (0, 10)
        alarms = emulator.client("cloudwatch").describe_alarms()["MetricAlarms"]
        (starting,) = [alarm for alarm in alarms if alarm["AlarmName"].startswith("orders-from-zero")]
        assert starting["AlarmActions"] == [policies["StepScaling"]["PolicyARN"]]

    def test_the_container_is_told_its_queue(self, emulator: Emulator) -> None:
        ecs = emulator.client("ecs")
        (service,) = ecs.describe_services(cluster="container-platform-dev", services=["dev-orders"])["services"]
        assert service["desiredCount"] == 0
        task = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
        told = {item["name"]: item["value"] for item in task["containerDefinitions"][0]["environment"]}
        assert told["QUEUE_URL"].rpartition("/")[2] == self._urls(emulator)[0].rpartition("/")[2]

    def test_all_but_fifo_changes_in_place(self, deployment: Deployment, emulator: Emulator) -> None:
        orders(deployment, queue={"visibilityTimeoutSeconds": 300, "alarms": {"oldestMessageSeconds": 600}})
        assert deployment.run("up").steps == [f"update {QUEUE} orders"]
        assert self._queues(emulator)[0]["VisibilityTimeout"] == "300"
        deployment.unchanged()

    def test_a_fifo_queue_would_be_made_beside_the_old_one(self, deployment: Deployment) -> None:
        """Shown only: the provider waits for minutes until a queue is gone. The engine lane does it."""
        orders(deployment, queue={"fifo": {}}, subscriptions={})
        steps = deployment.run("preview").steps
        assert {f"create-replacement {QUEUE} orders", f"replace {QUEUE} orders"} & set(steps)
        assert not any("ecs/service:Service" in step and not step.startswith("update") for step in steps)

    def test_down_leaves_nothing(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.run("destroy")
        assert self._urls(emulator) == []
        sns = emulator.client("sns")
        assert sns.list_subscriptions()["Subscriptions"] == []
        for topic in sns.list_topics()["Topics"]:
            sns.delete_topic(TopicArn=topic["TopicArn"])
        assert emulator.lacking() == []

    def _resource(self) -> str:
        return "service/container-platform-dev/dev-orders"

    def _urls(self, emulator: Emulator) -> list[str]:
        """Return the URLs of the queue and its dead-letter queue."""
        found = emulator.client("sqs").list_queues(QueueNamePrefix="container-platform-dev-orders")
        return sorted(found.get("QueueUrls", []), key=lambda url: "-orders-dead-" in url)

    def _queues(self, emulator: Emulator) -> tuple[Any, ...]:
        sqs = emulator.client("sqs")
        return tuple(
            sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"] for url in self._urls(emulator)
        )
