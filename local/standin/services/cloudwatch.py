"""Amazon CloudWatch, its logs and EventBridge."""

from typing import ClassVar

from ..behaviour import Behaviour, Named
from ..documents import json_object


class LogGroup(Named):
    """A log group."""

    unique: ClassVar = {"name": "ResourceAlreadyExistsException: The log group {name} already exists"}
    arn = "logs:log-group:{name}"


class MetricAlarm(Named):
    """An alarm."""

    arn = "cloudwatch:alarm:{name}"


class EventRule(Named):
    """A rule of EventBridge."""

    arn = "events:rule/{name}"


class Dashboard(Behaviour):
    """A dashboard."""

    documents: ClassVar = {"dashboardBody": json_object}
