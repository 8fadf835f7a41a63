"""AWS Step Functions."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from ..account import Account, Properties
from ..behaviour import Made, Named, Refused
from ..place import Place

_ROLE = "aws:iam/role:Role"


def _definition(content: Any) -> Iterator[str]:
    """Check that every state leads to one that there is."""
    states = content.get("States") if isinstance(content, dict) else None
    if not isinstance(states, dict) or not states:
        yield "SCHEMA_VALIDATION_FAILED: it has no States"
        return
    if content.get("StartAt") not in states:
        yield "MISSING_TRANSITION_TARGET: StartAt names no state"
    for name, state in states.items():
        choices = [choice.get("Next") for choice in state.get("Choices", [])]
        following = [one for one in (state.get("Next"), state.get("Default"), *choices) if one is not None]
        yield from (f"MISSING_TRANSITION_TARGET: {name} leads to {one}" for one in following if one not in states)
        if not following and not state.get("End") and state.get("Type") not in ("Succeed", "Fail"):
            yield f"SCHEMA_VALIDATION_FAILED: {name} has neither Next nor End"


class StateMachine(Named):
    """A state machine, whose role Step Functions must be able to assume."""

    unique: ClassVar = {"name": "StateMachineAlreadyExists: State Machine Already Exists: '{name}'"}
    documents: ClassVar = {"definition": _definition}
    arn = "states:stateMachine:{name}"
    arn_is_id = True
    replacing: ClassVar = ("name", "type")

    def outputs(self, name: str, inputs: Properties, place: Place) -> Properties:
        """Return its state."""
        if not re.fullmatch(r"[0-9A-Za-z_-]{1,80}", name):
            raise Refused(f"InvalidName: Invalid Name: '{name}'")
        return {"status": "ACTIVE", "creationDate": "2026-01-01T00:00:00Z"}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Refuse a role that Step Functions may not assume."""
        for role in account.of(_ROLE):
            if role["arn"] == inputs["roleArn"] and "states.amazonaws.com" not in str(role["assumeRolePolicy"]):
                raise Refused(
                    "AccessDeniedException: Neither the global service principal states.amazonaws.com, nor the "
                    f"regional one is authorized to assume the provided role {inputs['roleArn']}."
                )
        return super().create(inputs, account)
