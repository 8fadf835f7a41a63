"""Makes pack folders that work wherever they are copied: `python -m policies.vendor [--out dist/policy-packs]`.

A pack's folder in this repository finds the rules three folders up; `pulumi policy publish` packages the folder
alone, and so does anyone who copies it. A vendored folder holds the rules and its requirements, and asks for an
environment of its own (`venv`, made by `pulumi install` in the folder).
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import yaml

from policies.catalog import PACKS

_POLICIES = Path(__file__).resolve().parent
_RUNTIME = ("__init__.py", "catalog.py", "pack.py", "framework", "rules")
"""What a served pack imports; the rest of this package builds, documents and tests it."""


def vendor(pack: str, out: Path) -> Path:
    """Write one self-contained pack folder, replacing an earlier one.

    :param out: the folder that holds the pack folders; made if it is missing.
    :returns: the pack's folder.
    :raises FileExistsError: there is something else at that place, which is left alone.
    """
    target = out / pack
    if target.exists() and not (target / "PulumiPolicy.yaml").is_file():
        raise FileExistsError(f"{target} exists and is not a policy pack: remove it, or choose another --out")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=f".{pack}-") as work:
        folder = Path(work) / pack
        folder.mkdir()
        source = _POLICIES / "packs" / pack
        shutil.copy2(source / "__main__.py", folder)
        shutil.copy2(_POLICIES / "requirements.txt", folder)
        project = yaml.safe_load((source / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
        project["runtime"]["options"]["virtualenv"] = "venv"
        (folder / "PulumiPolicy.yaml").write_text(yaml.safe_dump(project, sort_keys=False), encoding="utf-8")
        for name in _RUNTIME:
            _copy(_POLICIES / name, folder / "policies" / name)
        if target.exists():
            shutil.rmtree(target)
        folder.rename(target)
    return target


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    else:
        target.parent.mkdir(exist_ok=True)
        shutil.copy2(source, target)


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m policies.vendor", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--out", type=Path, default=_POLICIES.parent / "dist" / "policy-packs", help="default: %(default)s"
    )
    out = parser.parse_args(arguments).out
    for pack in PACKS:
        try:
            print(vendor(pack, out))
        except OSError as problem:
            print(f"pack {pack} was not written: {problem}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
