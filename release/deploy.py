"""Deploys what a service is meant to run, on AWS: `pulumi up` for it alone, and what ECS says if that fails."""

import subprocess
from pathlib import Path

import policies

from .aws import AwsStore
from .errors import ReleaseError
from .targets import Target, targets

POLICY_PACK = "policies/packs/all"


def deploy(store: AwsStore, target: Target, root: Path, program: str) -> None:
    """Run `pulumi up` for one service and wait until its deployment is done.

    It reads the service from AWS first (`--refresh`): after a deployment that ECS rolled back, the state says one
    revision and ECS runs another, and only so does the next run deploy again.

    Raises:
        ReleaseError: it failed, with the service's latest events.
    """
    options = [part for urn in targets(target) for part in ("--target", urn)]
    command = ["pulumi", "up", "--stack", target.stack, "--yes", "--skip-preview", "--refresh"]
    command += ["--policy-pack", POLICY_PACK]
    if config := policies.config_file(root, target.stack):
        # Without the folder's name, which the CLI would split at its commas.
        command += ["--policy-pack-config", f"./{config.name}"]
    try:
        done = subprocess.run([*command, *options], cwd=root, check=False)
    except FileNotFoundError:
        raise ReleaseError("pulumi is not on PATH", "install the Pulumi CLI; docs/aws.md says which") from None
    if done.returncode and target.is_job:
        raise ReleaseError(f"{target.service} was not deployed to {target.stack}", "see what pulumi says above")
    if done.returncode:
        events = store.events(target.cluster, target.ecs_service)
        raise ReleaseError(
            f"{target.service} was not deployed to {target.stack}. The latest events of {target.ecs_service} in ECS:\n"
            + "\n".join(f"    {event}" for event in events or ["none"]),
            f"release another image, or go back ({program} rollback {target.service} --stack {target.stack}), then "
            "deploy again",
        )
