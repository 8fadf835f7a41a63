"""The roles of a pipeline: one for itself, one for each of its actions and builds."""

from collections.abc import Sequence
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from ..common import iam
from ..common.iam import Statement
from . import permissions
from .making import Making
from .sources import Source, source_permissions


class Granted(NamedTuple):
    """A role, and the policy that those who use the role must wait for."""

    role: aws.iam.Role
    policy: aws.iam.RolePolicy


class Roles(NamedTuple):
    """The roles of the pipeline and of its actions."""

    pipeline: aws.iam.Role
    source: aws.iam.Role
    run_build: aws.iam.Role
    run_deploy: aws.iam.Role
    ecs: aws.iam.Role | None
    """The ECS action's, where that deploys."""
    policies: Sequence[aws.iam.RolePolicy]
    """The policies of them all."""


def roles(
    making: Making, sources: Sequence[Source], build: aws.codebuild.Project, deploy: aws.codebuild.Project
) -> Roles:
    """Make the role of the pipeline, and those of its actions, which only the pipeline assumes."""
    own = _role(
        making,
        "",
        making.scope.apply(
            lambda scope: iam.service_trust(
                "codepipeline.amazonaws.com",
                scope.place.account_id,
                scope.arn("codepipeline", making.values["pipeline_name"]),
            )
        ),
    )
    trust = own.arn.apply(iam.role_trust)
    source = granted(making, "source", trust, source_permissions(making, sources))
    run_build = granted(making, "run-build", trust, build.arn.apply(permissions.start))
    run_deploy = granted(making, "run-deploy", trust, deploy.arn.apply(permissions.start))
    ecs = None if making.by_pulumi else granted(making, "ecs", trust, making.scope.apply(permissions.deploy_by_ecs))
    actions = [source, run_build, run_deploy, *([ecs] if ecs else [])]
    policy = _policy(
        making,
        "",
        own,
        pulumi.Output.all(making.scope, *[action.role.arn for action in actions]).apply(
            lambda known: permissions.pipeline(known[0], known[1:])
        ),
    )
    return Roles(
        own,
        source.role,
        run_build.role,
        run_deploy.role,
        ecs.role if ecs else None,
        [policy, *(action.policy for action in actions)],
    )


def granted(
    making: Making, purpose: str, trust: pulumi.Input[str], statements: pulumi.Output[list[Statement]]
) -> Granted:
    """Make a role with its permissions.

    Args:
        making: the pipeline that it belongs to.
        purpose: what it is for, a part of its name.
        trust: the document that says who may assume it.
        statements: what it may do.
    """
    role = _role(making, purpose, trust)
    return Granted(role, _policy(making, purpose, role, statements))


def _role(making: Making, purpose: str, trust: pulumi.Input[str]) -> aws.iam.Role:
    return aws.iam.Role(
        making.label(purpose),
        path=making.values["role_path"],
        description=f"{making.values['pipeline_name']}: {purpose or 'the pipeline itself'}",
        assume_role_policy=trust,
        opts=making.child,
    )


def _policy(
    making: Making, purpose: str, role: aws.iam.Role, statements: pulumi.Output[list[Statement]]
) -> aws.iam.RolePolicy:
    key = making.values.get("kms_key_arn")
    return aws.iam.RolePolicy(
        making.label(purpose),
        role=role.name,
        policy=statements.apply(lambda known: iam.document(permissions.with_key(known, key))),
        opts=making.child,
    )
