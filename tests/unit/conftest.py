"""The mock engine of the unit lane: it records every registration and refuses what it does not know."""

import asyncio
import gc
import json
import runpy
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pulumi
import pytest
import yaml
from google.protobuf import json_format
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs
from pulumi.runtime.proto import source_pb2

import settings

ROOT = Path(__file__).parents[2]
# Pulumi's mocks take the thread's event loop: from Python 3.12 on none is made without a warning.
LOOP = asyncio.new_event_loop()
asyncio.set_event_loop(LOOP)
ACCOUNT, REGION = "123456789012", "eu-west-1"


class Registered(NamedTuple):
    """One resource as the program registered it."""

    type: str
    name: str
    inputs: dict[str, Any]
    protect: bool
    parent: str
    depends_on: list[str]
    ignore_changes: list[str]
    retained: bool
    urn: str
    aliases: list[str]
    deleted_first: bool
    imported: str
    """Id of what is in AWS already."""


class Engine(pulumi.runtime.Mocks):
    """Answers as AWS would, with ids and ARNs of the right form, and keeps what it was asked."""

    def __init__(self, parameters: Mapping[str, str] | None = None) -> None:
        self.parameters = parameters or {}
        self.repositories: list[str] = []
        self.refused: dict[str, str] = {}
        """What AWS says instead of answering a data source, by its token."""
        self.running: set[str] = set()
        """Names of the ECS services that have tasks."""
        self.resources: list[Registered] = []
        self.invokes: list[tuple[str, dict[str, Any]]] = []
        self.state: dict[str, dict[str, Any]] = {}
        """What the stack has already: URN → type and outputs, as the engine tells it."""
        self.zones = [f"{REGION}{letter}" for letter in "cab"]
        self.monitor = _Monitor(self)

    def find(self, kind: str, name: str | None = None) -> list[dict[str, Any]]:
        """Return the inputs of every resource of a type such as `ecs/service:Service`."""
        return [item.inputs for item in self.all(kind, name)]

    def all(self, kind: str, name: str | None = None) -> list[Registered]:
        """Return every resource of a type as it was registered."""
        return [item for item in self.resources if item.type == f"aws:{kind}" and (name is None or item.name == name)]

    def one(self, kind: str, name: str | None = None) -> dict[str, Any]:
        """Return the inputs of the only resource of a type."""
        (inputs,) = self.find(kind, name)
        return inputs

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        service = args.typ.split(":")[1].split("/")[0] if args.typ.count(":") > 1 else args.typ
        name = args.inputs.get("name") or f"{args.name}-0abc123"
        state = {"name": name, "arn": f"arn:aws:{service}:{REGION}:{ACCOUNT}:{args.name}", **args.inputs}
        if args.typ == "awsx:ec2:Vpc":
            zones = "abc"[: len(args.inputs["availabilityZoneNames"])]
            state = {
                "vpcId": "vpc-0abc",
                **{f"{kind}SubnetIds": [f"subnet-{kind}-{zone}" for zone in zones] for kind in ("public", "private")},
                **self._made_by_awsx(args.name, zones),
            }
        elif args.typ == "aws:ecr/repository:Repository":
            state["repositoryUrl"] = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{name}"
            state["arn"] = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{name}"
        elif args.typ == "aws:ecs/cluster:Cluster":
            state["arn"] = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{name}"
        elif args.typ == "aws:cloudwatch/logGroup:LogGroup":
            state["arn"] = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}"
        elif args.typ == "aws:secretsmanager/secret:Secret":
            state["arn"] = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-AbCdEf"
        elif args.typ == "aws:s3/bucket:Bucket":
            state |= {"bucket": name, "arn": f"arn:aws:s3:::{name}"}
        elif args.typ in ("aws:rds/instance:Instance", "aws:rds/cluster:Cluster"):
            arn = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:rds!{args.name}-AbCdEf"
            host = f"{args.name}.{REGION}.rds.amazonaws.com"
            state |= {"masterUserSecrets": [{"secretArn": arn}], "address": host, "endpoint": host}
        elif args.typ == "aws:codeconnections/connection:Connection":
            state["connectionStatus"] = "PENDING"
        elif args.typ == "aws:ec2/launchTemplate:LaunchTemplate":
            state["latestVersion"] = 1
        elif args.typ == "aws:ec2/vpcEndpoint:VpcEndpoint":
            state["prefixListId"] = "pl-0abc"
        elif args.typ == "aws:ec2/eip:Eip":
            state["publicIp"] = f"203.0.113.{args.name.rpartition('-')[2]}"
        elif args.typ == "aws:ec2/securityGroup:SecurityGroup":
            state["arn"] = f"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/{args.name}-id"
        elif args.typ == "aws:acm/certificate:Certificate":
            state["domainValidationOptions"] = [
                {
                    "domainName": domain,
                    "resourceRecordName": f"_proof.{domain.removeprefix('*.')}.",
                    "resourceRecordType": "CNAME",
                    "resourceRecordValue": "_value.acm-validations.aws.",
                }
                for domain in (args.inputs["domainName"], *args.inputs.get("subjectAlternativeNames", []))
            ]
        elif args.typ == "aws:route53/record:Record":
            state["fqdn"] = args.inputs["name"].rstrip(".") if "name" in args.inputs else None
        elif args.typ == "aws:lb/loadBalancer:LoadBalancer":
            state |= {"dnsName": f"{name}.{REGION}.elb.amazonaws.com", "zoneId": "Z32O12XQLNTSW2"}
        return f"{args.name}-id", state

    def _made_by_awsx(self, name: str, zones: str) -> dict[str, Any]:
        """Return the references to children of the Vpc that the program uses."""
        refer = self.monitor.made_elsewhere
        # Zone by zone, the public one first, as awsx makes them; each has a table of its own.
        subnets = [f"{kind}-{zone}" for zone in zones for kind in ("public", "private")]
        return {
            "internetGateway": refer("aws:ec2/internetGateway:InternetGateway", name, "igw-0abc"),
            "routeTables": [refer("aws:ec2/routeTable:RouteTable", subnet, f"rtb-{subnet}") for subnet in subnets],
            "routeTableAssociations": [
                refer(
                    "aws:ec2/routeTableAssociation:RouteTableAssociation",
                    subnet,
                    f"rtbassoc-{subnet}",
                    {"subnetId": f"subnet-{subnet}", "routeTableId": f"rtb-{subnet}"},
                )
                for subnet in subnets
            ],
        }

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        answers: dict[str, dict[str, Any]] = {
            "aws:index/getAvailabilityZones:getAvailabilityZones": {
                "names": self.zones,
                "zoneIds": [],
            },
            "pulumi:pulumi:readStackResourceOutputs": {"outputs": self.state},
            "aws:index/getRegion:getRegion": {"region": REGION, "id": REGION},
            "aws:index/getCallerIdentity:getCallerIdentity": {
                "accountId": ACCOUNT,
                "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/somebody",
            },
            "aws:secretsmanager/getRandomPassword:getRandomPassword": {"randomPassword": "drawn-by-aws"},
            "aws:index/getPartition:getPartition": {"partition": "aws"},
            "aws:route53/getZone:getZone": {"zoneId": "Z0EXAMPLE", "name": args.args.get("name")},
            "aws:ssm/getParametersByPath:getParametersByPath": {
                "names": [name for name in self.parameters if name.startswith(f"{args.args.get('path')}/")],
                "values": [
                    value for name, value in self.parameters.items() if name.startswith(f"{args.args.get('path')}/")
                ],
            },
        }
        self.invokes.append((args.token, dict(args.args)))
        if args.token in self.refused:
            return {}, [("", self.refused[args.token])]
        if args.token == "aws:ecr/getRepository:getRepository":
            found = args.args["name"] in self.repositories
            return ({"name": args.args["name"]}, []) if found else ({}, [("", "reading: couldn't find resource")])
        if args.token == "aws:ecs/getService:getService":
            if args.args["serviceName"] not in self.running:
                return {}, [("", "reading ECS Service: no matching ECS Service found")]
            return {"desiredCount": 2, "taskDefinition": "arn"}, []
        return answers[args.token], []


class _Monitor(MockMonitor):
    """Keeps what the mocks do not see: parents, protection, dependencies."""

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 the name is gRPC's
        inputs = json_format.MessageToDict(request.object)
        self.engine.resources.append(
            Registered(
                request.type,
                request.name,
                _plain(inputs),
                bool(request.protect),
                request.parent,
                list(request.dependencies),
                list(request.ignoreChanges),
                bool(request.retainOnDelete),
                self.make_urn(request.parent, request.type, request.name),
                sorted([*request.aliasURNs, *map(_alias, request.aliases)]),
                bool(request.deleteBeforeReplace),
                request.importId,
            )
        )
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.engine = engine

    def made_elsewhere(self, kind: str, name: str, id_: str, state: dict[str, str] | None = None) -> dict[str, str]:
        """Return a reference to a resource that a component from a plugin made."""
        urn = self.make_urn("", kind, name)
        self.resources[urn] = self.ResourceRegistration(urn, id_, state or {})
        return {"4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", "urn": urn, "id": id_}


def _alias(alias: Any) -> str:
    return str(alias.urn or json.dumps(json_format.MessageToDict(alias.spec), sort_keys=True))


def _plain(value: Any) -> Any:
    """Unwrap secrets and turn whole floats back to ints."""
    if isinstance(value, dict):
        if "4dabf18193072939515e22adb298388d" in value and "value" in value:
            return _plain(value["value"])
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of every garbage collection: pulumi_aws alone is a million objects."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_source_positions() -> Iterator[None]:
    """Give no resource its stack trace, which is a third of the time of a run here, and which no test reads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pulumi.runtime.resource._get_stack_trace", source_pb2.StackTrace)
        yield


Run = Callable[[Callable[[], object]], Engine]


@pytest.fixture(params=[False, True], ids=["update", "preview"])
def run(request: pytest.FixtureRequest) -> Run:
    """Run a function as a Pulumi program, once as an update and once as a preview, and return what it registered."""

    def execute(program: Callable[[], object], stack: str = "test") -> Engine:
        return run_program(program, stack=stack, preview=request.param)

    return execute


def run_program(
    program: Callable[[], object],
    *,
    stack: str = "test",
    preview: bool = False,
    parameters: Mapping[str, str] | None = None,
    engine: Engine | None = None,
) -> Engine:
    """Run a function as a Pulumi program under mocks; absences can be asserted on what it returns."""
    engine = engine or Engine(parameters)
    pulumi.runtime.settings.ROOT.set(None)  # else the exports of the program before stay
    pulumi.runtime.set_mocks(engine, project="container-platform", stack=stack, preview=preview, monitor=engine.monitor)

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def wrapped() -> None:
        program()

    wrapped()
    return engine


def stack_config(stack: str) -> dict[str, Any]:
    """Return the configuration that a committed stack file holds."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"]
    return loaded


def mistakes(raw: dict[str, Any], region: str = REGION, **around: Any) -> dict[str, str]:
    """Return the advice for every mistake in settings by its path; nothing if they are right."""
    known = {"project": "container-platform", "stack": "dev", **around}
    try:
        settings.parse(raw, settings.Surroundings(region, **known))
    except settings.SettingsError as error:
        return {settings.path_text(problem.path): problem.advice for problem in error.problems}
    return {}


class Program(NamedTuple):
    """A run of the real `__main__.py`."""

    engine: Engine
    outputs: dict[str, Any]


def run_main(
    stack: str,
    config: dict[str, Any],
    *,
    preview: bool = False,
    parameters: Mapping[str, str] | None = None,
    engine: Engine | None = None,
) -> Program:
    """Run the real program with a configuration, and parameters that are there, and return what it registered."""
    encoded = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    outputs: dict[str, Any] = {}

    def program() -> None:
        pulumi.runtime.set_all_config(encoded)
        runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")
        root = pulumi.runtime.get_root_resource()
        pulumi.Output.from_input(dict(root.outputs)).apply(outputs.update)  # type: ignore[union-attr]

    made = run_program(program, stack=stack, preview=preview, parameters=parameters, engine=engine)
    return Program(made, outputs)


@pytest.fixture(autouse=True)
def _no_leftover_configuration() -> Iterator[None]:
    pulumi.runtime.set_all_config({})
    yield
    pulumi.runtime.set_all_config({})
