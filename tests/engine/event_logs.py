"""An event log that the real CLI writes: `python -m tests.engine.event_logs FOLDER`, in a process of its own.

It is of a preview with the pack `all` that finds one of everything: a violation, warnings, an exemption, a secret. No
provider takes part: the repositories are components that carry the type and the inputs of one.
"""

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import pulumi
from pulumi import automation as auto

from .conftest import ROOT

CONFIG: dict[str, Any] = {
    "ecr-scan-on-push": "advisory",
    "ecr-immutable-tags": {
        "enforcementLevel": "mandatory",
        "exemptions": [
            {
                "resource": "*::old",
                "finding": "*",
                "reason": "until the move",
                "owner": "team-a",
                "expires": "2999-12-31",
            }
        ],
    },
    "ecs-separate-roles": "disabled",
}


class Logging(auto.PulumiCommand):
    """The CLI, which writes its event log to a file, as a user's own `--event-log FILE` makes it do."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file

    def run(self, args: list[str], *rest: Any, **more: Any) -> Any:
        """Run a command; what would go to the Automation API's own log goes to the file."""
        if "--event-log" in args:
            args[args.index("--event-log") + 1] = str(self.file)
        return super().run(args, *rest, **more)


class _Repository(pulumi.ComponentResource):
    def __init__(self, name: str, **props: Any) -> None:
        super().__init__("aws:ecr/repository:Repository", name, props)
        self.register_outputs({})


def program() -> None:
    """Two repositories, of which the second is exempted."""
    _Repository("new", imageTagMutability=pulumi.Output.secret("HUSH-HUSH"))
    _Repository("old", imageTagMutability="MUTABLE")


def write(folder: Path) -> None:
    """Preview the program, and leave the log in the folder as `events.jsonl`."""
    work, backend, starter = folder / "work", folder / "backend", folder / "bin" / "pulumi-analyzer-policy-python"
    for made in (work, backend, starter.parent):
        made.mkdir()
    # For a CLI without its Python language plugin.
    starter.write_text(f'#!/bin/sh\nexec "{sys.executable}" -u -m pulumi.policy "$1" "$2"\n')
    starter.chmod(0o755)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    environment = {
        "PATH": f"{starter.parent}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": backend.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    command = Logging(folder / "events.jsonl")
    options = auto.LocalWorkspaceOptions(work_dir=str(work), pulumi_command=command, env_vars=environment)
    stack = auto.create_stack("dev", project_name="demo", program=program, opts=options)
    with contextlib.suppress(auto.CommandError):  # the violation, which the log holds
        stack.preview(
            policy_packs=[str(ROOT / "policies" / "packs" / "all")],
            policy_pack_configs=[str(folder / "config.json")],
        )


if __name__ == "__main__":
    write(Path(sys.argv[1]))
