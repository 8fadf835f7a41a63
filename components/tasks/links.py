"""What links give the tasks: the environment variables by which the application finds what it uses, and the rights."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import pulumi

from . import link_documents
from .link_args import LinkArgs

_Made = TypeVar("_Made")


def environment(links: Mapping[str, LinkArgs]) -> pulumi.Output[dict[str, str]]:
    """Return the environment variables by which the application finds what it is linked to."""
    return _with_arns(links, link_documents.variables)


def policy(links: Mapping[str, LinkArgs]) -> pulumi.Output[str]:
    """Return the policy that lets the application use what it is linked to."""
    return _with_arns(links, link_documents.permissions)


def _with_arns(
    links: Mapping[str, LinkArgs], make: Callable[[Mapping[str, LinkArgs], Mapping[str, str]], _Made]
) -> pulumi.Output[_Made]:
    labels = list(links)
    return pulumi.Output.all(*(links[label]["arn"] for label in labels)).apply(
        lambda arns: make(links, dict(zip(labels, arns, strict=True)))
    )
