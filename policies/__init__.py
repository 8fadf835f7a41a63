"""The policies that keep the platform safe: one rule a file in `rules/`, what each pack selects in `catalog`."""

from pathlib import Path


def config_file(root: Path, stack: str) -> Path | None:
    """The configuration that a stack has for its packs, beside its settings; None where it has none.

    :param root: the project's folder.
    """
    file = root / f"Pulumi.{stack}.policies.json"
    return file if file.exists() else None
