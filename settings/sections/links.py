"""The section of the settings for what applications use."""

from pydantic import Field

from components.tasks.link_args import Access, LinkArgs, LinkKind, kind_of

from ..arns import KeyArn, LinkedArn
from ..kinds import Name, ObjectPrefix
from ..section import Section

OWN = ("bucket", "table", "database", "queue", "topic")
"""Settings of a link that name something of this stack, by what it is."""


class Link(Section):
    """What an application uses, of this stack or by its ARN."""

    arguments_class = LinkArgs
    bucket: Name | None = Field(None, description="Name of a bucket of this stack, under storage.buckets.")
    table: Name | None = Field(None, description="Name of a table of this stack, under storage.tables.")
    database: Name | None = Field(None, description="Name of a database of this stack, under storage.databases.")
    queue: Name | None = Field(
        None, description="Name of a queue of this stack, under storage.queues, or of a queueWorker among the services."
    )
    topic: Name | None = Field(None, description="Name of a topic of this stack, under storage.topics.")
    arn: LinkedArn | None = Field(
        None,
        description="ARN of what this stack does not make: a bucket, table, queue, topic, event bus, secret or key. In "
        "another account, its own policy must let the task role use it.",
    )
    access: Access | None = None
    prefix: ObjectPrefix | None = None
    kms_key_arn: KeyArn | None = None

    @property
    def targets(self) -> list[str]:
        """What is set of `bucket`, `table`, `database`, `queue`, `topic` and `arn`; one of them is right."""
        return [name for name in (*OWN, "arn") if getattr(self, name) is not None]

    @property
    def kind(self) -> LinkKind:
        """What it leads to, if it has one target."""
        return kind_of(self.arn) if self.arn is not None else LinkKind(self.targets[0])
