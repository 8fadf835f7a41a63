"""Where applications keep their data and messages, and what they are linked to."""

from collections.abc import Mapping
from typing import NamedTuple

import pulumi

import settings
from components import Bucket, BucketArgs, Database, Queue, QueueArgs, Table, TableArgs, Topic, TopicArgs
from components.storage.args import BucketChoices
from components.storage.queue_args import QueueChoices, SubscriptionArgs, SubscriptionChoices, TopicChoices
from components.storage.table_args import KeyArgs, TableChoices
from components.tasks.link_args import LinkArgs, LinkChoices, LinkLinks, ReachedArgs
from outputs.storage import StorageOutputs

from .living_data import LivingData
from .observability import Reports, reported
from .place import Place


class Stored(NamedTuple):
    """What keeps data and messages, by its name in the settings."""

    buckets: Mapping[str, Bucket]
    tables: Mapping[str, Table]
    queues: Mapping[str, Queue]
    topics: Mapping[str, Topic]
    databases: Mapping[str, Database]
    """None before the network is made, which they are in."""


def storage(platform: settings.Platform, place: Place, living: LivingData, reports: Reports) -> Stored:
    """Make what keeps data and messages."""
    living.warn()

    def bucket(name: str, chosen: settings.Bucket) -> Bucket:
        args: BucketArgs = {
            **chosen.given(BucketChoices),
            "prefix": f"{place.name}-{name}",
            "protect": place.protect,
        }
        return Bucket(name, args)

    def table(name: str, chosen: settings.Table) -> Table:
        args: TableArgs = {
            **chosen.given(TableChoices),
            "table_name": f"{place.name}-{name}",
            "partition_key": chosen.partition_key.given(KeyArgs),
            "current_units": living.units(name),
            "limited": living.limited(name),
            "protect": place.protect,
        }
        return Table(name, args)

    def topic(name: str, chosen: settings.Topic) -> Topic:
        args: TopicArgs = {
            **chosen.given(TopicChoices),
            "prefix": f"{place.name}-{name}",
            "protect": place.protect,
        }
        return Topic(name, args)

    topics = {name: topic(name, one) for name, one in platform.storage.topics.items()}

    def queue(name: str, chosen: settings.Queue) -> Queue:
        args: QueueArgs = {
            **chosen.given(QueueChoices),
            **reported(reports),
            "subscriptions": subscriptions(chosen.subscriptions, topics),
            "prefix": f"{place.name}-{name}",
            "protect": place.protect,
        }
        return Queue(name, args)

    return Stored(
        {name: bucket(name, one) for name, one in platform.storage.buckets.items()},
        {name: table(name, one) for name, one in platform.storage.tables.items()},
        {name: queue(name, one) for name, one in platform.storage.queues.items()},
        topics,
        {},
    )


def subscriptions(
    chosen: Mapping[str, settings.Subscription], topics: Mapping[str, Topic]
) -> dict[str, SubscriptionArgs]:
    """Return the topics whose messages come into a queue."""

    def subscription(one: settings.Subscription) -> SubscriptionArgs:
        arn = topics[one.topic].arn if one.topic is not None else one.topic_arn or ""
        return {**one.given(SubscriptionChoices), "topic_arn": arn}

    return {name: subscription(one) for name, one in chosen.items()}


class WorkersQueue(NamedTuple):
    """The queue of a queue worker of this stack."""

    arn: pulumi.Input[str]
    kms_key_arn: str | None


def links(
    runs: settings.Service | settings.Job,
    platform: settings.Platform,
    stored: Stored,
    queues: Mapping[str, WorkersQueue],
) -> dict[str, LinkArgs]:
    """Return what the tasks of a service or job are linked to."""
    known = platform.storage

    def own(chosen: settings.Link) -> tuple[pulumi.Input[str], str | None]:
        """Return the ARN of what this stack makes, and its key."""
        if chosen.bucket is not None:
            return stored.buckets[chosen.bucket].arn, known.buckets[chosen.bucket].kms_key_arn
        if chosen.table is not None:
            return stored.tables[chosen.table].arn, known.tables[chosen.table].kms_key_arn
        if chosen.topic is not None:
            return stored.topics[chosen.topic].arn, known.topics[chosen.topic].kms_key_arn
        name = chosen.queue or ""
        return (stored.queues[name].arn, known.queues[name].kms_key_arn) if name in known.queues else queues[name]

    def link(chosen: settings.Link) -> LinkArgs:
        if chosen.arn is not None:
            return {**chosen.given(LinkChoices), **LinkLinks(), "kind": chosen.kind, "arn": chosen.arn}
        if chosen.database is not None:
            one = stored.databases[chosen.database]
            reached: ReachedArgs = {
                "host": one.host,
                "port": one.port,
                "name": one.database_name,
                "security_group_id": one.security_group_id,
            }
            return {"kind": chosen.kind, "arn": one.secret_arn, "own": True, "reached": reached}
        arn, key = own(chosen)
        args: LinkArgs = {**chosen.given(LinkChoices), **LinkLinks(own=True), "kind": chosen.kind, "arn": arn}
        if key:
            args["kms_key_arn"] = key
        return args

    return {label: link(one) for label, one in runs.links.items()}


def storage_outputs(stored: Stored) -> StorageOutputs:
    """Return what is published of what keeps data and messages."""
    return {
        "buckets": {name: {"name": one.name, "arn": one.arn} for name, one in stored.buckets.items()},
        "tables": {name: {"name": one.name, "arn": one.arn} for name, one in stored.tables.items()},
        "databases": {
            name: {
                "arn": one.arn,
                "host": one.host,
                "port": one.port,
                "databaseName": one.database_name,
                "secretArn": one.secret_arn,
                "databaseSecurityGroupId": one.security_group_id,
            }
            for name, one in stored.databases.items()
        },
        "queues": {
            name: {"url": one.url, "arn": one.arn, "deadLetterUrl": one.dead_letter_url}
            for name, one in stored.queues.items()
        },
        "topics": {name: {"arn": one.arn} for name, one in stored.topics.items()},
    }
