"""Amazon DynamoDB."""

from ..behaviour import Named


class Table(Named):
    """A table."""

    arn = "dynamodb:table/{name}"
