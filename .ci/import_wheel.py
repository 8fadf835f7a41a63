"""Imports every module of the installed package `container-platform`: `python import_wheel.py [VERSION]`.

It fails if a module cannot be imported, or if the package is of another version.
"""

import importlib
import sys
from importlib import metadata

PACKAGE = "container-platform"


def main(version: str | None = None) -> None:
    """Check what is installed where this runs."""
    installed = metadata.version(PACKAGE)
    if version and version != installed:
        sys.exit(f"✗ the version is {installed} in pyproject.toml, not {version}")
    files = [file for file in metadata.files(PACKAGE) or [] if file.suffix == ".py"]
    modules = [".".join(file.with_suffix("").parts).removesuffix(".__init__") for file in files]
    for module in modules:
        importlib.import_module(module)
    print(f"✓ {PACKAGE} {installed}: {len(modules)} modules imported")


if __name__ == "__main__":
    main(*sys.argv[1:])
