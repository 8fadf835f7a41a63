"""Where the load balancers of a stack listen to the internet."""

from collections import defaultdict
from collections.abc import Iterable

from policies.framework import Ids, Resource, Stack, Unknown, elements, peek

LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
LISTENER = "aws:lb/listener:Listener"
GROUP = "aws:ec2/securityGroup:SecurityGroup"

_OTHER_THAN_TCP = ("UDP", "QUIC", "GENEVE")


class Listeners:
    """The TCP ports at which internet-facing load balancers listen, by the security group in front of them."""

    def __init__(self, stack: Stack) -> None:
        self._ids = Ids(stack, (GROUP, LOAD_BALANCER))
        self._ports: dict[str, set[int]] = defaultdict(set)
        self._unknown: dict[str, str] = {}
        for listener in stack.of_type(LISTENER):
            arn = peek(listener.inputs, "loadBalancerArn")
            for balancer in self._ids.named(listener, "loadBalancerArn", arn, (LOAD_BALANCER,)):
                self._place(listener, balancer)

    def listens(self, rule: Resource, port: int) -> bool | Unknown:
        """Whether a rule of a security group opens a port at which its load balancer listens."""
        groups = self._ids.named(rule, "securityGroupId", peek(rule.inputs, "securityGroupId"), (GROUP,))
        if any(port in self._ports[group.urn] for group in groups):
            return True
        return next((Unknown(self._unknown[group.urn]) for group in groups if group.urn in self._unknown), False)

    def _place(self, listener: Resource, balancer: Resource) -> None:
        internal, port = peek(balancer.inputs, "internal"), peek(listener.inputs, "port")
        if internal is True or peek(listener.inputs, "protocol") in _OTHER_THAN_TCP or port is None:
            return
        for group in self._groups(balancer):
            if isinstance(port, Unknown) or isinstance(internal, Unknown):
                what = f"the port of {listener.name}" if isinstance(port, Unknown) else f"internal of {balancer.name}"
                self._unknown[group.urn] = what
            else:
                self._ports[group.urn].add(int(port))

    def _groups(self, balancer: Resource) -> Iterable[Resource]:
        given = peek(balancer.inputs, "securityGroups")
        values = [given] if isinstance(given, Unknown) else elements(given, "securityGroups")
        return {
            group.urn: group
            for value in values
            for group in self._ids.named(balancer, "securityGroups", value, (GROUP,))
        }.values()
