"""Checks of what applications are linked to."""

from collections.abc import Iterator
from graphlib import CycleError
from typing import Final, NamedTuple

from components.network.args import VpcEndpoints
from components.tasks import link_documents
from components.tasks.args import NetworkMode
from components.tasks.link_args import (
    ACCESSES,
    ENDPOINTS,
    VARIABLES,
    LinkArgs,
    LinkChoices,
    LinkKind,
    LinkLinks,
    variable,
)

from ..platform import Platform
from ..problems import Path, Problem, named
from ..sections.links import Link
from ..sections.tasks import Tasks
from .network import no_way_problems
from .permissions import LONGEST_POLICY, OWN_POLICIES, ROLE_POLICIES, granted_length

_ACCOUNT: Final = "us-gov-west-1:123456789012"
_LONGEST: Final = {
    "bucket": f"arn:aws-us-gov:s3:::{'b' * 63}",
    "table": f"arn:aws-us-gov:dynamodb:{_ACCOUNT}:table/{'t' * 64}",
    "database": f"arn:aws-us-gov:secretsmanager:{_ACCOUNT}:secret:{'s' * 64}",
    "queue": f"arn:aws-us-gov:sqs:{_ACCOUNT}:{'q' * 80}",
    "topic": f"arn:aws-us-gov:sns:{_ACCOUNT}:{'t' * 80}",
}
"""ARNs as long as they may be of what this stack makes, which has none yet."""


class _Home(NamedTuple):
    """Where the settings have what a link may name, and under which names."""

    path: Path
    names: list[str]
    listed: str


def link_problems(path: Path, tasks: Tasks, platform: Platform) -> Iterator[Problem]:
    """Find links to nothing, or to what the application cannot use or reach, and variables that are set already."""
    right = {}
    for label, link in tasks.links.items():
        where = (*path, "links", label)
        if len(link.targets) != 1:
            listed = " and ".join(link.targets)
            more = (
                f"has {listed}. Keep one of them."
                if listed
                else "leads nowhere. Set bucket, table, database, queue, topic or arn."
            )
            yield Problem(where, None, more)
            continue
        right[label] = link
        yield from _target_problems(where, link, platform)
        yield from _use_problems(where, link)
        if link.database is not None and tasks.network_mode is NetworkMode.BRIDGE:
            advice = "needs networkMode awsvpc: in bridge mode tasks share the security group of their instance"
            yield Problem((*where, "database"), link.database, advice, ((*path, "networkMode"),))
        yield from _bucket_endpoint_problems(where, link, platform)
    for kind in sorted({link.kind for link in right.values()} & ENDPOINTS.keys()):
        yield from no_way_problems(path, ENDPOINTS[kind], f"the {kind.value} that it is linked to", platform)
    yield from _variable_problems(path, right, tasks)
    yield from _length_problems(path, right, tasks)


def circle_problems(platform: Platform) -> Iterator[Problem]:
    """Find queue workers that are linked to each other's queues: one of the queues must be there first."""
    try:
        list(platform.services_by_queues)
    except CycleError as error:
        circle: list[str] = error.args[1]
        # In the order in which each needs the next.
        names = list(reversed(circle))
        advice = (
            f"are linked to each other's queues: {' → '.join(names)}. Let one of them be a worker that processes a "
            "queue of storage.queues by a link."
        )
        yield Problem(("services",), None, advice, tuple(("services", name, "links") for name in sorted(set(names))))


def _target_problems(path: Path, link: Link, platform: Platform) -> Iterator[Problem]:
    (target,) = link.targets
    if target == "arn":
        return
    home = _home(target, platform)
    if target == "queue" and path[:2] == ("services", link.queue) and link.queue in platform.queue_workers:
        advice = "is this worker's own queue, which it processes already. Remove the link."
        yield Problem((*path, target), link.queue, advice)
        return
    name, place = getattr(link, target), ".".join(map(str, home.path))
    if name not in home.names:
        if target == "queue":
            advice = f"is neither in storage.queues nor a queueWorker. There is {home.listed}."
        else:
            advice = f"is not in {place}, which has {home.listed}. Add it there."
        yield Problem((*path, target), name, advice, (*named(home.path, name), *named(("services",), name)))
    if link.kms_key_arn is not None:
        setting = (
            f"services.{name}.queue" if name in platform.queue_workers and target == "queue" else f"{place}.{name}"
        )
        advice = f"has no effect: the link uses the key of the {target}. Set {setting}.kmsKeyArn instead."
        if target == "database":
            advice = "has no effect: RDS keeps the password with the account's own key. Remove it."
        yield Problem((*path, "kmsKeyArn"), link.kms_key_arn, advice, ((*path, target),))


def _home(target: str, platform: Platform) -> _Home:
    names = [*getattr(platform.storage, f"{target}s"), *(platform.queue_workers if target == "queue" else ())]
    return _Home(("storage", f"{target}s"), names, ", ".join(names) or "none yet")


def _use_problems(path: Path, link: Link) -> Iterator[Problem]:
    kind, target = link.kind, (*path, link.targets[0])
    possible = ACCESSES[kind]
    if link.access is not None and link.access not in possible:
        what = f"an application writes to {_a(kind)}"
        if kind is LinkKind.DATABASE:
            what = "what an application may do in a database, its users' grants say"
        advice = f"is not possible: {what}. Remove access."
        yield Problem((*path, "access"), link.access.value, advice, (target,))
    if link.prefix is not None and kind is not LinkKind.BUCKET:
        advice = f"has no effect: {_a(kind)} has no keys of objects. Remove it."
        yield Problem((*path, "prefix"), link.prefix, advice, (target,))
    if link.kms_key_arn is not None and kind in (LinkKind.KEY, LinkKind.EVENT_BUS):
        why = "it is the key" if kind is LinkKind.KEY else "EventBridge uses the key of an event bus by itself"
        yield Problem((*path, "kmsKeyArn"), link.kms_key_arn, f"has no effect: {why}. Remove it.", (target,))


def _a(kind: LinkKind) -> str:
    return f"{'an' if kind is LinkKind.EVENT_BUS else 'a'} {kind.value}"


def _bucket_endpoint_problems(path: Path, link: Link, platform: Platform) -> Iterator[Problem]:
    network = platform.network
    named_buckets = network.endpoint_bucket_arns
    if network.existing or network.endpoints is VpcEndpoints.NONE or not named_buckets:
        return
    if link.kind is LinkKind.BUCKET and link.arn is not None and link.arn not in named_buckets:
        advice = "cannot be reached through the VPC's endpoint for S3. Add it to network.endpointBucketArns."
        others: tuple[Path, ...] = (("network", "endpointBucketArns"), ("network", "endpoints"))
        yield Problem((*path, "arn"), link.arn, advice, others)


def _variable_problems(path: Path, links: dict[str, Link], tasks: Tasks) -> Iterator[Problem]:
    """Find variables of links that the application's own environment sets; two links never set the same one."""
    generated = tasks.generated_secret.environment_variable if tasks.generated_secret else None
    for label, link in links.items():
        where = (*path, "links", label)
        for end in VARIABLES[link.kind]:
            found = variable(label, end)
            for field, there in (("environment", tasks.environment), ("secrets", tasks.secrets)):
                if found in there:
                    advice = f"sets {found}, which {field} does too. Name the link otherwise, or remove the variable."
                    yield Problem(where, None, advice, ((*path, field, found),))
            if found == generated:
                advice = f"sets {found}, which generatedSecret does too. Name the link or the variable otherwise."
                yield Problem(where, None, advice, ((*path, "generatedSecret"),))


def _length_problems(path: Path, links: dict[str, Link], tasks: Tasks) -> Iterator[Problem]:
    """Find more links than the policies of a role have room for."""
    if not links:
        return
    arns = {label: link.arn or _LONGEST[link.targets[0]] for label, link in links.items()}
    args: dict[str, LinkArgs] = {
        label: {**link.given(LinkChoices), **LinkLinks(), "kind": link.kind, "arn": arns[label]}
        for label, link in links.items()
    }
    length = len("".join(link_documents.permissions(args).split()))
    beside = granted_length(tasks.permissions)
    if beside <= LONGEST_POLICY < length + beside:
        own = f" and permissions make {beside:,}" if beside else ""
        advice = (
            f"make a policy of {length:,} characters{own}, but IAM takes {ROLE_POLICIES:,} for a role. The next ones "
            f"must fit beside them, and {OWN_POLICIES:,} are left for what the platform grants. Make them "
            f"{LONGEST_POLICY:,} together: link to less, or attach a policy of your own to the output taskRoleName."
        )
        yield Problem((*path, "links"), None, advice, ((*path, "permissions"),))
