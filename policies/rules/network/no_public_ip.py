"""Nothing asks for a public address: no task, no instance, no database."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from policies.framework import (
    UNKNOWN,
    Example,
    Expect,
    Malformed,
    Report,
    Res,
    Resource,
    Rule,
    Severity,
    Unknown,
    elements,
    is_known,
    peek,
)
from policies.rules.network._workloads import TASKS, Path


class _Request(NamedTuple):
    """Where a type asks for a public address: a property, or one in each element of a list."""

    path: Path
    each: str = ""


_REQUESTS: dict[str, _Request] = {
    **{type_: _Request((*path, "assignPublicIp")) for type_, path in TASKS.items()},
    "aws:ec2/instance:Instance": _Request(("associatePublicIpAddress",)),
    "aws:ec2/launchConfiguration:LaunchConfiguration": _Request(("associatePublicIpAddress",)),
    "aws:ec2/launchTemplate:LaunchTemplate": _Request(("networkInterfaces",), "associatePublicIpAddress"),
    "aws:ec2/spotFleetRequest:SpotFleetRequest": _Request(("launchSpecifications",), "associatePublicIpAddress"),
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": _Request(("associatePublicIpAddress",)),
    "aws:dms/replicationInstance:ReplicationInstance": _Request(("publiclyAccessible",)),
    "aws:msk/cluster:Cluster": _Request(("brokerNodeGroupInfo", "connectivityInfo", "publicAccess", "type")),
    "aws:mq/broker:Broker": _Request(("publiclyAccessible",)),
    "aws:neptune/clusterInstance:ClusterInstance": _Request(("publiclyAccessible",)),
    "aws:rds/cluster:Cluster": _Request(("publiclyAccessible",)),
    "aws:rds/clusterInstance:ClusterInstance": _Request(("publiclyAccessible",)),
    "aws:rds/instance:Instance": _Request(("publiclyAccessible",)),
    "aws:rds/shardGroup:ShardGroup": _Request(("publiclyAccessible",)),
    "aws:redshift/cluster:Cluster": _Request(("publiclyAccessible",)),
    "aws:redshiftserverless/workgroup:Workgroup": _Request(("publiclyAccessible",)),
    "aws:timestreaminfluxdb/dbCluster:DbCluster": _Request(("publiclyAccessible",)),
    "aws:timestreaminfluxdb/dbInstance:DbInstance": _Request(("publiclyAccessible",)),
}

_YES = (True, "true", "ENABLED", "SERVICE_PROVIDED_EIPS")
_INSTEAD = "NAT gateways or VPC endpoints let it reach out"
_NO = (None, False, "false", "", "DISABLED")


def _check(resource: Resource, report: Report) -> None:
    for path, value in _requested(resource):
        if isinstance(value, Unknown):
            report.undecided(resource, path)
        elif value in _YES:
            report.fail(
                resource,
                f"PublicIp::{resource.name}",
                "it gets an address that the internet can reach",
                prop=path,
                value=value,
                remedy=f"remove {path} or set it to {'DISABLED' if value in _YES[2:] else 'false'}; {_INSTEAD}",
            )
        elif value not in _NO:
            raise Malformed(path, "is neither true nor false")


def _requested(resource: Resource) -> Iterator[tuple[str, Any]]:
    request = _REQUESTS[resource.type]
    path = ".".join(request.path)
    value = peek(resource.inputs, *request.path)
    if not request.each:
        yield path, value
        return
    if not is_known(value):
        yield f"{path}.{request.each}", value
        return
    for index in range(len(elements(value, path))):
        yield f"{path}[{index}].{request.each}", peek(resource.inputs, *request.path, index, request.each)


def _asking(type_: str, value: Any, name: str = "app") -> Res:
    request = _REQUESTS[type_]
    if request.each:
        value = [{"deviceIndex": 0}, {request.each: value}]
    for step in reversed(request.path):
        value = {step: value}
    return Res(type_, name, value)


def _yes(type_: str) -> object:
    """What the provider calls yes: text for a pipe, a launch template and Kafka."""
    if "msk" in type_:
        return "SERVICE_PROVIDED_EIPS"
    return "ENABLED" if "pipes" in type_ else "true" if "launchTemplate" in type_ else True


def _path(type_: str) -> str:
    request = _REQUESTS[type_]
    return ".".join(request.path) + (f"[1].{request.each}" if request.each else "")


_SERVICE, _TEMPLATE = "aws:ecs/service:Service", "aws:ec2/launchTemplate:LaunchTemplate"
_DATABASE = "aws:rds/instance:Instance"

RULE = Rule(
    name="network-no-public-ip",
    title="No public addresses",
    description="Tasks, instances and databases ask for no public address.",
    severity=Severity.HIGH,
    packs=("network",),
    controls=(
        *("ECS.2", "ECS.16", "EC2.9", "EC2.25", "AutoScaling.5", "RDS.2", "Redshift.1", "DMS.1"),
        *("CKV_AWS_333", "CKV_AWS_88", "CKV_AWS_389", "CKV_AWS_17", "AWS-0009", "AWS-0180", "CT.ECS.PR.9"),
    ),
    remedy=f"remove the property or set it to false; {_INSTEAD}",
    url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
    types=tuple(_REQUESTS),
    check=_check,
    cases=lambda: (
        Example("a service that says no", [_asking(_SERVICE, False)]),
        Example("a service that says nothing, which is no", [Res(_SERVICE, "app", {"networkConfiguration": {}})]),
        Example("a service without network configuration", [Res(_SERVICE, "app", {})]),
        Example(
            "an event target that starts no task",
            [Res("aws:cloudwatch/eventTarget:EventTarget", "app", {"arn": "arn:aws:sqs:us-east-1:1:q"})],
        ),
        Example("a pipe that says no", [_asking("aws:pipes/pipe:Pipe", "DISABLED")]),
        Example("a launch template that says no, as text", [_asking(_TEMPLATE, "false")]),
        Example("a launch template without network interfaces", [Res(_TEMPLATE, "app", {"imageId": "ami-1"})]),
        Example("a database that says no", [_asking(_DATABASE, False)]),
        *(
            Example(
                f"{type_} asks for one",
                [_asking(type_, _yes(type_))],
                [Expect("PublicIp::app", "app", [_path(type_), "Fix: remove"])],
            )
            for type_ in _REQUESTS
        ),
        Example("yes as text", [_asking(_SERVICE, "true")], [Expect("PublicIp::app", "app", ['is "true"'])]),
        Example(
            "neither yes nor no",
            [_asking(_SERVICE, "always"), _asking(_DATABASE, True, "second")],
            [
                Expect("Malformed::networkConfiguration.assignPublicIp", "app", ["neither true nor false"]),
                Expect("PublicIp::second", "second"),
            ],
        ),
        Example(
            "a configuration that is no object",
            [Res(_SERVICE, "app", {"networkConfiguration": "open"})],
            [Expect("Malformed::networkConfiguration", "app", ["is text where an object belongs"])],
        ),
        Example(
            "an unknown value",
            [_asking(_SERVICE, UNKNOWN)],
            undecided=[Expect("Undecided::networkConfiguration.assignPublicIp", "app")],
        ),
        Example(
            "an unknown configuration",
            [Res(_SERVICE, "app", {"networkConfiguration": UNKNOWN})],
            undecided=[Expect("Undecided::networkConfiguration.assignPublicIp", "app")],
        ),
        Example(
            "unknown network interfaces",
            [Res(_TEMPLATE, "app", {"networkInterfaces": UNKNOWN})],
            undecided=[Expect("Undecided::networkInterfaces.associatePublicIpAddress", "app")],
        ),
    ),
)
