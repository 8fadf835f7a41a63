"""What links give the tasks: environment variables by which the application finds what it uses, rights, and rules."""

from collections.abc import Mapping

import pulumi

from ..common import egress_rules
from . import link_documents
from .link_args import LinkArgs


def environment(links: Mapping[str, LinkArgs]) -> pulumi.Output[dict[str, str]]:
    """Return the environment variables by which the application finds what it is linked to."""
    return pulumi.Output.from_input(dict(links)).apply(link_documents.variables)


def policy(links: Mapping[str, LinkArgs]) -> pulumi.Output[str]:
    """Return the policy that lets the application use what it is linked to."""
    return pulumi.Output.from_input(dict(links)).apply(link_documents.permissions)


def to_databases(
    name: str, group_id: pulumi.Input[str], caller: str, links: Mapping[str, LinkArgs], child: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    """Let a group connect to the databases that it is linked to, and let them admit it.

    Args:
        name: start of the rules' names.
        group_id: id of the tasks' group.
        caller: what the tasks are of, such as `the service web`.
        links: what they are linked to.
        child: options of the rules.
    """
    made: list[pulumi.Resource] = []
    for label, link in sorted(links.items()):
        if "reached" not in link:
            continue
        reached = link["reached"]
        purposes = (f"Connections to the database of the link {label}", f"Connections from {caller}")
        made += egress_rules.to_group(
            f"{name}_{label}", group_id, reached["security_group_id"], reached["port"], purposes, child
        )
    return made
