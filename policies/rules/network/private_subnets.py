"""Services, scheduled tasks, Auto Scaling groups and data stores run in subnets that no internet gateway leads to."""

from policies.framework import Report, Resource, Rule, Severity, Stack, Unknown, peek
from policies.rules.network._known_routes import KNOWN, KnownRoutes
from policies.rules.network._private_subnets_cases import private, undecided
from policies.rules.network._public_subnets_cases import public
from policies.rules.network._task_run_cases import task_runs
from policies.rules.network._vpc import DEFAULT_ROUTE_TABLE, NETWORK, ROUTE_TABLE, Network, check_form, registered
from policies.rules.network._vpc_layouts import layouts
from policies.rules.network._workloads import (
    IN_THE_DEFAULT_VPC,
    MEMBERS,
    PUBLIC_IF_UNNAMED,
    SUBNETS,
    exposed,
    group_is_in_stack,
    only_later,
    prop_of,
    subnet_ids,
    used_subnets,
)

_PUBLIC_BY_SETTING = "it is listed in the setting known_public_subnets"
_DEFAULT_VPC = "so it is in the default VPC, whose subnets are public"


def _check(resource: Resource, report: Report) -> None:
    """At the update ids are known before the workload is created, and what joins them has gone by with its own.

    What this cannot see yet (a main route table, routes written into a `RouteTable`) the stack check judges.
    """
    routes = KnownRoutes.of(report)
    if resource.type in KNOWN:
        routes.add(resource)
    if resource.type not in SUBNETS:
        return
    ids = subnet_ids(resource)
    if not ids and resource.type in PUBLIC_IF_UNNAMED:
        finding, reason = PUBLIC_IF_UNNAMED[resource.type]
        report.fail(resource, f"{finding}::{resource.name}", reason, prop=prop_of(resource), value=None)
        return
    public = []
    for subnet_id in (id_ for id_ in ids if isinstance(id_, str)):
        why = routes.why(subnet_id)
        if why is None and subnet_id in report.settings["known_public_subnets"]:
            why = _PUBLIC_BY_SETTING
        if why is not None:
            public.append(f"{subnet_id} ({why})")
    if public:
        _fail(resource, report, public)


def _check_stack(stack: Stack, report: Report) -> None:
    network = Network(stack, registered(report))
    for table in stack.of_type(*ROUTE_TABLE, *DEFAULT_ROUTE_TABLE):
        with report.guard(table):
            check_form(table)
    for workload in stack.of_type(*SUBNETS):
        with report.guard(workload):
            _judge(workload, network, report)
    for member in stack.of_type(*MEMBERS):
        with report.guard(member):
            _judge_member(member, stack, report)


def _judge(workload: Resource, network: Network, report: Report) -> None:
    prop = prop_of(workload)
    use = used_subnets(workload, network.ids)
    public, undecided = exposed(use, network.exposure)
    remedy = ""
    for subnet_id in use.outside:
        if subnet_id in report.settings["known_public_subnets"]:
            public.append(f"{subnet_id} ({_PUBLIC_BY_SETTING})")
        elif subnet_id not in report.settings["known_private_subnets"]:
            undecided.append(f"names {subnet_id}, which is not in this stack")
            remedy = "list the subnets of other stacks in the setting known_private_subnets or known_public_subnets"
    if public:
        _fail(workload, report, public)
    elif use.may_be_none:
        report.undecided(workload, prop)
    elif undecided:
        report.undecided(workload, prop, "; ".join(undecided), later=only_later(undecided), remedy=remedy)
    elif workload.type in IN_THE_DEFAULT_VPC and not use.named:
        report.undecided(workload, prop, f"is not set, {_DEFAULT_VPC}")


def _judge_member(member: Resource, stack: Stack, report: Report) -> None:
    """A data store is in the subnets of its group, which is judged itself if it is in the stack."""
    prop, _, inherits = MEMBERS[member.type]
    value = peek(member.inputs, prop)
    if group_is_in_stack(member, stack, value):
        return
    if isinstance(value, Unknown):
        report.undecided(member, prop)
    elif value in (None, ""):
        if not inherits or peek(member.inputs, inherits) in (None, ""):
            report.undecided(member, prop, f"is not set, {_DEFAULT_VPC}")
    elif value not in report.settings["known_private_subnet_groups"]:
        report.undecided(
            member,
            prop,
            f'is "{value}", a subnet group that is not in this stack',
            remedy="list it in the setting known_private_subnet_groups if its subnets are private",
        )


def _fail(workload: Resource, report: Report, public: list[str]) -> None:
    report.fail(
        workload,
        f"PublicSubnets::{workload.name}",
        f"names public subnets, which the internet can reach: {'; '.join(public)}",
        prop=prop_of(workload),
    )


RULE = Rule(
    name="network-private-subnets",
    title="Workloads run in private subnets",
    description="Tasks, Auto Scaling groups and data stores run in subnets without a route to an internet gateway.",
    severity=Severity.HIGH,
    packs=("network",),
    controls=("RDS.46", "CKV2_AWS_35", "AwsSolutions-VPCNoUnrestrictedRouteToIGW"),
    remedy="use private subnets (privateSubnetIds of an awsx Vpc), whose route tables lead to a NAT gateway, a transit "
    "gateway or nowhere",
    url="https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html",
    types=(*NETWORK, *SUBNETS, *MEMBERS),
    settings={
        "known_private_subnets": {
            "type": "array",
            "default": [],
            "items": {"type": "string", "pattern": "^subnet-"},
            "description": "Ids of private subnets outside the stack. Subnets in neither list are undecided.",
        },
        "known_public_subnets": {
            "type": "array",
            "default": [],
            "items": {"type": "string", "pattern": "^subnet-"},
            "description": "Ids of public subnets outside the stack.",
        },
        "known_private_subnet_groups": {
            "type": "array",
            "default": [],
            "items": {"type": "string", "minLength": 1},
            "description": "Names of subnet groups outside the stack (RDS, ElastiCache and so on) that have private "
            "subnets only. Others are undecided.",
        },
    },
    check=_check,
    check_stack=_check_stack,
    cases=lambda: (*private(), *public(), *undecided(), *layouts(), *task_runs()),
)
