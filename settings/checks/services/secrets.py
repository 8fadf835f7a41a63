"""Checks of a service's secrets: those that are generated, and restarts when one changes."""

import string
from collections.abc import Iterator
from typing import Final

from components.common.arn import parse
from components.services import rotation_documents

from ...problems import Path, Problem
from ...sections.services import Service
from ...sections.tasks import Tasks
from ...surroundings import Surroundings

_KINDS: Final = {
    "lower-case letter": string.ascii_lowercase,
    "upper-case letter": string.ascii_uppercase,
    "digit": string.digits,
    "punctuation mark": string.punctuation,
}
"""What a password has one of each of (GetRandomPassword, RequireEachIncludedType)."""


def generated_secret_problems(path: Path, tasks: Tasks) -> Iterator[Problem]:
    """Find passwords that AWS cannot generate."""
    if generated := tasks.generated_secret:
        at = (*path, "generatedSecret", "excludedCharacters")
        excluded = generated.excluded_characters
        for kind, characters in _KINDS.items():
            if set(characters) <= set(excluded):
                advice = f"has every {kind}, of which AWS puts one into each password. Leave some out."
                yield Problem(at, excluded, advice)
        if any(character.isspace() or not character.isascii() for character in excluded):
            yield Problem(at, excluded, "has characters that no password gets. Keep letters, digits and punctuation.")


def restart_problems(path: Path, service: Service, surroundings: Surroundings) -> Iterator[Problem]:
    """Find restarts that nothing would begin."""
    if not service.restart_on_rotation:
        return
    at = (*path, "restartOnRotation")
    others = ((*path, "secrets"), (*path, "generatedSecret"), (*path, "containers"))
    found = {(*path, "secrets", variable): source for variable, source in service.secrets.items()}
    for name, one in service.containers.items():
        found |= {(*path, "containers", name, "secrets", variable): source for variable, source in one.secrets.items()}
    if not found and not service.generated_secret:
        yield Problem(at, True, "has no effect without secrets or a generatedSecret. Remove it, or add one.", others)
    elif not service.generated_secret and not list(rotation_documents.watched(found.values())):
        advice = "has no effect: each of the secrets is a version by its id, which never changes. Remove it."
        yield Problem(at, True, advice, others)
    for where, source in found.items():
        region = parse(source).region
        if surroundings.region and region != surroundings.region:
            advice = (
                f"is in {region}, which tells nothing of its changes to {surroundings.region}. Copy it to a parameter "
                "there, or remove restartOnRotation."
            )
            yield Problem(where, source, advice, (at,))
