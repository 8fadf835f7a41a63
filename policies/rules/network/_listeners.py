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
SERVICE = "aws:ecs/service:Service"
ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
INSTANCE = "aws:ec2/instance:Instance"
FLEET = "aws:autoscaling/group:Group"
FLEET_ATTACHMENT = "aws:autoscaling/attachment:Attachment"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
BALANCING = (
    *(LOAD_BALANCER, CLASSIC, LISTENER, TARGET_GROUP, SERVICE),
    *(ATTACHMENT, INSTANCE, FLEET, FLEET_ATTACHMENT, TEMPLATE),
)
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

    @property
    def any(self) -> bool:
        """Whether it listens, or may."""
        return bool(self.ports or self.unknown)

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
        types = (GROUP, LOAD_BALANCER, CLASSIC, TARGET_GROUP, INSTANCE, FLEET, TEMPLATE) if balancers else ()
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
        add = {SERVICE: self._add_tasks, ATTACHMENT: self._add_instance}
        add |= {FLEET: self._add_fleet, FLEET_ATTACHMENT: self._add_attached}
        for behind in stack.of_type(*add) if self._passed_on else ():
            with report.guard(behind):
                add[behind.type](behind)

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
        given = peek(service.inputs, "loadBalancers")
        front = _Front()
        for index, entry in enumerate(() if isinstance(given, Unknown) else elements(given, "loadBalancers")):
            for target in self._ids.named(service, "loadBalancers", peek(entry, "targetGroupArn"), (TARGET_GROUP,)):
                path = f"loadBalancers[{index}].containerPort"
                self._pass_on(front, target, peek(entry, "containerPort"), service.name, path)
        self._let_in(front, self._groups_of(service, "networkConfiguration", "securityGroups") if front.any else {})

    def _add_instance(self, attachment: Resource) -> None:
        """The same for an instance.

        https://repost.aws/knowledge-center/security-group-load-balancer
        """
        front = _Front()
        at = peek(attachment.inputs, "port")
        for target in self._named(attachment, "targetGroupArn", TARGET_GROUP):
            self._pass_on(front, target, peek(target.inputs, "port") if at is None else at, attachment.name, "port")
        for instance in self._named(attachment, "targetId", INSTANCE) if front.any else ():
            self._let_in(front, self._groups_of(instance, "vpcSecurityGroupIds"))

    def _add_fleet(self, fleet: Resource) -> None:
        given = peek(fleet.inputs, "targetGroupArns")
        arns = [given] if isinstance(given, Unknown) else elements(given, "targetGroupArns")
        # An unknown one may be any of those behind the property, whichever element it is.
        for arn in {arn if isinstance(arn, str) else "": arn for arn in arns}.values():
            for target in self._ids.named(fleet, "targetGroupArns", arn, (TARGET_GROUP,)):
                self._add_template(fleet, target)

    def _add_attached(self, attachment: Resource) -> None:
        for target in self._named(attachment, "lbTargetGroupArn", TARGET_GROUP):
            for fleet in self._named(attachment, "autoscalingGroupName", FLEET):
                self._add_template(fleet, target)

    def _add_template(self, fleet: Resource, target: Resource) -> None:
        """The groups that the launch template of an Auto Scaling group gives its instances."""
        front = _Front()
        self._pass_on(front, target, peek(target.inputs, "port"), target.name, "port")
        mixed = ("mixedInstancesPolicy", "launchTemplate", "launchTemplateSpecification", "launchTemplateId")
        for path in (("launchTemplate", "id"), mixed) if front.any else ():
            for template in self._ids.named(fleet, path[0], peek(fleet.inputs, *path), (TEMPLATE,)):
                self._let_in(front, self._groups_of(template, "vpcSecurityGroupIds"))
                interfaces = peek(template.inputs, "networkInterfaces")
                many = 0 if isinstance(interfaces, Unknown) else len(elements(interfaces, "networkInterfaces"))
                for index in range(many):
                    self._let_in(front, self._groups_of(template, "networkInterfaces", index, "securityGroups"))

    def _pass_on(self, front: _Front, target: Resource, at: object, of: str, path: str) -> None:
        """Take in the port to which a target group passes on what comes in at its listeners."""
        for protocol, unsure in self._passed_on.get(target.urn, ()):
            front.unsure = front.unsure or unsure
            front.add(protocol, at, of, path)

    def _let_in(self, front: _Front, groups: Iterable[str]) -> None:
        for group in groups:
            self._of_group[group].append(front)

    def _named(self, resource: Resource, prop: str, type_: str) -> list[Resource]:
        return self._ids.named(resource, prop, peek(resource.inputs, prop), (type_,))

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

    def _groups_of(self, resource: Resource, top: str, *inside: str | int) -> dict[str, None]:
        """The groups that a load balancer, or what is behind one, names at a path."""
        given = peek(resource.inputs, top, *inside)
        values = [given] if isinstance(given, Unknown) else elements(given, ".".join(map(str, (top, *inside))))
        # An unknown one may be any of those behind the property, whichever element it is.
        distinct = dict.fromkeys(value if isinstance(value, str) else "" for value in values)
        found: dict[str, None] = {}
        for value in distinct:
            found.update(self._keys(resource, top, value or Unknown(top)))
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
