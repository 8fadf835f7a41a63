"""What a generated secret is made from."""

from typing import Final, TypedDict


class GeneratedSecretChoices(TypedDict, total=False):
    """What a person chooses of a generated password."""

    username: str
    """User name stored with it. Defaults to admin."""
    length: int
    """Length of a password that is not made yet. Defaults to 32."""
    excluded_characters: str
    """Characters that such a password has none of. Defaults to "@/\\, which URLs and shells stumble over."""


class GeneratedSecretArgs(GeneratedSecretChoices):
    """A password that is generated once and kept in Secrets Manager with its user name."""

    environment_variable: str
    """Environment variable in which the container finds the password."""


GENERATED_SECRET_DEFAULTS: Final[GeneratedSecretChoices] = {
    "username": "admin",
    "length": 32,
    "excluded_characters": '"@/\\',
}
