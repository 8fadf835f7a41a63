"""How the rules' own time grows: with resources of several kinds, and with the statements of one policy.

Everything runs in this process, through the pack's own gRPC servicer as the engine calls it: each registration, then
the stack. Run it with `make benchmark`.
"""

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from google.protobuf import struct_pb2  # type: ignore[import-untyped, unused-ignore]
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel

from benchmarks import page, platform
from policies.catalog import RULES
from policies.framework.servicer import PackServicer, RulePolicy
from policies.pack import GARBAGE

BEGIN, END = "<!-- growth: begin -->", "<!-- growth: end -->"
RESOURCES: Final = (100, 300, 1000, 3000)
STATEMENTS: Final = (50, 500, 5000)
_URN: Final = "urn:pulumi:dev::benchmark::"
_ROLE: Final = "aws:iam/role:Role"


class Made(NamedTuple):
    """A resource as the engine sends it."""

    type: str
    name: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    depends: Mapping[str, Sequence[str]]


def platform_of(number: int) -> list[Made]:
    """The platform of `benchmarks.platform`."""
    items = platform.platform(number)
    state = platform.state(items)["deployment"]["resources"]
    types = {item.name: item.pulumi_type for item in items}
    return [
        Made(item.pulumi_type, item.name, item.inputs, sent["outputs"], _behind(item.depends, types))
        for item, sent in zip(items, state, strict=True)
    ]


def roles(number: int) -> list[Made]:
    """Roles that may do everything."""
    inline = [{"name": "all", "policy": json.dumps(_document([_allowed("*", "*")]))}]
    return [_made(_ROLE, f"role-{n}", {"name": f"role-{n}", **_TRUST, "inlinePolicies": inline}) for n in range(number)]


def subnets(number: int) -> list[Made]:
    """Services, each in a subnet of its own with a route table of its own."""
    found = [_made("aws:ec2/vpc:Vpc", "vpc", {"cidrBlock": "10.0.0.0/8"}), _made(_GATEWAY, "igw", {"vpcId": "vpc"})]
    for n in range((number - 2) // 5):
        subnet, table = f"subnet-{n}", f"table-{n}"
        way = {"gatewayId": "igw"} if n % 2 else {"natGatewayId": "nat-1"}
        found += [
            _made("aws:ec2/subnet:Subnet", subnet, {"vpcId": "vpc", "cidrBlock": "10.0.0.0/24"}),
            _made("aws:ec2/routeTable:RouteTable", table, {"vpcId": "vpc"}),
            _made(
                "aws:ec2/route:Route", f"route-{n}", {"routeTableId": table, "destinationCidrBlock": "0.0.0.0/0", **way}
            ),
            _made(_ASSOCIATION, f"in-{n}", {"subnetId": subnet, "routeTableId": table}),
            _made("aws:ecs/service:Service", f"service-{n}", {"networkConfiguration": {"subnets": [subnet]}}),
        ]
    return found


def groups(number: int) -> list[Made]:
    """Load balancers with listeners, and a rule of a security group for each."""
    found = []
    for n in range(number // 4):
        found += [
            _made("aws:ec2/securityGroup:SecurityGroup", f"sg-{n}", {}),
            _made(_BALANCER, f"lb-{n}", {"internal": False, "securityGroups": [f"sg-{n}"]}),
            _made(
                "aws:lb/listener:Listener",
                f"listener-{n}",
                {"loadBalancerArn": f"lb-{n}", "port": 8443, "protocol": "TLS"},
            ),
            _made(_INGRESS, f"rule-{n}", {"securityGroupId": f"sg-{n}", **_OPEN}),
        ]
    return found


def attached(number: int) -> list[Made]:
    """One role with many policies attached."""
    found = [_made(_ROLE, "role", {"name": "role", **_TRUST})]
    for n in range(number // 2):
        arn, document = f"arn:aws:iam::{platform.ACCOUNT}:policy/{n}", _document([_allowed("s3:GetObject", "*")])
        policy = _made("aws:iam/policy:Policy", f"policy-{n}", {"name": f"{n}", "policy": json.dumps(document)})
        found += [policy._replace(outputs={**policy.outputs, "arn": arn})]
        found += [_made(_ATTACHMENT, f"attached-{n}", {"role": "role", "policyArn": arn})]
    return found


def stores(number: int) -> list[Made]:
    """Databases, each in a subnet group of its own."""
    found = []
    for n in range(number // 2):
        found += [
            _made(
                "aws:rds/subnetGroup:SubnetGroup", f"group-{n}", {"name": f"group-{n}", "subnetIds": [f"subnet-{n}"]}
            ),
            _made("aws:rds/instance:Instance", f"store-{n}", {"dbSubnetGroupName": f"group-{n}"}),
        ]
    return found


def native(number: int) -> list[Made]:
    """Repositories and roles of aws-native."""
    trust = {"roleName": "app", "assumeRolePolicyDocument": json.loads(_TRUST["assumeRolePolicy"])}
    return [
        _made("aws-native:ecr:Repository", f"app-{n}", {"repositoryName": f"app-{n}"})
        if n % 2
        else _made("aws-native:iam:Role", f"role-{n}", {**trust, "roleName": f"role-{n}"})
        for n in range(number)
    ]


def _policy(statement: Callable[[int], dict[str, Any]]) -> Callable[[int], list[Made]]:
    def one(statements: int) -> list[Made]:
        document = json.dumps(_document([statement(n) for n in range(statements)]))
        return [_made("aws:iam/policy:Policy", "policy", {"name": "policy", "policy": document})]

    return one


KINDS: Final[Mapping[str, Callable[[int], list[Made]]]] = {
    "the platform of the comparison above": platform_of,
    "roles that may do everything": roles,
    "services, each with subnet, route table and route": subnets,
    "policies attached to one role": attached,
    "databases with a subnet group each": stores,
    "security groups with load balancers": groups,
    "repositories and roles of aws-native": native,
}
POLICIES: Final[Mapping[str, Callable[[int], list[Made]]]] = {
    "`*` on `*`": _policy(lambda _: _allowed("*", "*")),
    "a named action on a named resource": _policy(lambda n: _allowed("s3:GetObject", f"arn:aws:s3:::bucket-{n}/key")),
    "a named action on `*`": _policy(lambda _: _allowed("s3:GetObject", "*")),
    "a wildcard in the action": _policy(lambda n: _allowed("s3:Get*", f"arn:aws:s3:::bucket-{n}/*")),
    "`NotAction`": _policy(lambda n: {"Effect": "Allow", "NotAction": "iam:*", "Resource": f"arn:aws:s3:::bucket-{n}"}),
    "`NotResource`": _policy(lambda n: {"Effect": "Allow", "Action": "s3:*", "NotResource": f"arn:aws:s3:::b-{n}"}),
    "a condition": _policy(lambda n: {**_allowed("s3:GetObject", "*"), "Condition": {"StringEquals": {"a:b": f"{n}"}}}),
    "a Deny": _policy(lambda n: {"Effect": "Deny", "Action": "*", "Resource": f"arn:aws:s3:::bucket-{n}"}),
}


def seconds(resources: Iterable[Made]) -> float:
    """The processor time that the pack `all` takes to judge these."""
    resources = list(resources)
    requests = [_request(made) for made in resources]
    stack = proto.AnalyzeStackRequest()
    for made in resources:
        message = stack.resources.add(type=made.type, urn=_urn(made), name=made.name, properties=_struct(made.outputs))
        for prop, urns in made.depends.items():
            message.propertyDependencies[prop].urns.extend(urns)
    policies = [RulePolicy(rule, EnforcementLevel.MANDATORY) for rule in RULES.values()]
    servicer = PackServicer("all", "0.0.1", list(policies), EnforcementLevel.MANDATORY)
    threshold = gc.get_threshold()
    gc.set_threshold(GARBAGE)
    began = time.process_time()
    for request in requests:
        servicer.Analyze(request, None)
    servicer.AnalyzeStack(stack, None)
    taken = time.process_time() - began
    gc.set_threshold(*threshold)
    return taken


def table(kinds: Mapping[str, Callable[[int], list[Made]]], sizes: Sequence[int], what: str) -> list[str]:
    """One table: a row for each kind, a column for each size, and how much more the largest takes for each."""
    lines = [
        f"| {what} | {' | '.join(f'{size:,}' for size in sizes)} | growth |",
        f"|---|{'---|' * len(sizes)}---|",
    ]
    for name, make in kinds.items():
        taken = []
        for size in sizes:
            gc.collect()
            taken.append(seconds(make(size)))
        growth = taken[-1] / taken[-2] / (sizes[-1] / sizes[-2])
        lines.append(f"| {name} | {' | '.join(f'{second:.2f} s' for second in taken)} | {growth:.1f} |")
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--print", action="store_true", help="Only print the tables.")
    options = parser.parse_args(arguments)
    seconds(platform_of(100))  # what is read once is read
    lines = [*table(KINDS, RESOURCES, "resources"), "", *table(POLICIES, STATEMENTS, "statements of one policy")]
    text = "\n".join(lines)
    print(text)
    if not options.print:
        page.write(BEGIN, END, text)
    return 0


_TRUST: Final = {
    "assumeRolePolicy": json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            },
        }
    )
}
_ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_GATEWAY: Final = "aws:ec2/internetGateway:InternetGateway"
_ASSOCIATION: Final = "aws:ec2/routeTableAssociation:RouteTableAssociation"
_BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
_INGRESS: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_OPEN: Final = {"ipProtocol": "tcp", "fromPort": 8443, "toPort": 8443, "cidrIpv4": "0.0.0.0/0"}


def _allowed(action: str, resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def _document(statements: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _made(type_: str, name: str, inputs: Mapping[str, Any]) -> Made:
    arn = f"arn:aws:iam::{platform.ACCOUNT}:role/{name}"
    return Made(type_, name, inputs, {**inputs, "id": name, "arn": arn}, {})


def _behind(depends: Mapping[str, Sequence[str]], types: Mapping[str, str]) -> dict[str, list[str]]:
    return {prop: [f"{_URN}{types[name]}::{name}" for name in names] for prop, names in depends.items()}


def _urn(made: Made) -> str:
    return f"{_URN}{made.type}::{made.name}"


def _request(made: Made) -> Any:
    return proto.AnalyzeRequest(type=made.type, urn=_urn(made), name=made.name, properties=_struct(made.inputs))


def _struct(values: Mapping[str, Any]) -> Any:
    struct = struct_pb2.Struct()
    struct.update(values)
    return struct


if __name__ == "__main__":
    sys.exit(main())
