"""The user's own files, judged as they were written: what the work folder's copy changes must not hide a mistake."""

import os
import re
from typing import Any

import settings
from policies import config_file
from policies.check_config import problems_in
from release import yaml_file

from .errors import LocalError
from .report import PACK
from .workspace import SETTINGS, Paths, secret_places, tag


def judge(paths: Paths) -> None:
    """Check the stack's own file and its policies' file, before anything is copied or started.

    Raises:
        LocalError: with every mistake in both.
    """
    name = os.path.relpath(paths.given, paths.root) if paths.given else paths.settings.name
    content, repeated = yaml_file.read(paths.settings)
    told = [_repeated(name, repeated)] if repeated else []
    config = content.get("config") if isinstance(content, dict) else None
    if config is not None and not isinstance(config, dict):
        told.append(f"{name}: config must be a map of keys such as aws:region")
    elif config and SETTINGS in config and _reads_settings(paths):
        told += _of_settings(name, paths, config)
    if policies := config_file(paths.root, paths.stack):
        told += problems_in(PACK, policies)
    if told:
        raise LocalError("\n".join(told))


def _reads_settings(paths: Paths) -> bool:
    """Tell whether the project's program is one that these settings are for."""
    return re.search(r"^import settings$", (paths.root / "__main__.py").read_text(), re.MULTILINE) is not None


def _repeated(name: str, repeated: list[str]) -> str:
    lines = "\n".join(f"  {one.removeprefix(f'config.{SETTINGS}.')}" for one in repeated)
    return f"{name}: YAML would take the last of two in silence. Keep one of them.\n{lines}"


def _of_settings(name: str, paths: Paths, config: dict[str, Any]) -> list[str]:
    raw = config[SETTINGS]
    if raw is None:
        return [f"{name}: {SETTINGS} is empty. Write the settings below it; examples/settings has some."]
    if isinstance(raw, dict) and isinstance(services := raw.get("services"), dict):
        # In the order in which Pulumi hands them to the program, so that both name the same one of two.
        raw = {**raw, "services": dict(sorted(services.items(), key=lambda one: str(one[0])))}
    told = []
    if secrets := secret_places(raw):
        told.append(settings.secret_advice(name, secrets))
    try:
        settings.parse(raw, _surroundings(paths, config))
    except settings.SettingsError as error:
        # What is secret is wrong already, whatever it is.
        own = [problem for problem in error.problems if not _is_below(settings.path_text(problem.path), secrets)]
        if own:
            told.append(settings.SettingsError(own).of(name))
    return told


def _surroundings(paths: Paths, config: dict[str, Any]) -> settings.Surroundings:
    """Return what the program would find beside the settings."""
    tag(config, paths)
    project = yaml_file.read(paths.root / "Pulumi.yaml").content["name"]
    namespace = SETTINGS.partition(":")[0]
    return settings.Surroundings(
        region=str(config.get("aws:region") or "us-east-1"),
        find_secret=lambda key: config.get(f"{namespace}:{key}"),
        project=project,
        stack=paths.stack,
        default_tags=config.get("aws:defaultTags"),
        keys=tuple(
            key if ":" in key else f"{project}:{key}" for key, value in config.items() if not secret_places(value)
        ),
        any_region=str(config.get("aws:skipRegionValidation")).lower() == "true",
    )


def _is_below(path: str, secrets: list[str]) -> bool:
    return any(path == secret or path.startswith((f"{secret}.", f"{secret}[")) for secret in secrets)
