"""Elastic Load Balancing."""

import secrets
from collections.abc import Iterator
from typing import ClassVar, Final

from .. import load_balancing
from ..account import Account, Properties
from ..behaviour import Behaviour, Made, Refused, is_known
from ..place import hex_digits

_LISTENER: Final = "aws:lb/listener:Listener"
_LOAD_BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"

_SUBNET: Final = "aws:ec2/subnet:Subnet"

_ZONE_IDS: Final = {"us-east-1": "Z35SXDOTRQ7X7K", "eu-west-1": "Z32O12XQLNTSW2", "eu-central-1": "Z215JYRZR1TBD5"}


class LoadBalancer(Behaviour):
    """A load balancer of any type."""

    unique: ClassVar = {"name": "DuplicateLoadBalancerName: A load balancer with the name '{name}' already exists"}

    def replaces(self, olds: Properties, news: Properties) -> set[str]:
        """Replace a network load balancer that loses or changes a zone; it takes further ones in place."""
        if news.get("loadBalancerType") != "network":
            return set()
        before, after = olds.get("subnetMappings", []), news.get("subnetMappings", [])
        known = isinstance(before, list) and isinstance(after, list) and is_known(after)
        return {"subnetMappings"} if known and any(mapping not in after for mapping in before) else set()

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its ARN and its DNS name."""
        kind = {"network": "net", "gateway": "gwy"}.get(str(inputs.get("loadBalancerType")), "app")
        suffix, place = f"{kind}/{inputs['name']}/{hex_digits(16)}", account.place
        arn = place.arn("elasticloadbalancing", f"loadbalancer/{suffix}")
        return arn, {
            "arn": arn,
            "arnSuffix": suffix,
            "dnsName": f"{inputs['name']}-{secrets.randbelow(10**10)}.{place.region}.elb.{place.suffix}",
            "zoneId": _ZONE_IDS.get(place.region, "Z00000000000000000000"),
            "vpcId": _vpc_of(inputs, account) or f"vpc-{hex_digits(17)}",
        }

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Refuse subnets of another VPC (SetSubnets)."""
        vpc = _vpc_of(news, account)
        if vpc and vpc != olds["vpcId"]:
            raise Refused(f"InvalidSubnet: the subnets of '{id_}' must be in its VPC, {olds['vpcId']}, not in {vpc}")
        return news

    def delete(self, id_: str, properties: Properties, account: Account) -> None:
        """Refuse while it has deletion protection."""
        if properties.get("enableDeletionProtection") is True:
            raise Refused(
                f"OperationNotPermitted: Load balancer '{id_}' cannot be deleted because deletion protection is enabled"
            )


def _vpc_of(balancer: Properties, account: Account) -> str:
    """Return the VPC of a load balancer's subnets; none where no stack has them."""
    placed = {*balancer.get("subnets", []), *(one["subnetId"] for one in balancer.get("subnetMappings", []))}
    return next((str(one["vpcId"]) for one in account.of(_SUBNET) if one["id"] in placed), "")


class TargetGroup(Behaviour):
    """A target group."""

    unique: ClassVar = {"name": "DuplicateTargetGroupName: A target group with the name '{name}' already exists"}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its ARN."""
        _refuse("InvalidConfigurationRequest", load_balancing.target_group_faults(inputs))
        suffix = f"targetgroup/{inputs['name']}/{hex_digits(16)}"
        arn = account.place.arn("elasticloadbalancing", suffix)
        return arn, {"arn": arn, "arnSuffix": suffix, "loadBalancerArns": []}

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Refuse attributes and health checks that it cannot have."""
        _refuse("InvalidConfigurationRequest", load_balancing.target_group_faults(news))
        return news

    def delete(self, id_: str, properties: Properties, account: Account) -> None:
        """Refuse while something forwards to it."""
        if load_balancing.users_of(str(properties["arn"]), account):
            raise Refused(f"ResourceInUse: Target group '{id_}' is currently in use by a listener or a rule")


class Listener(Behaviour):
    """A listener."""

    unique: ClassVar = {
        "loadBalancerArn,port": "DuplicateListener: A listener already exists on port {port} of this load balancer"
    }

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its ARN, which begins as its load balancer's."""
        self._judge(inputs, account)
        arn = f"{str(inputs['loadBalancerArn']).replace(':loadbalancer/', ':listener/')}/{hex_digits(16)}"
        return arn, {"arn": arn}

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Refuse what it cannot be."""
        self._judge(news, account)
        return news

    @staticmethod
    def _judge(listener: Properties, account: Account) -> None:
        _refuse("InvalidConfigurationRequest", load_balancing.listener_faults(listener))
        protocol = str(listener.get("protocol") or "HTTP")
        faults = load_balancing.action_faults(protocol, listener["defaultActions"], account)
        _refuse("InvalidLoadBalancerAction", faults)


class ListenerRule(Behaviour):
    """A rule of a listener."""

    unique: ClassVar = {"listenerArn,priority": "PriorityInUse: Priority '{priority}' is currently in use"}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its ARN, which begins as its listener's."""
        self._judge(inputs, account)
        arn = f"{str(inputs['listenerArn']).replace(':listener/', ':listener-rule/')}/{hex_digits(16)}"
        return arn, {"arn": arn}

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Refuse what it cannot be."""
        self._judge(news, account)
        return news

    @staticmethod
    def _judge(rule: Properties, account: Account) -> None:
        listener = next((one for one in account.of(_LISTENER) if one["arn"] == rule["listenerArn"]), {})
        protocol = str(listener.get("protocol") or "HTTP") if listener else ""
        _refuse("InvalidLoadBalancerAction", load_balancing.action_faults(protocol, rule["actions"], account))


def _refuse(error: str, faults: Iterator[str]) -> None:
    for fault in faults:
        raise Refused(f"{error}: {fault}")


class ListenerCertificate(Behaviour):
    """A further certificate of a listener."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its id: listener and certificate."""
        return f"{inputs['listenerArn']}_{inputs['certificateArn']}", {}


def get_listener(arguments: Properties, account: Account) -> Properties:
    """Return a listener by its ARN."""
    arn = arguments["arn"]
    for listener in account.of(_LISTENER):
        if listener["arn"] == arn:
            names = ("arn", "id", "loadBalancerArn", "port", "protocol", "defaultActions")
            return {
                **{name: listener[name] for name in names},
                "certificateArn": listener.get("certificateArn", ""),
                "sslPolicy": listener.get("sslPolicy", ""),
                "alpnPolicy": "",
                "mutualAuthentications": [],
                "region": account.place.region,
                "tags": listener.get("tagsAll", {}),
            }
    raise Refused(f"reading ELBv2 Listener ({arn}): couldn't find resource")


def get_load_balancer(arguments: Properties, account: Account) -> Properties:
    """Return a load balancer by its ARN."""
    arn = arguments["arn"]
    for balancer in account.of(_LOAD_BALANCER):
        if balancer["arn"] == arn:
            names = ("arn", "id", "arnSuffix", "name", "dnsName", "zoneId")
            return {
                **{name: balancer[name] for name in names},
                "loadBalancerType": balancer.get("loadBalancerType") or "application",
                "internal": balancer.get("internal") is True,
                "securityGroups": balancer.get("securityGroups", []),
                "subnets": balancer.get("subnets", []),
                "vpcId": _vpc_of(balancer, account),
                "region": account.place.region,
                "tags": balancer.get("tagsAll", {}),
            }
    raise Refused(f"reading ELBv2 Load Balancer ({arn}): empty result")
