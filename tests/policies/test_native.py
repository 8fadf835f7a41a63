"""Resources of aws-native are judged as those of pulumi-aws are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from google.protobuf import json_format  # type: ignore[import-untyped, unused-ignore]

from policies.catalog import RULES
from policies.framework import UNKNOWN, Res, Rule, SecretValue
from policies.framework._native import NATIVE
from policies.framework.translation import Native, parts_of
from tests.policies.aliases import properties_of
from tests.policies.harness import Pack, Verdict, drawn, judge, judged, struct
from tests.policies.native import names, used

_NOT_IN_CLOUDFORMATION = "CloudFormation's registry has no such type that Cloud Control can make"
WITHOUT_COUNTERPART = {
    **dict.fromkeys(
        (
            "aws:dax/cluster:Cluster",
            "aws:dms/replicationInstance:ReplicationInstance",
            "aws:docdb/cluster:Cluster",
            "aws:elasticsearch/domain:Domain",
            "aws:fsx/lustreFileSystem:LustreFileSystem",
            "aws:fsx/ontapFileSystem:OntapFileSystem",
            "aws:fsx/openZfsFileSystem:OpenZfsFileSystem",
            "aws:fsx/windowsFileSystem:WindowsFileSystem",
        ),
        _NOT_IN_CLOUDFORMATION,
    ),
    **dict.fromkeys(
        (
            "aws:ec2/defaultRouteTable:DefaultRouteTable",
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
            "aws:ec2/defaultSubnet:DefaultSubnet",
            "aws:ec2/defaultVpc:DefaultVpc",
        ),
        "pulumi-aws's way to manage what AWS made itself",
    ),
    **dict.fromkeys(
        (
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
            "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
            "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
            "aws:ssoadmin/customerManagedPolicyAttachmentsExclusive:CustomerManagedPolicyAttachmentsExclusive",
        ),
        "aws-native attaches in the role, the user, the group, the permission set or the policy itself",
    ),
    "aws:autoscaling/attachment:Attachment": "aws-native has the target groups in the Auto Scaling group itself",
    "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry": "aws-native has the entries in the prefix list itself",
    "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": "not a resource of CloudFormation",
    "aws:ec2/securityGroupRule:SecurityGroupRule": "ec2:SecurityGroupIngress and its like are the newer types",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": "CloudFormation has spot fleets only",
}
"""Types that rules read and aws-native has not, with the reason."""

BY_TYPE: dict[str, list[tuple[str, Native]]] = {}
for _name, _natives in NATIVE.items():
    for _native in _natives:
        BY_TYPE.setdefault(_native.type, []).append((f"aws-native:{_name}", _native))

DOCUMENT = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def test_every_type_that_rules_read_is_translated_or_has_a_reason() -> None:
    read = {type_ for rule in RULES.values() for type_ in rule.types}
    assert read - set(BY_TYPE) == set(WITHOUT_COUNTERPART) & read
    assert not set(WITHOUT_COUNTERPART) & set(BY_TYPE)


@pytest.mark.parametrize("type_", NATIVE)
def test_names_are_those_of_the_sdk(type_: str) -> None:
    """`python -m tests.policies.native` writes the names down."""
    assert {path for native in NATIVE[type_] for path in used(native)} <= set(names()[type_])


def test_new_names_are_those_of_pulumi_aws() -> None:
    for native in (native for natives in NATIVE.values() for native in natives):
        to = [where if isinstance(where, str) else where[0] for where in native.moves.values()]
        assert {re.split(r"[.\[]", path)[0] for path in to} - {"", "id"} <= properties_of(native.type), native.type


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_rule_says_the_same_of_aws_native(rule: Rule) -> None:
    translated = 0
    for example, verdicts in drawn(judged(rule.name)):
        written = replace(example, resources=[_written(res) for res in example.resources])
        if written.resources != example.resources:
            assert _said(judge(rule, written)) == _said(verdicts), (example.name, written)
            translated += 1
    assert translated, "no example could be written with aws-native"


def _verdicts(*resources: Res, rules: Sequence[Rule] = tuple(RULES.values())) -> list[Verdict]:
    return Pack(rules).run(resources)


def _ids(*resources: Res) -> set[str]:
    return {verdict.id for verdict in _verdicts(*resources) if verdict.mandatory}


def test_messages_have_the_program_s_names_and_words() -> None:
    service = {"networkConfiguration": {"awsvpcConfiguration": {"assignPublicIp": "ENABLED"}}}
    (found,) = _verdicts(Res("aws-native:ecs:Service", "app", service))
    where = "networkConfiguration.awsvpcConfiguration.assignPublicIp"
    assert f'app (aws-native:ecs:Service): {where} is "ENABLED": ' in found.message
    assert f"Fix: remove {where} or set it to DISABLED; " in found.message

    group = {"securityGroupIngress": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIp": UNKNOWN}]}
    (undecided,) = _verdicts(Res("aws-native:ec2:SecurityGroup", "app", group))
    assert undecided.id == "Undecided::securityGroupIngress[0].cidrIp"

    (malformed,) = _verdicts(Res("aws-native:iam:Role", "app", {"assumeRolePolicyDocument": "{"}))
    assert malformed.id == "Malformed::assumeRolePolicyDocument"
    assert "assumeRolePolicyDocument: is not valid JSON" in malformed.message


def test_a_resource_that_pulumi_aws_has_several_for_is_judged_as_each_of_them() -> None:
    task = {"ecsParameters": {"networkConfiguration": {"awsVpcConfiguration": {"assignPublicIp": "ENABLED"}}}}
    targets = [{"arn": "a", **task}, {"arn": "b"}, {"arn": "c", **task}]
    found = _verdicts(Res("aws-native:events:Rule", "app", {"targets": targets}))
    assert [verdict.id for verdict in found] == ["PublicIp::app.targets[0]", "PublicIp::app.targets[2]"]
    assert [verdict.on for verdict in found] == ["app", "app"]
    (unknown, *_) = _verdicts(Res("aws-native:events:Rule", "app", {"targets": UNKNOWN}))
    assert unknown.undecided

    database = {"publiclyAccessible": True, "dbInstanceIdentifier": "app"}
    for of in ({}, {"dbClusterIdentifier": "cluster"}):
        assert _ids(Res("aws-native:rds:DbInstance", "app", {**database, **of})) == {"PublicIp::app"}


def test_a_managed_policy_belongs_to_whom_it_names() -> None:
    for of, judged_ in (({"roles": ["app"]}, True), ({}, True), ({"users": ["ann"]}, False)):
        inputs = {"policyDocument": DOCUMENT, **of}
        assert ("Action::*" in _ids(Res("aws-native:iam:ManagedPolicy", "app", inputs))) is judged_


def test_what_leads_from_one_resource_to_another_is_known_under_the_new_names() -> None:
    trust = {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    }
    role = Res("aws-native:iam:Role", "both", {"assumeRolePolicyDocument": trust})
    roles = {"taskRoleArn": UNKNOWN, "executionRoleArn": UNKNOWN}
    both = {prop: ["both"] for prop in roles}
    assert "SharedRole::both" in _ids(role, Res("aws-native:ecs:TaskDefinition", "app", roles, depends=both))

    vpc, gateway = Res("aws-native:ec2:Vpc", "vpc"), Res("aws-native:ec2:InternetGateway", "igw")
    subnet = Res("aws-native:ec2:Subnet", "subnet", {"vpcId": UNKNOWN}, depends={"vpcId": ["vpc"]})
    table = Res("aws-native:ec2:RouteTable", "table", {"vpcId": UNKNOWN}, depends={"vpcId": ["vpc"]})
    way = {"routeTableId": UNKNOWN, "gatewayId": UNKNOWN, "destinationCidrBlock": "0.0.0.0/0"}
    route = Res("aws-native:ec2:Route", "way", way, depends={"routeTableId": ["table"], "gatewayId": ["igw"]})
    joined = Res(
        "aws-native:ec2:SubnetRouteTableAssociation",
        "joined",
        {"subnetId": UNKNOWN, "routeTableId": UNKNOWN},
        depends={"subnetId": ["subnet"], "routeTableId": ["table"]},
    )
    service = Res(
        "aws-native:ecs:Service",
        "app",
        {"networkConfiguration": {"awsvpcConfiguration": {"subnets": [UNKNOWN]}}},
        depends={"networkConfiguration": ["subnet"]},
    )
    assert "PublicSubnets::app" in _ids(vpc, gateway, subnet, table, route, joined, service)


def test_secrets_stay_secret() -> None:
    open_port = {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIp": "0.0.0.0/0"}
    for ingress in (
        [SecretValue(open_port)],
        SecretValue([open_port]),
        [{**open_port, "cidrIp": SecretValue("0.0.0.0/0")}],
    ):
        (found,) = _verdicts(Res("aws-native:ec2:SecurityGroup", "app", {"securityGroupIngress": ingress}))
        assert "Ingress" in found.message
        assert "0.0.0.0/0" not in found.message


def test_a_remediation_writes_the_program_s_names() -> None:
    pack = Pack([RULES["ecr-scan-on-push"]], {"ecr-scan-on-push": "remediate"})
    inputs = {"repositoryName": SecretValue("team/app"), "imageTagMutability": UNKNOWN, "tags": []}
    changed = pack.remediate(Res("aws-native:ecr:Repository", "app", inputs))
    assert changed == {**json_format.MessageToDict(struct(inputs)), "imageScanningConfiguration": {"scanOnPush": True}}


def test_a_type_that_nothing_translates_is_said_once() -> None:
    types = ("aws-native:dax:Cluster", "aws-native:dax:Cluster", "aws-native:docdb:DbCluster", "aws-native:s3:Bucket")
    found = _verdicts(*(Res(type_, f"app-{number}") for number, type_ in enumerate(types)))
    assert [(verdict.mandatory, verdict.resource) for verdict in found] == [(False, ""), (False, "")]
    assert "aws-native:dax:Cluster is not judged (2 in the stack)" in found[0].message
    assert "aws-native:docdb:DbCluster is not judged (1 in the stack)" in found[1].message


def _written(res: Res) -> Res:
    """A resource as aws-native writes it, where that says all that it says."""
    for type_, native in BY_TYPE.get(res.type, []):
        inputs = _back(native, dict(res.inputs))
        outputs = _back(native, {key: value for key, value in res.outputs.items() if key != "id"})
        if inputs is None or outputs is None or ("id" in res.outputs and not native.id):
            continue
        if "id" in res.outputs:
            outputs[native.id] = res.outputs["id"]
        without = {*inputs, *outputs} - set(names()[type_.removeprefix("aws-native:")])
        assert without <= _NOT_THERE.get(res.type, set()), f"{type_} has no {without}"
        if without:
            continue
        return replace(res, type=type_, inputs=inputs, outputs=outputs, depends=dict(_depends(native, res)))
    return res


def _depends(native: Native, res: Res) -> Iterator[tuple[str, Sequence[str]]]:
    for key, urns in res.depends.items():
        # An object of aws-native may be the first of a list in pulumi-aws.
        yield native.each or re.split(r"[.\[]", native.back.renamed(f"{key}[0]"))[0], urns


_NOT_THERE = {
    "aws:ec2/eip:Eip": {"networkInterface"},
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {"gatewayId"},
    "aws:ecs/expressGatewayService:ExpressGatewayService": {"networkConfigurations"},
    "aws:ec2/vpc:Vpc": {"mainRouteTableId", "defaultRouteTableId"},
    "aws:ec2/internetGateway:InternetGateway": {"vpcId"},
    "aws:ec2/routeTable:RouteTable": {"routes"},
    "aws:ec2/vpnGateway:VpnGateway": {"vpcId"},
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": {"region"},
    "aws:ecr/repository:Repository": {"region"},
}
"""Properties that rules read and aws-native has not, or not as a list that is not known yet."""


def _back(native: Native, props: dict[str, Any]) -> dict[str, Any] | None:
    if native.own:
        return None
    made = native.back.moved(struct(props))[0]
    sent = struct({native.each: [json_format.MessageToDict(made)]}) if native.each else made
    parts = list(parts_of(native, sent))
    if len(parts) == 1 and {k: v for k, v in parts[0].props.fields.items() if k != "id"} == dict(struct(props).fields):
        return dict(json_format.MessageToDict(sent))
    return None


def _said(verdicts: Sequence[Verdict]) -> list[tuple[str, str, bool]]:
    """What was said, without the paths that each provider has its own names for."""
    return sorted(
        (v.on, re.sub(r"^(Undecided|Malformed)::.*|\.targets(\[0\])?", r"\1", v.id), v.mandatory) for v in verdicts
    )


@pytest.mark.parametrize("wrong", [[], ["a"], [["a"]], [{}], SecretValue(["a"])])
def test_a_list_in_place_of_an_object_ends_nothing(wrong: Any) -> None:
    template = Res("aws-native:ec2:LaunchTemplate", "app", {"launchTemplateData": wrong})
    verdicts = Pack(RULES.values()).run([template])
    assert not [verdict.id for verdict in verdicts if "Unjudged" in verdict.id]


@pytest.mark.parametrize("targets", [[{"id": UNKNOWN}], [{"id": "10.0.0.1"}, {"id": UNKNOWN, "port": 7000}]])
def test_the_targets_in_a_target_group_are_behind_its_load_balancer(targets: list[dict[str, Any]]) -> None:
    balancing = "aws-native:elasticloadbalancingv2:"
    front = {"type": "network", "scheme": "internet-facing"}
    actions = [{"type": "forward", "targetGroupArn": UNKNOWN}]
    listener = {"loadBalancerArn": UNKNOWN, "port": 7000, "protocol": "UDP", "defaultActions": actions}
    opening = {"ipProtocol": "udp", "fromPort": 7000, "toPort": 7000, "cidrIp": "0.0.0.0/0"}
    group = Res("aws-native:ec2:SecurityGroup", "group", {"securityGroupIngress": [opening]})
    behind = [
        group,
        Res("aws-native:ec2:Instance", "app", {"securityGroupIds": [UNKNOWN]}, depends={"securityGroupIds": ["group"]}),
        Res(f"{balancing}LoadBalancer", "front", front),
        Res(f"{balancing}TargetGroup", "to", {"port": 7000, "targets": targets}, depends={"targets": ["app"]}),
        Res(f"{balancing}Listener", "on", listener, depends={"loadBalancerArn": ["front"], "defaultActions": ["to"]}),
    ]
    rule = RULES["network-restricted-ingress"]
    assert Pack([rule]).run(behind) == []
    assert [verdict.id for verdict in Pack([rule]).run([group, *behind[2:3]])] == ["Ingress::udp/7000"]
