"""A web service on the cluster: tasks behind a load balancer."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from ..tasks import running
from ..tasks.args import AnsweringArgs, is_bridge
from ..tasks.container_args import NamedPortArgs, PortProtocol
from ..tasks.task import task
from . import keeping, routing, scaling_policies, security_rules
from .args import SERVICE_DEFAULTS, ServiceArgs
from .routing_args import MOST_TARGET_GROUPS, health_check_path
from .target_args import ProtocolVersion
from .ways_in import WayIn, labels, openings, ways_in


class Service(keeping.Kept):
    """`container-platform:index:Service`: a web service, reached through its own rule of a listener, or through its own
    listener on a Network Load Balancer.

    Creates: an `aws:ecs/service:Service` with its `aws:ecs/taskDefinition:TaskDefinition` (kept when replaced, for
    rollbacks), execution role, task role, log group, security group with its rules, target group and listener rule or
    listener; if there is room to scale, an `aws:appautoscaling/target:Target` and its policies.
    Optional: alarms for step scaling, scheduled actions; a generated secret; instances instead of Fargate; bridge mode,
    in which tasks share the instances' security group and none is made.
    Needs: a cluster, private subnets, a listener or a Network Load Balancer, a repository.
    """

    target_group_arn: pulumi.Output[str]
    """ARN of the target group of the service's own way in."""
    target_group_arns: pulumi.Output[dict[str, str]]
    """ARN of the target group of each further route."""

    def __init__(self, name: str, args: ServiceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = _with_health_check(complete(ServiceArgs, args, *SERVICE_DEFAULTS))
        ways = ways_in(name, values)
        _check(values, ways)
        containers = _containers(values, ways)
        super().__init__("Service", name, opts, values["tags"])
        child = pulumi.ResourceOptions(parent=self)
        answers: AnsweringArgs = {
            "container_port": values["container_port"],
            "health_check_path": values["health_check_path"],
            "labels": labels(ways),
        }
        if ways[0].group_protocol == "UDP":
            answers["protocol"] = PortProtocol.UDP
        runs = task(name, values, self, answers)
        group_id, ways_out = running.tasks_group(name, f"the service {values['service_name']}", values, child)
        ports = {port: number for port, (_, number) in containers.items()}
        opened = security_rules.from_load_balancers(name, values, group_id, openings(ways, ports), self)
        attached = routing.attached(ways, values, self)
        needed = [*(one.attached for one in attached), *opened, *ways_out]
        grace = int(values["health_check_grace_period_seconds"])
        reached = _reached(values, ways[0], attached[0].group)
        scaling = scaling_policies.on_metrics(name, values, child, reached, values.get("requests_target"))
        targets = routing.targets(attached, containers)
        outputs = self.keep(name, values, runs, group_id, needed, scaling, targets, grace)
        routing.lead(attached, self.kept, values, self)
        self.target_group_arn, *_ = (one.group.arn for one in attached)
        routes = [one.way.route for one in attached[1:]]
        self.target_group_arns = pulumi.Output.all(*(one.group.arn for one in attached[1:])).apply(
            lambda arns: dict(zip(routes, arns, strict=True))
        )
        own = {"target_group_arn": self.target_group_arn, "target_group_arns": self.target_group_arns}
        self.register_outputs({**outputs, **own})


def _reached(values: ServiceArgs, own: WayIn, target_group: aws.lb.TargetGroup) -> scaling_policies.Reached | None:
    """Return what requests come through; none on a Network Load Balancer, which counts no requests."""
    if own.listener is not None:
        return None
    return scaling_policies.Reached.through(values["listener_arn"], target_group)


def _with_health_check(values: ServiceArgs) -> ServiceArgs:
    """Fill in what depends on the protocol: gRPC has a path of its own, and nothing that curl could ask for."""
    version = ProtocolVersion(values["protocol_version"])
    filled: ServiceArgs = {**values, "health_check_path": health_check_path(values.get("health_check_path"), version)}
    if version is ProtocolVersion.GRPC and "health_check_command" not in values:
        filled["health_check_command"] = []
    return filled


def _containers(values: ServiceArgs, ways: Sequence[WayIn]) -> dict[int | str, tuple[str, int]]:
    """Return container and number of each port that a way in names.

    Raises:
        ValueError: the task has no such port.
    """
    own, port = values["service_name"], int(values["container_port"])
    known: dict[int | str, tuple[str, int]] = {port: (own, port)}
    for container, ports in ((own, values["ports"]), *_ports_beside(values)):
        for name, one in ports.items():
            at = (container, int(one["port"]))
            known[name] = at
            known.setdefault(at[1], at)
    for way in ways:
        if way.port not in known:
            listed = ", ".join(map(str, known))
            raise ValueError(f"routes.{way.route}: port {way.port} is none of the task, which has {listed}")
    return {way.port: known[way.port] for way in ways}


def _ports_beside(values: ServiceArgs) -> list[tuple[str, Mapping[str, NamedPortArgs]]]:
    return [(name, one.get("ports", {})) for name, one in values["containers"].items()]


def _check(values: ServiceArgs, ways: Sequence[WayIn]) -> None:
    """Refuse arguments that do not go together, before anything is registered."""
    running.check_network_mode(values)
    if len(ways) > MOST_TARGET_GROUPS:
        raise ValueError(f"routes are {len(ways) - 1}; ECS takes {MOST_TARGET_GROUPS} target groups, so at most four")
    for way in ways:
        label = f"routes.{way.route}: " if way.route else ""
        if way.listener is None:
            if "listener_arn" not in values:
                raise ValueError(f"{label}listener_arn is missing: a service needs it, or a network_listener")
            continue
        if is_bridge(values):
            raise ValueError(f"{label}network_mode bridge and network_listener exclude each other")
        if "network_load_balancer_arn" not in values:
            raise ValueError(f"{label}network_listener needs network_load_balancer_arn")
