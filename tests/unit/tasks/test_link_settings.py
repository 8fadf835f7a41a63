"""Mistakes in links, each named with what would be right."""

from typing import Any

import pytest

import settings

from ..conftest import mistakes, stack_config

HERE = "eu-west-1:123456789012"
OTHER = "arn:aws:s3:::prices-of-another-team"
TOPIC = f"arn:aws:sns:{HERE}:events"
BUS = f"arn:aws:events:{HERE}:event-bus/audit"
QUEUE = f"arn:aws:sqs:{HERE}:jobs"
TABLE = f"arn:aws:dynamodb:{HERE}:table/stock"
SECRET = f"arn:aws:secretsmanager:{HERE}:secret:payments-a1B2c3"
KEY = f"arn:aws:kms:{HERE}:key/0a1b"
STORAGE = {
    "buckets": {"uploads": {}},
    "tables": {"orders": {"partitionKey": {"name": "id"}}},
    "queues": {"mails": {}},
    "topics": {"events": {}},
    "databases": {"shop": {"engine": "postgres", "version": "17"}},
}
WORKER = {"kind": "queueWorker", "repository": "web"}


def problems(
    links: dict[str, Any], *, web: dict[str, Any] | None = None, worker: dict[str, Any] | None = None, **sections: Any
) -> dict[str, str]:
    """Return the advice for every mistake in the links of `web` by its path."""
    raw = {**stack_config("dev")[settings.KEY], "storage": STORAGE, **sections}
    raw["services"] = {
        "web": {**raw["services"]["web"], **(web or {}), "links": links},
        "worker": {**WORKER, "links": worker or {}},
    }
    return mistakes(raw)


@pytest.mark.parametrize(
    "links",
    [
        {"uploads": {"bucket": "uploads"}},
        {"uploads": {"bucket": "uploads", "access": "readWrite", "prefix": "in/"}},
        {"prices": {"arn": OTHER, "access": "write"}},
        {
            "in": {"bucket": "uploads", "prefix": "in/"},
            "out": {"bucket": "uploads", "prefix": "out/", "access": "write"},
        },
        {"prices": {"arn": OTHER, "kmsKeyArn": "arn:aws:kms:eu-west-1:210987654321:key/1"}},
        {"orders": {"table": "orders"}, "stock": {"arn": TABLE, "access": "write", "kmsKeyArn": KEY}},
        {"jobs": {"queue": "worker"}, "out": {"queue": "mails", "access": "readWrite"}, "events": {"topic": "events"}},
        {"jobs": {"queue": "worker"}, "mails": {"arn": f"{QUEUE}.fifo", "access": "read"}},
        {"shop": {"database": "shop"}},
        {"events": {"arn": TOPIC}, "audit": {"arn": BUS, "access": "write"}},
        {"payments": {"arn": SECRET, "kmsKeyArn": KEY}, "own": {"arn": KEY, "access": "readWrite"}},
    ],
)
def test_what_is_right_passes(links: dict[str, Any]) -> None:
    assert problems(links) == {}


@pytest.mark.parametrize(
    ("link", "path", "advice"),
    [
        ({}, "", "leads nowhere. Set bucket, table, database, queue, topic or arn."),
        ({"bucket": "uploads", "arn": OTHER}, "", "has bucket and arn. Keep one of them."),
        ({"bucket": "upload"}, ".bucket", "is not in storage.buckets, which has uploads. Add it there."),
        ({"table": "order"}, ".table", "is not in storage.tables, which has orders. Add it there."),
        ({"queue": "web"}, ".queue", "is neither in storage.queues nor a queueWorker. There is mails, worker."),
        ({"topic": "event"}, ".topic", "is not in storage.topics, which has events. Add it there."),
        ({"topic": "events", "access": "read"}, ".access", "is not possible: an application writes to a topic."),
        ({"database": "shops"}, ".database", "is not in storage.databases, which has shop. Add it there."),
        ({"database": "shop", "access": "write"}, ".access", "its users' grants say. Remove access."),
        ({"database": "shop", "prefix": "a"}, ".prefix", "a database has no keys of objects"),
        ({"database": "shop", "kmsKeyArn": KEY}, ".kmsKeyArn", "RDS keeps the password with the account's own key"),
        ({"bukket": "uploads"}, ".bukket", "bucket"),
        ({"bucket": "uploads", "access": "readwrite"}, ".access", "readWrite"),
        ({"bucket": "uploads", "prefix": "/in"}, ".prefix", "not beginning with /"),
        ({"bucket": "uploads", "prefix": "${aws:username}"}, ".prefix", "the start of objects' keys"),
        ({"table": "orders", "prefix": "in/"}, ".prefix", "a table has no keys of objects"),
        ({"arn": f"{OTHER}/*"}, ".arn", "must be the ARN of a bucket, table, queue"),
        ({"arn": f"{TABLE}/index/by-state"}, ".arn", "must be the ARN of a bucket, table, queue"),
        ({"arn": f"arn:aws:lambda:{HERE}:function:f"}, ".arn", "must be the ARN of a bucket, table, queue"),
        ({"arn": "arn:aws-cn:s3:::prices"}, ".arn", "is in the partition aws-cn"),
        ({"arn": TABLE.replace("eu-west-1", "us-east-1")}, ".arn", "is in us-east-1, but must be in eu-west-1"),
        ({"arn": SECRET.replace("payments-a1B2c3", "payments-apikey")}, ".arn", "looks like the secret's name"),
        ({"arn": TOPIC, "access": "read"}, ".access", "is not possible: an application writes to a topic."),
        ({"arn": BUS, "access": "readWrite"}, ".access", "is not possible: an application writes to an event bus."),
        ({"arn": KEY, "kmsKeyArn": KEY}, ".kmsKeyArn", "has no effect: it is the key."),
        ({"arn": BUS, "kmsKeyArn": KEY}, ".kmsKeyArn", "EventBridge uses the key of an event bus by itself"),
        ({"bucket": "uploads", "kmsKeyArn": KEY}, ".kmsKeyArn", "Set storage.buckets.uploads.kmsKeyArn instead."),
        ({"table": "orders", "kmsKeyArn": KEY}, ".kmsKeyArn", "Set storage.tables.orders.kmsKeyArn instead."),
        ({"queue": "worker", "kmsKeyArn": KEY}, ".kmsKeyArn", "Set services.worker.queue.kmsKeyArn instead."),
        ({"queue": "mails", "kmsKeyArn": KEY}, ".kmsKeyArn", "Set storage.queues.mails.kmsKeyArn instead."),
    ],
)
def test_a_link_that_cannot_work_is_named(link: dict[str, Any], path: str, advice: str) -> None:
    found = problems({"data": link})
    assert advice in found[f"services.web.links.data{path}"]


@pytest.mark.parametrize("field", ["environment", "secrets"])
def test_a_variable_that_is_set_already_is_named(field: str) -> None:
    value = "a" if field == "environment" else "arn:aws:ssm:eu-west-1:123456789012:parameter/a"
    found = problems({"data": {"bucket": "uploads"}}, web={field: {"DATA_BUCKET": value}})
    assert found == {
        "services.web.links.data": f"sets DATA_BUCKET, which {field} does too. Name the link otherwise, or remove the "
        "variable."
    }


def test_a_variable_of_a_generated_secret_is_named() -> None:
    found = problems({"data": {"bucket": "uploads"}}, web={"generatedSecret": {"environmentVariable": "DATA_BUCKET"}})
    assert found == {
        "services.web.links.data": "sets DATA_BUCKET, which generatedSecret does too. Name the link or the variable "
        "otherwise."
    }


def test_the_endpoint_for_s3_must_let_a_bucket_of_others_through() -> None:
    network = {
        "natGateways": "none",
        "endpoints": "private",
        "endpointServices": ["sqs"],
        "endpointBucketArns": ["arn:aws:s3:::another"],
    }
    links = {"data": {"bucket": "uploads"}, "prices": {"arn": OTHER}}
    assert problems(links, network=network) == {
        "services.web.links.prices.arn": "cannot be reached through the VPC's endpoint for S3. Add it to "
        "network.endpointBucketArns."
    }


@pytest.mark.parametrize(
    ("arn", "service", "kind"),
    [(TOPIC, "sns", "topic"), (BUS, "events", "event bus"), (KEY, "kms", "key"), (QUEUE, "sqs", "queue")],
)
def test_endpoints_that_are_the_only_way_must_lead_to_what_is_linked(arn: str, service: str, kind: str) -> None:
    network = {"natGateways": "none", "endpoints": "private", "endpointServices": []}
    raw = {**stack_config("dev")[settings.KEY], "network": network}
    raw["services"] = {"web": {**raw["services"]["web"], "links": {"data": {"arn": arn}, "more": {"arn": arn}}}}
    assert mistakes(raw) == {
        "network.endpointServices": f"leave web no way to the {kind} that it is linked to, because there is no NAT "
        f"gateway. Add {service} to them."
    }
    network["endpointServices"] = [service]
    assert mistakes(raw) == {}


def test_tables_and_secrets_have_their_endpoints_already() -> None:
    raw = {**stack_config("dev")[settings.KEY], "network": {"natGateways": "none", "endpoints": "private"}}
    links = {"data": {"arn": TABLE}, "more": {"arn": SECRET}}
    raw["services"] = {"web": {**raw["services"]["web"], "links": links}}
    assert mistakes(raw) == {}


def test_workers_that_wait_for_each_others_queues_are_named() -> None:
    raw = {**stack_config("dev")[settings.KEY]}
    raw["services"] = {
        "aa": {**WORKER, "links": {"next": {"queue": "bb"}}},
        "bb": {**WORKER, "links": {"next": {"queue": "cc"}}},
        "cc": {**WORKER, "links": {"next": {"queue": "aa"}}},
    }
    (advice,) = mistakes(raw).values()
    assert advice.startswith("are linked to each other's queues: ")
    assert any(circle in advice for circle in ("aa → bb → cc → aa", "bb → cc → aa → bb", "cc → aa → bb → cc"))


def test_a_workers_own_queue_is_no_link() -> None:
    found = problems({}, worker={"again": {"queue": "worker"}})
    assert found == {
        "services.worker.links.again.queue": "is this worker's own queue, which it processes already. Remove the link."
    }


def test_more_links_than_a_role_has_room_for_are_named() -> None:
    links = {f"table-{number}": {"arn": f"{TABLE}-{number}", "access": "readWrite"} for number in range(20)}
    found = problems(links)
    assert found.keys() == {"services.web.links"}
    assert "IAM takes 10,240 for a role" in found["services.web.links"]
    few = dict(list(links.items())[:4])
    assert problems(few) == {}
    statement = [{"actions": ["s3:GetObject"], "resources": [f"arn:aws:s3:::{'b' * 40}-{one}/*" for one in range(50)]}]
    assert "and permissions make" in problems(few, web={"permissions": statement})["services.web.links"]
