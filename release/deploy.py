"""Deploys what a service is meant to run, on AWS: `pulumi up` targeted at it, and what ECS said where that fails."""

import subprocess
from pathlib import Path

import policies

from .aws_cli import AwsStore
from .commands import ReleaseError, Target
from .targets import targets

POLICY_PACK = "policies/packs/all"


def deploy(store: AwsStore, target: Target) -> None:
    """Run `pulumi up` for one service and wait until its deployment is done.

    It reads the service from AWS first (`--refresh`): after a deployment that ECS rolled back, the state says one
    revision and ECS runs another, and only so does the next run deploy again.

    Raises:
        ReleaseError: it failed, with the service's latest events.
    """
    options = [part for urn in targets(target) for part in ("--target", urn)]
    command = ["pulumi", "up", "--stack", target.stack, "--yes", "--skip-preview", "--refresh"]
    command += ["--policy-pack", POLICY_PACK]
    if config := policies.config_file(Path.cwd(), target.stack):
        command += ["--policy-pack-config", str(config)]
    try:
        done = subprocess.run([*command, *options], check=False)
    except FileNotFoundError:
        raise ReleaseError("pulumi is not installed, or not on PATH") from None
    if done.returncode:
        events = store.events(target.cluster, target.ecs_service)
        told = "\n".join(f"  {event}" for event in events) or "  nothing"
        raise ReleaseError(
            f"{target.service} was not deployed to {target.stack}. The latest that ECS says of {target.ecs_service}:\n"
            f"{told}\n"
            f"Release another image or go back (release rollback {target.service} --stack {target.stack}), then deploy "
            "again."
        )
