"""Data and links in the whole program."""

import json
from typing import Any

import settings

from ..conftest import Program, run_main, stack_config

KEY = "arn:aws:kms:us-east-1:123456789012:key/own"


def program(links: dict[str, Any], bucket: dict[str, Any] | None = None, **sections: Any) -> Program:
    config = stack_config("dev")
    platform = config[settings.KEY]
    platform |= {"storage": {"buckets": {"uploads": bucket or {}}}, **sections}
    platform["services"]["web"] |= {"links": links}
    return run_main("dev", config)


def statements(made: Program, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(made.engine.one("iam/rolePolicy:RolePolicy", name)["policy"])["Statement"]
    return found


def test_a_link_gives_rights_and_variables() -> None:
    made = program({"files": {"bucket": "uploads", "access": "write", "prefix": "in/"}})
    bucket = made.outputs["buckets"]["uploads"]
    (statement,) = statements(made, "web-links")
    assert statement["Resource"] == [f"{bucket['arn']}/in/*"]
    (container,) = json.loads(made.engine.one("ecs/taskDefinition:TaskDefinition")["containerDefinitions"])
    variables = {one["name"]: one["value"] for one in container["environment"]}
    assert variables["FILES_PREFIX"] == "in/"
    assert bucket["arn"] == f"arn:aws:s3:::{variables['FILES_BUCKET']}"


def test_the_service_waits_for_the_rights_and_tasks_that_serve_keep_theirs() -> None:
    made = program({"files": {"bucket": "uploads"}})
    (policy,) = made.engine.all("iam/rolePolicy:RolePolicy", "web-links")
    (service,) = made.engine.all("ecs/service:Service")
    assert policy.urn in service.depends_on


def test_what_is_linked_to_a_bucket_with_a_key_uses_the_key() -> None:
    made = program({"files": {"bucket": "uploads"}}, {"kmsKeyArn": KEY})
    assert [one["Resource"] for one in statements(made, "web-links") if one["Action"] == ["kms:Decrypt"]] == [[KEY]]


def test_without_links_there_is_no_policy_of_them() -> None:
    assert program({}).engine.find("iam/rolePolicy:RolePolicy", "web-links") == []


def test_an_endpoint_that_names_buckets_lets_the_stacks_own_through() -> None:
    network = {"natGateways": "none", "endpoints": "private", "endpointBucketArns": ["arn:aws:s3:::another"]}
    made = program({"files": {"bucket": "uploads"}}, network=network)
    policy = json.loads(made.engine.one("ec2/vpcEndpoint:VpcEndpoint", "network-s3")["policy"])
    own = made.outputs["buckets"]["uploads"]["arn"]
    assert {"arn:aws:s3:::another", own, f"{own}/*"} <= set(policy["Statement"][-1]["Resource"])


def test_an_endpoint_that_names_none_lets_all_through_as_before() -> None:
    made = program({"files": {"bucket": "uploads"}})
    policy = json.loads(made.engine.one("ec2/vpcEndpoint:VpcEndpoint", "network-s3")["policy"])
    assert policy["Statement"][-1]["Resource"] == "*"


TABLES = {"tables": {"orders": {"partitionKey": {"name": "id"}, "kmsKeyArn": KEY}}}
CLOSED = {"natGateways": "none", "endpoints": "private"}


def test_a_table_is_linked_by_its_name_with_its_key() -> None:
    made = program({"orders": {"table": "orders", "access": "write"}}, storage=TABLES)
    found = made.outputs["tables"]["orders"]
    assert found["name"] == "container-platform-dev-orders"
    resources = {one["Action"][0]: one["Resource"] for one in statements(made, "web-links")}
    assert resources["dynamodb:BatchWriteItem"] == [found["arn"]]
    assert resources["kms:Decrypt"] == [KEY]


def test_tables_are_reached_by_an_endpoint_of_their_own() -> None:
    made = program({"orders": {"table": "orders"}}, storage=TABLES, network=CLOSED)
    endpoint = made.engine.one("ec2/vpcEndpoint:VpcEndpoint", "network-dynamodb")
    assert (endpoint["vpcEndpointType"], endpoint["serviceName"]) == ("Gateway", "com.amazonaws.eu-west-1.dynamodb")
    (rule,) = made.engine.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule", "web-to-dynamodb")
    assert (rule["fromPort"], rule["toPort"]) == (443, 443)
    assert rule["prefixListId"]


def test_without_tables_there_is_no_endpoint_for_them() -> None:
    made = program({"files": {"bucket": "uploads"}}, network=CLOSED)
    assert made.engine.find("ec2/vpcEndpoint:VpcEndpoint", "network-dynamodb") == []
    assert made.engine.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule", "web-to-dynamodb") == []


def test_a_service_sends_to_the_queue_of_a_worker_whatever_their_order() -> None:
    config = stack_config("dev")
    platform = config[settings.KEY]
    worker = {"kind": "queueWorker", "repository": "web", "queue": {"kmsKeyArn": KEY}}
    platform["services"] = {"web": {**platform["services"]["web"], "links": {"jobs": {"queue": "worker"}}}}
    platform["services"]["worker"] = worker
    platform["jobs"] = {"sweep": {"repository": "web", "links": {"jobs": {"queue": "worker"}}}}
    made = run_main("dev", config)
    arn = made.outputs["services"]["worker"]["queueArn"]
    for name in ("web-links", "sweep-links"):
        sending, key = statements(made, name)
        assert "sqs:SendMessage" in sending["Action"]
        assert (sending["Resource"], key["Resource"]) == ([arn], [KEY])
