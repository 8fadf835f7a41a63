"""The default security group of a VPC, which whatever names none gets, lets nothing in or out."""

from typing import Any

from policies.framework import (
    UNKNOWN,
    Example,
    Expect,
    Ids,
    Report,
    Res,
    Resource,
    Rule,
    Severity,
    Stack,
    Unknown,
    elements,
    peek,
)
from policies.rules.network._vpc import VPC

_DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
_RULES = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
)
_OWN = ("aws:ec2/securityGroup:SecurityGroup",)


def _check(resource: Resource, report: Report) -> None:
    if resource.type != _DEFAULT:
        return
    for direction in ("ingress", "egress"):
        with report.guard(resource):
            rules = peek(resource.inputs, direction)
            if isinstance(rules, Unknown):
                report.undecided(resource, direction)
            elif elements(rules, direction):
                report.fail(
                    resource,
                    f"DefaultSecurityGroup::{direction}",
                    "what is started without a security group of its own would use these rules",
                    prop=direction,
                    value=rules,
                )


def _check_stack(stack: Stack, report: Report) -> None:
    ids = Ids(stack, (_DEFAULT, *_OWN))
    by_vpc = {
        group: vpc
        for vpc in stack.of_type(*VPC)
        if isinstance(group := peek(vpc.props, "defaultSecurityGroupId"), str) and group
    }
    for rule in stack.of_type(*_RULES):
        with report.guard(rule):
            _judge_rule(rule, stack, ids, by_vpc, report)
    if report.settings["every_vpc"]:
        _judge_vpcs(stack, report)


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
            f"opens the default security group of {found[0].name}, which whatever is started without one would use",
            prop="securityGroupId",
            remedy="give the workload a security group of its own and the rule to that",
        )


def _judge_vpcs(stack: Stack, report: Report) -> None:
    closed = [vpc for group in stack.of_type(_DEFAULT) for vpc in _vpcs_of(group, stack)]
    for vpc in stack.of_type(*VPC):
        if vpc not in closed:
            report.fail(
                vpc,
                f"DefaultSecurityGroup::{vpc.name}",
                "its default security group is left as AWS makes it, open within itself and to everywhere",
                remedy="add an aws.ec2.DefaultSecurityGroup for it without ingress and egress",
            )


def _vpcs_of(group: Resource, stack: Stack) -> list[Resource]:
    value = peek(group.inputs, "vpcId")
    return Ids(stack, VPC).named(group, "vpcId", value, VPC)


def _group(**inputs: Any) -> Res:
    return Res(_DEFAULT, "default", {"vpcId": UNKNOWN, **inputs}, {"id": UNKNOWN}, depends={"vpcId": ["vpc"]})


def _rule(type_: str, group: Any = UNKNOWN, behind: str = "") -> Res:
    return Res(type_, "rule", {"securityGroupId": group}, depends={"securityGroupId": [behind] if behind else []})


_VPC = Res(VPC[0], "vpc", {"cidrBlock": "10.0.0.0/16"}, {"id": UNKNOWN, "defaultSecurityGroupId": UNKNOWN})
_MADE = Res(VPC[0], "vpc", {"cidrBlock": "10.0.0.0/16"}, {"id": "vpc-1", "defaultSecurityGroupId": "sg-0"})
_ALL = {"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}

RULE = Rule(
    name="network-default-security-group-closed",
    title="Default security groups are closed",
    description="The default security group of a VPC has no rules.",
    severity=Severity.MEDIUM,
    packs=("network",),
    controls=("EC2.2", "CKV2_AWS_12", "AWS-0173", "AwsSolutions-VPCDefaultSecurityGroupClosed", "CIS 5.4"),
    remedy="write the aws.ec2.DefaultSecurityGroup without ingress and egress, and give workloads groups of their own",
    url="https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
    types=(_DEFAULT, *_RULES, *_OWN, *VPC),
    settings={
        "every_vpc": {
            "type": "boolean",
            "default": False,
            "description": "Also demand that each VPC of the stack has an aws.ec2.DefaultSecurityGroup, which takes "
            "the rules away that AWS makes.",
        },
    },
    check=_check,
    check_stack=_check_stack,
    cases=lambda: (
        Example("neither ingress nor egress", [_VPC, _group()]),
        Example("empty lists", [_VPC, _group(ingress=[], egress=[])]),
        Example("a VPC whose group nobody touches", [_VPC]),
        Example("every VPC has one, by setting", [_VPC, _group()], settings={"every_vpc": True}),
        *(
            Example(
                f"{type_} for another group",
                [_VPC, Res(_OWN[0], "own", {"vpcId": UNKNOWN}, {"id": UNKNOWN}), _rule(type_, behind="own")],
            )
            for type_ in _RULES
        ),
        Example("a rule for a group of another stack", [_MADE, _rule(_RULES[0], "sg-9")]),
        Example(
            "as AWS makes it",
            [_VPC, _group(ingress=[_ALL], egress=[{**_ALL, "cidrBlocks": ["0.0.0.0/0"]}])],
            [Expect("DefaultSecurityGroup::ingress", "default"), Expect("DefaultSecurityGroup::egress", "default")],
        ),
        Example(
            "egress alone",
            [_VPC, _group(egress=[{**_ALL, "cidrBlocks": ["0.0.0.0/0"]}])],
            [Expect("DefaultSecurityGroup::egress", "default", ["egress is [", "Fix: "])],
        ),
        Example(
            "a rule that is not known but there",
            [_VPC, _group(ingress=[UNKNOWN])],
            [Expect("DefaultSecurityGroup::ingress", "default")],
        ),
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
            "the default VPC, by setting",
            [_VPC, _group(), Res(VPC[1], "other", {}, {"id": "vpc-9"})],
            [Expect("DefaultSecurityGroup::other", "other", ["as AWS makes it"])],
            settings={"every_vpc": True},
        ),
        Example(
            "ingress that is no list, and egress",
            [_VPC, _group(ingress="all", egress=[_ALL])],
            [Expect("Malformed::ingress", "default"), Expect("DefaultSecurityGroup::egress", "default")],
        ),
        Example(
            "unknown ingress",
            [_VPC, _group(ingress=UNKNOWN)],
            undecided=[Expect("Undecided::ingress", "default")],
        ),
    ),
)
