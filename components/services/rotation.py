"""Restarts a service when a secret that its containers have in their environment changes.

EventBridge starts a state machine, which calls ECS itself: there is no code to maintain. The service stays as the
program has it, since a forced deployment changes none of its properties.
"""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from . import rotation_documents as documents
from .args import KeptArgs


def restart(
    name: str,
    service: aws.ecs.Service,
    secrets: Sequence[pulumi.Input[str]],
    values: KeptArgs,
    parent: pulumi.Resource,
) -> None:
    """Restart a service whenever one of its secrets changes.

    Args:
        name: the service's name as a resource.
        service: what to restart.
        secrets: `valueFrom` of every secret of its containers.
        values: the service's arguments, completed.
        parent: the component that the resources belong to.
    """
    child = pulumi.ResourceOptions(parent=parent)
    arn = pulumi.Output.from_input(values["cluster_arn"]).apply(
        lambda cluster: documents.service_arn(cluster, values["service_name"])
    )
    rules = [
        aws.cloudwatch.EventRule(
            f"{name}-rotation-{index}",
            description=f"A secret of the service {name} has changed",
            event_pattern=pattern,
            opts=child,
        )
        for index, pattern in enumerate(_patterns(secrets))
    ]
    if not rules:
        return
    runs_as = aws.iam.Role(
        f"{name}-restart",
        path=values["role_path"],
        description=f"Starts new tasks of the service {name}",
        assume_role_policy=arn.apply(documents.machine_trust),
        opts=child,
    )
    may = aws.iam.RolePolicy(
        f"{name}-restart", role=runs_as.name, policy=arn.apply(documents.machine_permissions), opts=child
    )
    machine = aws.sfn.StateMachine(
        f"{name}-restart",
        definition=arn.apply(documents.state_machine),
        role_arn=runs_as.arn,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[may, service]),
    )
    starts = aws.iam.Role(
        f"{name}-rotation",
        path=values["role_path"],
        description=f"Restarts the service {name} when a secret has changed",
        assume_role_policy=pulumi.Output.all(*(rule.arn for rule in rules)).apply(documents.rule_trust),
        opts=child,
    )
    policy = aws.iam.RolePolicy(
        f"{name}-rotation", role=starts.name, policy=machine.arn.apply(documents.rule_permissions), opts=child
    )
    for index, rule in enumerate(rules):
        aws.cloudwatch.EventTarget(
            f"{name}-rotation-{index}",
            rule=rule.name,
            arn=machine.arn,
            role_arn=starts.arn,
            opts=pulumi.ResourceOptions(parent=parent, depends_on=[policy]),
        )


def _patterns(secrets: Sequence[pulumi.Input[str]]) -> list[pulumi.Input[str]]:
    """Return the event patterns; a secret that the program makes has one of its own, since its ARN is not known yet."""
    known = [one for one in secrets if isinstance(one, str)]
    later = [pulumi.Output.from_input(one) for one in secrets if isinstance(one, pulumi.Output)]
    return [*documents.patterns(known), *(one.apply(lambda text: documents.patterns([text])[0]) for one in later)]
