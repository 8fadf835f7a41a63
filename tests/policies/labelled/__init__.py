"""Reads the labelled set: small stacks, each with what a reviewer says of it on the aim of one rule.

README.md beside this file has the form of the cases.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import yaml

from policies.framework import Res

HERE: Final = Path(__file__).parent
ACCOUNT: Final = "123456789012"
REGION: Final = "eu-west-1"
DOCUMENTS: Final = frozenset(
    {"policy", "assumeRolePolicy", "containerDefinitions", "containerProperties", "definition", "ecsProperties"}
)
"""Properties that hold a document as JSON text."""

_DEFAULT_VERSION = "2012-10-17"
_PREFIXES = {
    "ec2.Vpc": "vpc",
    "ec2.Subnet": "subnet",
    "ec2.SecurityGroup": "sg",
    "ec2.RouteTable": "rtb",
    "ec2.InternetGateway": "igw",
    "ec2.NatGateway": "nat",
    "ec2.Instance": "i",
    "ec2.Eip": "eipalloc",
    "ec2.EgressOnlyInternetGateway": "eigw",
    "ec2.LaunchTemplate": "lt",
    "ec2.NetworkInterface": "eni",
}
_LOAD_BALANCER = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer"
_ARNS = {
    "iam.Role": f"arn:aws:iam::{ACCOUNT}:role/{{}}",
    "iam.Policy": f"arn:aws:iam::{ACCOUNT}:policy/{{}}",
    "lb.LoadBalancer": f"{_LOAD_BALANCER}/app/{{}}/0123456789abcdef",
    "alb.LoadBalancer": f"{_LOAD_BALANCER}/app/{{}}/0123456789abcdef",
    "ecs.TaskDefinition": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/{{}}:1",
}

_ARN_IS_ID = ("iam.Policy", "lb.LoadBalancer", "alb.LoadBalancer")


class Piece(NamedTuple):
    """One resource of a case, as it is written.

    :ivar type: `ec2.SecurityGroup`, or a whole token of another provider (`aws-native:ecs:Service`).
    :ivar inputs: under their Pulumi names. A text `@web.id` is the output `id` of the resource `web`.
    """

    type: str
    name: str
    inputs: Mapping[str, Any]

    @property
    def token(self) -> str:
        """The type as Pulumi writes it: `aws:ec2/securityGroup:SecurityGroup`."""
        if ":" in self.type:
            return self.type
        module, _, name = self.type.partition(".")
        return f"aws:{module}/{name[0].lower()}{name[1:]}:{name}"


@dataclass(frozen=True, eq=False)
class Case:
    """One stack with its label.

    :ivar aim: the rule whose aim it is about.
    :ivar label: what the reviewer says of it: `wrong` if the rule should find something.
    :ivar kind: what makes it worth a case, in a few words; disagreements are explained by kind.
    :ivar why: the reason of the label.
    :ivar source: the address of the page, bug report or fixture that it follows.
    """

    id: str
    aim: str
    label: Literal["fine", "wrong"]
    kind: str
    why: str
    source: str
    pieces: tuple[Piece, ...]

    @cached_property
    def resources(self) -> tuple[Res, ...]:
        """The resources as a rule sees them in an update, when every id is known."""
        by_name = {piece.name: piece for piece in self.pieces}
        return tuple(_resource(piece, by_name) for piece in self.pieces)


@cache
def cases() -> tuple[Case, ...]:
    """Every case, in the order of the files and within them."""
    return tuple(case for path in sorted((HERE / "cases").glob("*.yaml")) for case in _read(path))


def load(path: Path) -> Any:
    """A YAML file; by the parser in C where it is there, which is ten times faster."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  (both are safe loaders)


def _read(path: Path) -> Iterator[Case]:
    content = load(path)
    worlds = content.get("worlds", {})
    for given in content["cases"]:
        fields = {name: given[name] for name in ("id", "label", "kind", "why", "source")}
        yield Case(aim=given.get("aim", content.get("aim")), pieces=tuple(_pieces(given, worlds)), **fields)


def _pieces(case: Mapping[str, Any], worlds: Mapping[str, Any]) -> Iterator[Piece]:
    """The resources of a case: those of its world, those that a short form stands for, and its own."""
    known = {"id", "label", "kind", "why", "source", "aim"}
    shapes = {"world", "service", "trust", "statements", "attached", "task", "resources"}
    if unknown := set(case) - known - shapes:
        raise ValueError(f"{case['id']}: unknown fields {sorted(unknown)}")
    for name in (case.get("world") or "").split():
        yield from _own(worlds[name])
    if {"trust", "statements", "attached", "service"} & set(case):
        trusted = case.get("trust") or [
            {"Principal": {"Service": case.get("service", "ecs-tasks.amazonaws.com")}, "Action": "sts:AssumeRole"}
        ]
        yield Piece("iam.Role", "app", {"assumeRolePolicy": trusted})
    if "statements" in case:
        yield Piece("iam.RolePolicy", "access", {"role": "@app.id", "policy": case["statements"]})
    for number, policy in enumerate(case.get("attached", ())):
        arn = policy if policy.startswith(("arn:", "@")) else f"arn:aws:iam::aws:policy/{policy}"
        yield Piece("iam.RolePolicyAttachment", f"attached-{number}", {"role": "@app.name", "policyArn": arn})
    if "task" in case:
        yield Piece("ecs.TaskDefinition", "web", {"family": "web", **case["task"]})
    yield from _own(case.get("resources", {}))


def _own(resources: Mapping[str, Any]) -> Iterator[Piece]:
    for head, inputs in resources.items():
        type_, _, name = head.partition(" ")
        yield Piece(type_, name, inputs or {})


def _resource(piece: Piece, by_name: Mapping[str, Piece]) -> Res:
    inputs = {name: _value(name, value, by_name) for name, value in with_name(piece).items()}
    depends = {name: names for name, value in piece.inputs.items() if (names := sorted(set(_named(value))))}
    outputs = {"id": attribute(piece, "id"), "arn": attribute(piece, "arn")}
    if piece.type == "ec2.Vpc":
        wanted = ("mainRouteTableId", "defaultRouteTableId", "defaultSecurityGroupId")
        outputs |= {name: attribute(piece, name) for name in wanted}
    return Res(piece.token, piece.name, inputs, outputs, depends=depends)


def with_name(piece: Piece) -> Mapping[str, Any]:
    """The inputs, with the name that the provider gives a role or a policy before AWS knows it."""
    return {"name": piece.name, **piece.inputs} if piece.type in ("iam.Role", "iam.Policy") else piece.inputs


def _value(name: str, value: Any, by_name: Mapping[str, Piece]) -> Any:
    if isinstance(value, str):
        found = reference(value)
        return attribute(by_name[found[0]], found[1]) if found else value
    if name in DOCUMENTS and not isinstance(value, str):
        return json.dumps(document(_deep(value, by_name)))
    return _deep(value, by_name)


def _deep(value: Any, by_name: Mapping[str, Piece]) -> Any:
    if isinstance(value, Mapping):
        return {name: _value(name, item, by_name) for name, item in value.items()}
    if isinstance(value, list):
        return [_value("", item, by_name) for item in value]
    return _value("", value, by_name) if isinstance(value, str) else value


def document(value: Any) -> Any:
    """A list of statements as a whole policy document; a statement without an effect allows. Others as they are."""
    if not isinstance(value, list) or not value or not {"Action", "NotAction"} & set(value[0]):
        return value
    statements = [{"Effect": "Allow", **statement} for statement in value]
    return {"Version": _DEFAULT_VERSION, "Statement": statements}


def reference(value: str) -> tuple[str, str] | None:
    """The resource and the output that a text like `@web.id` names."""
    if not value.startswith("@"):
        return None
    name, _, output = value[1:].partition(".")
    return name, output


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, str) and (found := reference(value)):
        yield found[0]
    elif isinstance(value, Mapping | list):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _named(item)


def attribute(piece: Piece, output: str) -> str:
    """What AWS could have given a resource as an output."""
    name = str(piece.inputs.get("name", piece.name))
    if output == "arn" or (output == "id" and piece.type in _ARN_IS_ID):
        return _ARNS.get(piece.type, f"arn:aws:{piece.type.partition('.')[0]}:{REGION}:{ACCOUNT}:{{}}").format(name)
    if output == "name" or (output == "id" and piece.type not in _PREFIXES):
        return name
    if output == "id":
        return f"{_PREFIXES[piece.type]}-{piece.name}"
    return f"{piece.name}-{output}"
