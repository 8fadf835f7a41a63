"""The contract with other projects: what is published of what keeps data."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi


class BucketOutputs(TypedDict):
    """What is published of one bucket."""

    name: pulumi.Input[str]
    """Name of the bucket in S3."""
    arn: pulumi.Input[str]
    """ARN of the bucket, for the links and permissions of others."""


class TableOutputs(TypedDict):
    """What is published of one table."""

    name: pulumi.Input[str]
    """Name of the table in DynamoDB."""
    arn: pulumi.Input[str]
    """ARN of the table, for the links and permissions of others."""


class DatabaseOutputs(TypedDict):
    """What is published of one database."""

    arn: pulumi.Input[str]
    """ARN of the instance or cluster."""
    host: pulumi.Input[str]
    """Name by which it is reached, in the VPC."""
    port: pulumi.Input[int]
    """Port that it listens on."""
    databaseName: pulumi.Input[str]
    """Name of the database in it."""
    secretArn: pulumi.Input[str]
    """ARN of the secret that has `username` and `password`, which RDS changes every seven days."""
    databaseSecurityGroupId: pulumi.Input[str]
    """Id of its security group; whoever connects adds a rule to it."""


class QueueOutputs(TypedDict):
    """What is published of one queue by itself."""

    url: pulumi.Input[str]
    """URL of the queue."""
    arn: pulumi.Input[str]
    """ARN of the queue, for the links and permissions of others."""
    deadLetterUrl: pulumi.Input[str]
    """URL of the queue for what could not be processed."""


class TopicOutputs(TypedDict):
    """What is published of one topic."""

    arn: pulumi.Input[str]
    """ARN of the topic, for the links, subscriptions and permissions of others."""


class StorageOutputs(TypedDict):
    """What is published of what keeps data."""

    buckets: pulumi.Input[Mapping[str, BucketOutputs]]
    """The buckets by their name in the settings."""
    tables: pulumi.Input[Mapping[str, TableOutputs]]
    """The tables of DynamoDB by their name in the settings."""
    databases: pulumi.Input[Mapping[str, DatabaseOutputs]]
    """The relational databases by their name in the settings."""
    queues: pulumi.Input[Mapping[str, QueueOutputs]]
    """The queues of SQS by themselves, by their name in the settings. A queue worker's is among the services."""
    topics: pulumi.Input[Mapping[str, TopicOutputs]]
    """The topics of SNS by their name in the settings."""
