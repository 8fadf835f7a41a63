"""What gives tasks and instances public addresses, beside single properties, for `network-no-public-ip`."""

import json
from collections.abc import Sequence
from typing import Any

from policies.framework import UNKNOWN, Example, Expect, Res
from policies.rules.common.jobs import JOB_DEFINITIONS
from policies.rules.network._network_stacks import machine
from policies.rules.network._task_runs import SCHEDULE, STATE_MACHINE

_EIP, _ASSOCIATION = "aws:ec2/eip:Eip", "aws:ec2/eipAssociation:EipAssociation"
_PUBLIC = Expect("PublicIp::app", "app", ["the Elastic IP address", "Session Manager"])
_EIPS = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html"
_BATCH = "https://docs.aws.amazon.com/batch/latest/APIReference/API_NetworkConfiguration.html"
_ECS = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html"


def addresses() -> Sequence[Example]:
    """Elastic IP addresses."""
    return (
        Example("an address that nothing has yet", [Res(_EIP, "app", {"domain": "vpc"})]),
        Example(
            "the address of a NAT gateway",
            [
                Res(_EIP, "app", {"domain": "vpc", "instance": "", "networkInterface": ""}, {"allocationId": UNKNOWN}),
                Res("aws:ec2/natGateway:NatGateway", "nat", {"allocationId": UNKNOWN}),
            ],
            source=_EIPS,
        ),
        Example(
            "the addresses of a Network Load Balancer",
            [
                Res(_EIP, "app", {"domain": "vpc"}),
                Res("aws:lb/loadBalancer:LoadBalancer", "lb", {"subnetMappings": [{"allocationId": UNKNOWN}]}),
            ],
            source=_EIPS,
        ),
        *(
            Example(f"{type_} with {prop}, {when}", [Res(type_, "app", {prop: value})], [_PUBLIC], source=_EIPS)
            for type_, props in {
                _EIP: ("instance", "networkInterface"),
                _ASSOCIATION: ("instanceId", "networkInterfaceId"),
            }.items()
            for prop in props
            for when, value in (("update", "i-1"), ("first preview", UNKNOWN))
        ),
    )


def batch() -> Sequence[Example]:
    """Jobs of AWS Batch, as people write them."""

    def job(value: Any, **container: Any) -> list[Res]:
        document = {"image": "app", **container, "networkConfiguration": {"assignPublicIp": value}}
        return [Res(JOB_DEFINITIONS[0], "app", {"type": "container", "containerProperties": json.dumps(document)})]

    return (
        Example("a job without an address", job("DISABLED"), source=_BATCH),
        Example("a job on instances", [Res(JOB_DEFINITIONS[0], "app", {"containerProperties": '{"image": "app"}'})]),
        Example(
            "a job with an address",
            job("ENABLED"),
            [Expect("PublicIp::app", "app", ["containerProperties.networkConfiguration.assignPublicIp", "DISABLED"])],
            source=_BATCH,
        ),
        Example(
            "a job of several containers with an address",
            [
                Res(
                    JOB_DEFINITIONS[0],
                    "app",
                    {
                        "ecsProperties": json.dumps(
                            {"taskProperties": [{"networkConfiguration": {"assignPublicIp": "ENABLED"}}]}
                        )
                    },
                )
            ],
            [Expect("PublicIp::app", "app", ["ecsProperties.taskProperties[0].networkConfiguration.assignPublicIp"])],
        ),
    )


def task_runs_by_document() -> Sequence[Example]:
    """Tasks that a state machine or a schedule's call starts."""

    def of(document: object) -> list[Res]:
        text = document if isinstance(document, str) else json.dumps(document)
        return [Res(STATE_MACHINE, "app", {"definition": text})]

    def public(value: object = "ENABLED", key: str = "AssignPublicIp") -> dict[str, Any]:
        return machine(["subnet-1"], **{key: value})

    inner = public()
    state: dict[str, Any] = inner["States"]["Run"]
    found = [Expect("PublicIp::Run", "app", ["AwsvpcConfiguration.AssignPublicIp", "ENABLED", "Fix: "])]
    call = {"Cluster": "main", "TaskDefinition": "job", "NetworkConfiguration": {"AwsvpcConfiguration": {}}}
    call["NetworkConfiguration"] = {"AwsvpcConfiguration": {"Subnets": ["subnet-1"], "AssignPublicIp": "ENABLED"}}
    arn = "arn:aws:scheduler:::aws-sdk:ecs:runTask"
    return (
        Example("a state machine whose task has no address", of(public("DISABLED")), source=_ECS),
        Example("a state machine that says nothing of addresses", of(machine(["subnet-1"]))),
        Example("a state machine without tasks", of({"States": {"Wait": {"Type": "Wait", "Seconds": 5, "End": True}}})),
        Example(
            "a state machine that runs something else with such a parameter",
            of({"States": {"Run": {**state, "Resource": "arn:aws:states:::lambda:invoke"}}}),
        ),
        *(
            Example(f"a task with an address, {name}", of(document), found, source=_ECS)
            for name, document in {
                "waited for": inner,
                **{
                    f"by {way}": {"States": {"Run": {**state, "Resource": f"arn:aws:states:::{way}"}}}
                    for way in ("ecs:runTask", "ecs:runTask.waitForTaskToken", "aws-sdk:ecs:runTask")
                },
                "in another partition": {
                    "States": {"Run": {**state, "Resource": "arn:aws-cn:states:::ecs:runTask.sync"}}
                },
                "in JSONata": {
                    "QueryLanguage": "JSONata",
                    "States": {"Run": {"Resource": state["Resource"], "Arguments": state["Parameters"]}},
                },
                "in a branch": {"States": {"Both": {"Type": "Parallel", "Branches": [{"States": {}}, inner]}}},
                "in a map": {"States": {"Each": {"Type": "Map", "ItemProcessor": inner}}},
                "in a map of the older kind": {"States": {"Each": {"Type": "Map", "Iterator": inner}}},
                "beside a state that is none": {"States": {"Odd": "state", **inner["States"]}},
            }.items()
        ),
        Example(
            "two states, each by itself",
            of({"States": {"Run": state, "Fine": public("DISABLED")["States"]["Run"], "Again": state}}),
            [*found, Expect("PublicIp::Again", "app")],
        ),
        *(
            Example(
                f"an address that is chosen while it runs, {name}",
                of(document),
                undecided=[
                    Expect(
                        "Undecided::definition.States.Run.Parameters.NetworkConfiguration.AwsvpcConfiguration."
                        "AssignPublicIp",
                        "app",
                        ["is chosen while it runs"],
                    )
                ],
            )
            for name, document in {
                "by a path": public("$.address", "AssignPublicIp.$"),
                "by JSONata": public("{% $states.input.address %}"),
            }.items()
        ),
        Example(
            "neither word",
            of(public(True)),
            [
                Expect(
                    "Malformed::definition.States.Run.Parameters.NetworkConfiguration.AwsvpcConfiguration."
                    "AssignPublicIp",
                    "app",
                )
            ],
        ),
        Example("text that is no JSON", of("{"), [Expect("Malformed::definition", "app")]),
        Example(
            "a definition that is not known yet",
            [Res(STATE_MACHINE, "app", {"definition": UNKNOWN})],
            undecided=[Expect("Undecided::definition", "app")],
        ),
        Example(
            "a schedule's own call of RunTask",
            [Res(SCHEDULE, "app", {"target": {"arn": arn, "input": json.dumps(call)}})],
            [Expect("PublicIp::app", "app", ["target.input.NetworkConfiguration"])],
            source="https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html",
        ),
        Example(
            "a schedule that calls something else",
            [Res(SCHEDULE, "app", {"target": {"arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "input": "{"}})],
        ),
        Example(
            "an event target that starts no task",
            [Res("aws:cloudwatch/eventTarget:EventTarget", "app", {"arn": "arn:aws:sqs:us-east-1:1:q"})],
        ),
    )
