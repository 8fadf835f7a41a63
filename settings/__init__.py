"""What a stack may say: one typed object, `container-platform:platform` in Pulumi.<stack>.yaml.

`load` is the only place of the program that reads configuration. It reports every mistake of a stack at once, each with
its path in the YAML, its value and what would be right, before any resource is registered.
"""

import contextlib
import json
from collections.abc import Sequence

import pulumi
from pulumi.runtime import config as stored

from .parsing import parse
from .platform import Platform
from .problems import KEY, Path, Problem, SettingsError, path_text
from .sections.balancing import NetworkLoadBalancer
from .sections.capacity import AutoScalingGroup, ManagedInstances
from .sections.databases import Database
from .sections.jobs import Job
from .sections.links import Link
from .sections.pipelines import Pipeline
from .sections.queues import Queue, Subscription, Topic
from .sections.registry import RegistryAccount
from .sections.services import AnyService, QueueWorker, Service, WebService, Worker
from .sections.storage import Bucket, Table
from .surroundings import Surroundings

__all__ = [
    "KEY",
    "AnyService",
    "AutoScalingGroup",
    "Bucket",
    "Database",
    "Job",
    "Link",
    "ManagedInstances",
    "NetworkLoadBalancer",
    "Path",
    "Pipeline",
    "Platform",
    "Problem",
    "Queue",
    "QueueWorker",
    "RegistryAccount",
    "Service",
    "SettingsError",
    "Subscription",
    "Surroundings",
    "Table",
    "Topic",
    "WebService",
    "Worker",
    "load",
    "parse",
    "path_text",
    "refusal",
    "secret",
    "secret_advice",
]


def load() -> Platform:
    """Return the settings of the current stack.

    Raises:
        pulumi.RunError: they are missing, hold a secret or hold mistakes; the message lists every one.
    """
    file = f"Pulumi.{pulumi.get_stack()}.yaml"
    if pulumi.runtime.is_config_secret(KEY):
        raise pulumi.RunError(secret_advice(file))
    namespace, _, key = KEY.partition(":")
    config = pulumi.Config(namespace)
    raw = config.get_object(key)
    if raw is None:
        raise pulumi.RunError(f"{file}: {KEY} is missing. Copy it from Pulumi.dev.yaml and change what differs.")
    try:
        return parse(raw, _surroundings(config))
    except SettingsError as error:
        raise refusal(error.problems) from None


def refusal(problems: list[Problem]) -> pulumi.RunError:
    """Return the error that stops the program before it registers anything, with every mistake in the settings."""
    return pulumi.RunError(SettingsError(problems).of(f"Pulumi.{pulumi.get_stack()}.yaml"))


def _surroundings(config: pulumi.Config) -> Surroundings:
    """Return what the current stack has besides its settings."""
    provider = pulumi.Config("aws")
    tags = provider.get("defaultTags")
    with contextlib.suppress(ValueError):  # a check tells that it is no map
        tags = json.loads(tags) if tags is not None else None
    return Surroundings(
        region=provider.get("region"),
        find_secret=config.get_secret,
        project=pulumi.get_project(),
        stack=pulumi.get_stack(),
        default_tags=tags,
        # A secret that nothing reads any more is no setting in the wrong place.
        keys=tuple(
            key
            for key in {**stored.get_config_env(), **stored.CONFIG.get()}
            if not pulumi.runtime.is_config_secret(key)
        ),
        any_region=provider.get("skipRegionValidation") == "true",
    )


def secret_advice(file: str, places: Sequence[str] = ()) -> str:
    """Return what to do about a `secure:` value among the settings."""
    where = f" at {', '.join(places)}" if places else ""
    return (
        f"{file}: {KEY} holds a `secure:` value{where}, which makes all of it secret.\n"
        "Keep the secret in Secrets Manager or Parameter Store and name its ARN under services.<name>.secrets."
    )


def secret(key: str) -> pulumi.Output[str]:
    """Return a secret of the stack's configuration, which the settings name by its key."""
    return pulumi.Config(KEY.partition(":")[0]).require_secret(key)
