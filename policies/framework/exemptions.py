"""Exemptions: a finding that is accepted for a while, by somebody, for a reason."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from typing import Any

SCHEMA: dict[str, Any] = {
    "type": "array",
    "description": "Findings accepted for a while. All five fields are required.",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["resource", "finding", "reason", "owner", "expires"],
        "properties": {
            "resource": {"type": "string", "minLength": 1, "description": "glob over the URN"},
            "finding": {
                "type": "string",
                "minLength": 1,
                "description": "glob over the finding's id; [*] is a literal *",
            },
            "reason": {"type": "string", "minLength": 1},
            "owner": {"type": "string", "minLength": 1},
            "expires": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "description": "last day it holds, UTC"},
        },
    },
    "default": [],
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FIELDS: tuple[str, ...] = tuple(SCHEMA["items"]["required"])


@dataclass(frozen=True)
class Exemption:
    """One exemption of one rule.

    :ivar resource: glob over the URN of the resource.
    :ivar finding: glob over the finding's id.
    :ivar expires: the last day it holds, in UTC.
    """

    resource: str
    finding: str
    reason: str
    owner: str
    expires: date

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> "Exemption":
        """From the pack's configuration.

        :raises ValueError: a field is missing, empty, unknown, or no date; the message names it.
        """
        if not isinstance(value, Mapping):
            raise ValueError(f"must be an object with the fields {', '.join(FIELDS)}")  # noqa: TRY004
        missing = [name for name in FIELDS if value.get(name) is None or not str(value[name]).strip()]
        if missing:
            raise ValueError(f"has no {', '.join(missing)}; an exemption needs {', '.join(FIELDS)}")
        surplus = sorted(set(value) - set(FIELDS))
        if surplus:
            raise ValueError(f"has the unknown fields {', '.join(surplus)}; an exemption has {', '.join(FIELDS)}")
        for name in FIELDS:
            if not isinstance(value[name], str):
                raise ValueError(f"{name} is {value[name]!r}, but must be text")  # noqa: TRY004
        written = value["expires"]
        try:
            expires = date.fromisoformat(written if _DATE.fullmatch(written) else "")
        except ValueError:
            raise ValueError(f"expires {written!r} is not a date such as 2027-06-30") from None
        return cls(value["resource"], value["finding"], value["reason"], value["owner"], expires)

    def covers(self, urn: str, finding: str) -> bool:
        """Whether it names that finding of that resource, expired or not."""
        return fnmatchcase(urn, self.resource) and (finding == self.finding or fnmatchcase(finding, self.finding))

    @property
    def expired(self) -> bool:
        """Whether its last day is over, in UTC."""
        return today() > self.expires

    def __str__(self) -> str:
        return f"for {self.finding} on {self.resource}, owner {self.owner}, until {self.expires.isoformat()}"


def today() -> date:
    """The day by which exemptions expire."""
    return datetime.now(UTC).date()
