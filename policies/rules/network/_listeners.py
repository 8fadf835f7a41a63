"""Where the load balancers of a stack listen to the internet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from policies.framework import Ids, Report, Resource, Stack, Unknown, elements, peek
from policies.rules.network._ingress import GROUP, port

LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
CLASSIC = "aws:elb/loadBalancer:LoadBalancer"
LISTENER = "aws:lb/listener:Listener"
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
SERVICE = "aws:ecs/service:Service"
INSTANCE = "aws:ec2/instance:Instance"
BALANCING = (LOAD_BALANCER, CLASSIC, LISTENER, TARGET_GROUP, ATTACHMENT, SERVICE, INSTANCE)
"""The types that `Listeners` reads beside groups."""

_TRANSPORTS = {
    **dict.fromkeys(("HTTP", "HTTPS", "TCP", "TLS", "SSL"), ("tcp",)),
    **dict.fromkeys(("UDP", "QUIC"), ("udp",)),
    **dict.fromkeys(("TCP_UDP", "TCP_QUIC"), ("tcp", "udp")),
}
"""What comes in at a listener of each protocol. At those of gateways (GENEVE) nothing does by a port."""

_WEB = ("HTTP", "HTTPS")


@dataclass
class _Front:
    """What an internet-facing load balancer listens on.

    :ivar ports: transport and port.
    :ivar web: ports at which it answers HTTP itself, so that nothing else can be behind them directly.
    :ivar unknown: what is not known yet of its listeners.
    :ivar unsure: why it may be internal.
    """

    ports: set[tuple[str, int]] = field(default_factory=set)
    web: set[int] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)
    unsure: str = ""

    def add(self, protocol: object, at: object, of: str, path: str) -> None:
        """Take in one listener.

        :raises Malformed: the port is none.
        """
        for what, value in (("port", at), ("protocol", protocol)):
            if isinstance(value, Unknown):
                self.unknown.append(f"the {what} of {of}")
                return
        name = str(protocol).upper()
        if at is None:
            return
        number = port(at, path)
        self.ports.update((transport, number) for transport in _TRANSPORTS.get(name, ()))
        if name in _WEB:
            self.web.add(number)


class Listeners:
    """The ports at which internet-facing load balancers listen, by the security group in front of them."""

    def __init__(self, stack: Stack, report: Report) -> None:
        balancers = stack.of_type(LOAD_BALANCER, CLASSIC)
        # Ids are read from what a resource is made with, all of it; without a load balancer nobody asks for one.
        types = (GROUP, LOAD_BALANCER, CLASSIC, TARGET_GROUP, INSTANCE) if balancers else ()
        self._ids = Ids(stack, types, also=("arn",))
        self._of_group: dict[str, list[_Front]] = defaultdict(list)
        self._passed_on: dict[str, list[tuple[str, str]]] = defaultdict(list)
        fronts: dict[str, _Front] = {}
        for balancer in balancers:
            with report.guard(balancer):  # one that cannot be read takes nothing from the others
                if (internal := peek(balancer.inputs, "internal")) in (True, "true"):
                    continue
                front = fronts[balancer.urn] = _Front()
                if isinstance(internal, Unknown):
                    front.unsure = f"internal of {balancer.name}"
                for group in self._groups_of(balancer, "securityGroups"):
                    self._of_group[group].append(front)
                if balancer.type == CLASSIC:
                    self._add_classic(balancer, front, report)
        for listener in stack.of_type(LISTENER):
            with report.guard(listener):
                self._add(listener, fronts)
        if not self._passed_on:
            return
        for type_, add in ((SERVICE, self._add_tasks), (ATTACHMENT, self._add_instance)):
            for target in stack.of_type(type_):
                with report.guard(target):
                    add(target)

    def listen(
        self, resource: Resource, transport: str, ports: Iterable[int], *, http: frozenset[int]
    ) -> bool | Unknown:
        """Whether load balancers listen at all of some ports that a group, or a rule of one, opens.

        :param http: ports at which only a load balancer counts that answers HTTP itself.
        """
        fronts = [front for group in self._groups(resource) for front in self._of_group.get(group, ())]
        verdicts = [_listens(fronts, transport, number, number in http) for number in ports]
        return False if False in verdicts else next((verdict for verdict in verdicts if verdict is not True), True)

    def _add(self, listener: Resource, fronts: dict[str, _Front]) -> None:
        arn = peek(listener.inputs, "loadBalancerArn")
        for balancer in self._ids.named(listener, "loadBalancerArn", arn, (LOAD_BALANCER,)):
            if balancer.urn not in fronts:
                continue
            protocol = peek(listener.inputs, "protocol")
            if protocol in (None, "") and peek(balancer.inputs, "loadBalancerType") in (None, "", "application"):
                protocol = "HTTP"  # what the provider takes if nothing is said
            front = fronts[balancer.urn]
            front.add(protocol, peek(listener.inputs, "port"), listener.name, "port")
            if isinstance(protocol, str) and _has_no_group(balancer):
                for group in self._forwarded_to(listener):
                    self._passed_on[group.urn].append((protocol, front.unsure))

    def _forwarded_to(self, listener: Resource) -> Iterator[Resource]:
        """The target groups to which a listener passes on what comes in."""
        actions = peek(listener.inputs, "defaultActions")
        for action in () if isinstance(actions, Unknown) else elements(actions, "defaultActions"):
            targets = peek(action, "forward", "targetGroups")
            arns = (
                [] if isinstance(targets, Unknown) else [peek(target, "arn") for target in elements(targets, "forward")]
            )
            for arn in (peek(action, "targetGroupArn"), *arns):
                yield from self._ids.named(listener, "defaultActions", arn, (TARGET_GROUP,))

    def _add_tasks(self, service: Resource) -> None:
        """Tasks behind a network load balancer that has no security group: theirs is the one that lets clients in.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html
        """
        given, front = peek(service.inputs, "loadBalancers"), _Front()
        for index, entry in enumerate(() if isinstance(given, Unknown) else elements(given, "loadBalancers")):
            targets = self._ids.named(service, "loadBalancers", peek(entry, "targetGroupArn"), (TARGET_GROUP,))
            path = f"loadBalancers[{index}].containerPort"
            self._pass_on(front, targets, peek(entry, "containerPort"), service.name, path)
        self._put_before(service, front, "networkConfiguration", "securityGroups")

    def _add_instance(self, attachment: Resource) -> None:
        """An instance behind such a load balancer."""
        arn, of, at = (peek(attachment.inputs, prop) for prop in ("targetGroupArn", "targetId", "port"))
        front, targets = _Front(), self._ids.named(attachment, "targetGroupArn", arn, (TARGET_GROUP,))
        for target in targets:
            self._pass_on(front, [target], peek(target.inputs, "port") if at is None else at, attachment.name, "port")
        for instance in self._ids.named(attachment, "targetId", of, (INSTANCE,)):
            self._put_before(instance, front, "vpcSecurityGroupIds")

    def _pass_on(self, front: _Front, targets: Iterable[Resource], at: object, of: str, path: str) -> None:
        for protocol, unsure in (way for target in targets for way in self._passed_on.get(target.urn, ())):
            front.unsure = front.unsure or unsure
            front.add(protocol, at, of, path)

    def _put_before(self, resource: Resource, front: _Front, *groups: str) -> None:
        for group in self._groups_of(resource, *groups) if front.ports else ():
            self._of_group[group].append(front)

    @staticmethod
    def _add_classic(balancer: Resource, front: _Front, report: Report) -> None:
        listeners = peek(balancer.inputs, "listeners")
        if isinstance(listeners, Unknown):
            front.unknown.append(f"the listeners of {balancer.name}")
            return
        for index in range(len(elements(listeners, "listeners"))):
            with report.guard(balancer):
                protocol, at = (peek(balancer.inputs, "listeners", index, prop) for prop in ("lbProtocol", "lbPort"))
                front.add(protocol, at, balancer.name, f"listeners[{index}].lbPort")

    def _groups_of(self, resource: Resource, *path: str) -> dict[str, None]:
        """The groups that a load balancer or a service names at a path."""
        given = peek(resource.inputs, *path)
        values = [given] if isinstance(given, Unknown) else elements(given, ".".join(path))
        # An unknown one may be any of those behind the property, whichever element it is.
        distinct = dict.fromkeys(value if isinstance(value, str) else "" for value in values)
        found: dict[str, None] = {}
        for value in distinct:
            found.update(self._keys(resource, path[0], value or Unknown(path[0])))
        return found

    def _groups(self, resource: Resource) -> dict[str, None]:
        if resource.type == GROUP:
            return {resource.urn: None}
        return dict(self._keys(resource, "securityGroupId", peek(resource.inputs, "securityGroupId")))

    def _keys(self, resource: Resource, prop: str, value: object) -> Iterator[tuple[str, None]]:
        """The groups that a property names: by URN, or by id where they are of another stack."""
        named = self._ids.named(resource, prop, value, (GROUP,))
        for group in named:
            yield group.urn, None
        if not named and isinstance(value, str):
            yield value, None


def _has_no_group(balancer: Resource) -> bool:
    given = peek(balancer.inputs, "securityGroups")
    network = peek(balancer.inputs, "loadBalancerType") == "network"
    return network and not isinstance(given, Unknown) and not elements(given, "securityGroups")


def _listens(fronts: list[_Front], transport: str, number: int, http: bool) -> bool | Unknown:
    at = [front for front in fronts if (transport, number) in front.ports and (number in front.web or not http)]
    if any(not front.unsure for front in at):
        return True
    unknown = [front.unsure for front in at] + [what for front in fronts for what in front.unknown]
    return Unknown(unknown[0]) if unknown else False
