"""The default security group of a VPC lets nothing in or out: AWS gives it to everything that names none."""

from typing import Any

from policies.framework import (
    UNKNOWN,
    Example,
    Expect,
    Ids,
    Must,
    Report,
    Res,
    Resource,
    Severity,
    Stack,
    Unknown,
    exists_for,
    filled,
    peek,
    property_rule,
)
from policies.rules.network._vpc import VPC

_DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
_RULES = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
)
_OWN = ("aws:ec2/securityGroup:SecurityGroup",)
_USED = "which AWS gives to everything that names no security group"


def _check_rules(stack: Stack, report: Report) -> None:
    ids = Ids(stack, (_DEFAULT, *_OWN))
    by_vpc = {
        group: vpc
        for vpc in stack.of_type(*VPC)
        if isinstance(group := peek(vpc.props, "defaultSecurityGroupId"), str) and group
    }
    for rule in stack.of_type(*_RULES):
        with report.guard(rule):
            _judge_rule(rule, stack, ids, by_vpc, report)


def _judge_rule(rule: Resource, stack: Stack, ids: Ids, by_vpc: dict[str, Resource], report: Report) -> None:
    """A rule on its own may open the default group as well, named by its resource or through the VPC."""
    value = peek(rule.inputs, "securityGroupId")
    found = ids.named(rule, "securityGroupId", value, (_DEFAULT,))
    if not found and isinstance(value, str) and value in by_vpc:
        found = [by_vpc[value]]
    if not found and isinstance(value, Unknown) and not stack.behind(rule, "securityGroupId", *_OWN):
        found = stack.behind(rule, "securityGroupId", *VPC)
    if found:
        report.fail(
            rule,
            f"DefaultSecurityGroup::{rule.name}",
            f"it adds to the default security group of {found[0].name}, {_USED}",
            prop="securityGroupId",
            remedy="give the workload a security group of its own, and add the rule to that one",
        )


def _group(**inputs: Any) -> Res:
    return Res(_DEFAULT, "default", {"vpcId": UNKNOWN, **inputs}, {"id": UNKNOWN}, depends={"vpcId": ["vpc"]})


def _rule(type_: str, group: Any = UNKNOWN, behind: str = "") -> Res:
    return Res(type_, "rule", {"securityGroupId": group}, depends={"securityGroupId": [behind] if behind else []})


_VPC = Res(VPC[0], "vpc", {"cidrBlock": "10.0.0.0/16"}, {"id": UNKNOWN, "defaultSecurityGroupId": UNKNOWN})
_MADE = Res(VPC[0], "vpc", {"cidrBlock": "10.0.0.0/16"}, {"id": "vpc-1", "defaultSecurityGroupId": "sg-0"})
_ALL = {"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}

RULE = property_rule(
    *(
        Must(
            direction,
            good=(None, []),
            bad=(filled(_ALL), filled(UNKNOWN)),
            finding=f"DefaultSecurityGroup::{direction}",
            reason="these rules apply to everything that names no security group",
            types=(_DEFAULT,),
        )
        for direction in ("ingress", "egress")
    ),
    exists_for(
        _DEFAULT,
        behind="vpcId",
        types=VPC,
        setting="every_vpc",
        finding="DefaultSecurityGroup",
        reason="its default security group still has the rules that AWS makes, which let everything out",
        remedy="add an aws.ec2.DefaultSecurityGroup for it, without ingress and egress",
    ),
    name="network-default-security-group-closed",
    title="Default security groups are closed",
    description="The default security group of a VPC has no rules.",
    severity=Severity.MEDIUM,
    packs=("network",),
    controls=("EC2.2", "CKV2_AWS_12", "AWS-0173", "AwsSolutions-VPCDefaultSecurityGroupClosed", "CIS 5.4"),
    remedy="remove ingress and egress from the aws.ec2.DefaultSecurityGroup, and give workloads groups of their own",
    url="https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
    types=(*_RULES, *_OWN),
    settings={
        "every_vpc": {
            "type": "boolean",
            "default": False,
            "description": "Every VPC of the stack must have an aws.ec2.DefaultSecurityGroup, which removes the rules "
            "that AWS makes.",
        },
    },
    check_stack=_check_rules,
    cases=lambda: (
        Example("a VPC whose group nobody touches", [_VPC]),
        *(
            Example(
                f"{type_} for another group",
                [_VPC, Res(_OWN[0], "own", {"vpcId": UNKNOWN}, {"id": UNKNOWN}), _rule(type_, behind="own")],
            )
            for type_ in _RULES
        ),
        Example("a rule for a group of another stack", [_MADE, _rule(_RULES[0], "sg-9")]),
        *(
            Example(
                f"{type_} opens it",
                [_VPC, _group(), _rule(type_, behind="default")],
                [Expect("DefaultSecurityGroup::rule", "rule", ["the default security group of default"])],
            )
            for type_ in _RULES
        ),
        Example(
            "a rule opens it through the VPC, first preview",
            [_VPC, _rule(_RULES[0], behind="vpc")],
            [Expect("DefaultSecurityGroup::rule", "rule", ["the default security group of vpc"])],
        ),
        Example(
            "a rule opens it through the VPC, update",
            [_MADE, _rule(_RULES[0], "sg-0")],
            [Expect("DefaultSecurityGroup::rule", "rule")],
        ),
        Example(
            "ingress that is no list, and egress",
            [_VPC, _group(ingress="all", egress=[_ALL])],
            [Expect("Malformed::ingress", "default"), Expect("DefaultSecurityGroup::egress", "default")],
        ),
    ),
)
