"""Checks of what keeps data: rules of buckets that S3 would refuse, or that would do nothing."""

import itertools
from collections.abc import Iterator
from typing import Final

from components.storage.args import StorageClass

from ..platform import Platform
from ..problems import Path, Problem
from ..sections.storage import Bucket, ObjectLifecycle
from .databases import database_problems
from .queues import queues_problems
from .tables import table_problems

# From the dearest to the cheapest: objects move down only. S3 keeps none of the first two for less than 30 days
# ("Transitioning objects using Amazon S3 Lifecycle").
_DOWN: Final = tuple(StorageClass)
_AFTER_30_DAYS: Final = (StorageClass.STANDARD_IA, StorageClass.ONEZONE_IA)


def storage_problems(platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with what keeps data."""
    for name, bucket in platform.storage.buckets.items():
        yield from _bucket_problems(("storage", "buckets", name), bucket)
    for name, table in platform.storage.tables.items():
        yield from table_problems(("storage", "tables", name), table)
    for name, database in platform.storage.databases.items():
        yield from database_problems(("storage", "databases", name), database)
    yield from queues_problems(platform)


def _bucket_problems(path: Path, bucket: Bucket) -> Iterator[Problem]:
    prefixes: dict[str, str] = {}
    for name, rule in bucket.lifecycle.items():
        where = (*path, "lifecycle", name)
        yield from _rule_problems(where, rule)
        prefix = rule.prefix or ""
        if prefix in prefixes:
            objects = f"objects of {prefix}" if prefix else "all objects"
            advice = f"is for {objects}, as {prefixes[prefix]} is. Make one rule of both."
            yield Problem(where, None, advice, ((*path, "lifecycle", prefixes[prefix]),))
        prefixes.setdefault(prefix, name)


def _rule_problems(path: Path, rule: ObjectLifecycle) -> Iterator[Problem]:
    moves = rule.transition_days or {}
    if rule.expire_days is None and not moves:
        yield Problem(path, None, "has no effect. Set expireDays or transitionDays, or remove it.")
    for kept, days in moves.items():
        if kept in _AFTER_30_DAYS and days < 30:
            yield Problem(
                (*path, "transitionDays", kept.value), days, "must be 30 or more: S3 moves nothing there before"
            )
    down = [(kept, moves[kept]) for kept in _DOWN if kept in moves]
    for (dearer, earlier), (kept, days) in itertools.pairwise(down):
        longest = earlier + (30 if dearer in _AFTER_30_DAYS else 1)
        if days < longest:
            stays = "stay there for 30 days at least" if dearer in _AFTER_30_DAYS else "move from there"
            advice = f"must be {longest} or more: objects are in {dearer.value} after {earlier} days, and {stays}"
            yield Problem(
                (*path, "transitionDays", kept.value), days, advice, ((*path, "transitionDays", dearer.value),)
            )
    if rule.expire_days is not None and down and rule.expire_days <= max(moves.values()):
        last, days = max(moves.items(), key=lambda one: one[1])
        advice = f"must be more than {days}: objects move to {last.value} then. Or remove that."
        yield Problem((*path, "expireDays"), rule.expire_days, advice, ((*path, "transitionDays"),))
