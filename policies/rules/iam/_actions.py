"""What action patterns and resource ARNs of IAM documents cover, by the data AWS publishes for every service."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache, cached_property, lru_cache

from policies.rules.common.iam_documents import Statement, literal
from policies.rules.iam._arns import Arn, Template
from policies.rules.iam._reference import Names, Service, names_of_all, service, services, services_like, unlisted

# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_service-with-iam.html, and of others alike
_OWN_ACCOUNT = frozenset({"iam", "ecs", "autoscaling", "batch", "cloudformation", "cloudfront", "codedeploy"})
"""Services whose calls work in the caller's own account only: no policy of a resource lets in those of another."""

_OWN_NAMES = {
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html, and alike
    "logs": ("CreateLogGroup", "CreateLogStream", "PutLogEvents", "PutRetentionPolicy"),
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_TerminateSession.html
    "ssm": ("ResumeSession", "TerminateSession"),
}
"""Calls of other services that take the name or the id of what they work on, and so never reach another account."""

_FEW = 32
"""Up to so many services, asking each one is faster than asking of all of them at once."""


class Actions:
    """Some actions: of each service that AWS lists a number that has their bits, and the names of unlisted ones.

    What is left of a `*` knows what it was and what was taken, and asks no service again of which nothing was taken.
    """

    def __init__(
        self,
        of_services: dict[str, int],
        others: frozenset[str] = frozenset(),
        left_of: "tuple[Actions, Actions] | None" = None,
    ) -> None:
        self.of_services, self.others = of_services, others
        self._left_of = left_of

    def __or__(self, other: "Actions") -> "Actions":
        joined = dict(self.of_services)
        for key, bits in other.of_services.items():
            joined[key] = joined.get(key, 0) | bits
        return Actions(joined, self.others | other.others)

    def __sub__(self, other: "Actions") -> "Actions":
        if not other:
            return self
        left = dict(self.of_services)
        for key in other.of_services.keys() & left.keys():
            left[key] &= ~other.of_services[key]
            if not left[key]:
                del left[key]
        return Actions(left, self.others - other.others, (self, other))

    def __contains__(self, action: str) -> bool:
        key, _, name = action.partition(":")
        known = service(key)
        return action in self.others or bool(known and known.bit(name) & self.of_services.get(key, 0))

    def __bool__(self) -> bool:
        return bool(self.of_services or self.others)

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        if self._left_of is None:
            return sum(bits.bit_count() for bits in self.of_services.values()) + len(self.others)
        whole, taken = self._left_of
        both = ((bits, whole.of_services.get(key, 0)) for key, bits in taken.of_services.items())
        return len(whole) - sum((bits & of).bit_count() for bits, of in both) - len(whole.others) + len(self.others)

    def __iter__(self) -> Iterator[str]:
        """The actions in order, spelt as AWS spells them; what AWS does not list stays as it is written."""
        if self.others:
            listed = (action for key in self.of_services for action in self._of_service(key))
            yield from sorted([*listed, *self.others])
            return
        for key in sorted(self.of_services):
            yield from self._of_service(key)

    def _of_service(self, key: str) -> Iterator[str]:
        known, bits = service(key), self.of_services[key]
        while known and bits:
            lowest = bits & -bits
            yield f"{key}:{known.names[lowest.bit_length() - 1]}"
            bits ^= lowest

    @cached_property
    def limitable(self) -> "Actions":
        """Those that can be limited to resources; one that is not listed may be."""
        if self._left_of is not None:
            return self._left_of[0].limitable - self._left_of[1]
        return self._of_each(lambda known: known.limitable)

    @cached_property
    def lone(self) -> "Actions":
        """Those for which not even a lone `*` is needed."""
        if self._left_of is not None:
            return self._left_of[0].lone - self._left_of[1]
        return self._of_each(lambda known: known.lone)

    def _of_each(self, which: Callable[[Service], int]) -> "Actions":
        each = ((key, bits, service(key)) for key, bits in self.of_services.items())
        found = {key: bits & which(known) for key, bits, known in each if known and bits & which(known)}
        return Actions(found, self.others)


NONE = Actions({})


def covered(statement: Statement) -> Actions:
    """The actions that a statement is about."""
    return _covered(statement.actions, statement.all_actions_but)


@lru_cache(maxsize=1024)
def _covered(patterns: tuple[str, ...], all_but: bool) -> Actions:
    if len(patterns) == 1 and not all_but:
        return matching(patterns[0])
    found = NONE
    for pattern in patterns:
        found |= matching(pattern)
    return matching("*") - found if all_but else found


@lru_cache(maxsize=4096)
def matching(pattern: str) -> Actions:
    """The actions that one pattern matches, in any case and with `*` and `?` anywhere; itself if AWS lists none."""
    prefix, _, name = pattern.partition(":")
    if not pattern.strip("*"):
        prefix = name = "*"
    wanted, keys = Names(name), services_like(prefix)
    if len(keys) > _FEW and not all(part in names_of_all() for part in wanted.parts):
        keys = ()
    listed = {key: bits for key in keys if (known := service(key)) and (bits := known.matching(wanted))}
    return Actions(listed) if listed else Actions({}, frozenset({pattern}))


def breadth(resource: str, actions: Actions) -> tuple[str, Actions]:
    """Why a resource pattern takes in more than a name that somebody chose, and for which of the actions.

    `arn:aws:s3:::logs/*` is every object of one bucket and is fine; `arn:aws:s3:::*` is every bucket.
    """
    if not literal(resource):
        return "it matches every resource", actions.lone
    pattern = Arn.parse(resource)
    if pattern is None:
        return ("its wildcard matches several services", actions) if set("*?") & set(resource) else ("", NONE)
    if not literal(pattern.service):
        return "it matches every service", actions
    why, found = "", dict[str, int]()
    for key in sorted(_reaching(actions, pattern.service)):
        known, bits = service(key), actions.of_services[key]
        for template, of_template in _of_arns(known.templates, pattern.service) if known else ():
            own = bits & of_template & _own(key)
            for part, is_own in ((own, True), (bits & of_template & ~own, False)):
                if part and (broad := template.breadth(pattern, own_account=is_own)):
                    why = why or broad
                    found[key] = found.get(key, 0) | part
    others = set[str]()
    for action in sorted(actions.others):
        for template, _ in _of_arns(unlisted(action.partition(":")[0].lower()), pattern.service):
            if broad := template.breadth(pattern):
                why = why or broad
                others.add(action)
    return why, Actions(found, frozenset(others))


@cache
def _own(key: str) -> int:
    """The actions of a service that work in the caller's own account only."""
    known, bits = service(key), 0
    for name in _OWN_NAMES.get(key, ()):
        bits |= known.bit(name) if known else 0
    return -1 if key in _OWN_ACCOUNT else bits


def joined(parts: Iterable[Actions]) -> Actions:
    """All actions of some parts, of which many may be the same."""
    each = list({id(part): part for part in parts}.values())
    if len(each) == 1:
        return each[0]
    bits = dict[str, int]()
    for part in each:
        for key, of_part in part.of_services.items():
            bits[key] = bits.get(key, 0) | of_part
    return Actions(bits, frozenset().union(*(part.others for part in each)))


def _reaching(actions: Actions, wanted: str) -> Iterable[str]:
    """The services of some actions of which one may work on ARNs with this service: few of the hundreds of a `*`."""
    few = len(actions.of_services) <= _FEW
    return actions.of_services if few else actions.of_services.keys() & _services_with(wanted)


@lru_cache(maxsize=1024)
def _services_with(wanted: str) -> frozenset[str]:
    return frozenset(key for key in services() if (known := service(key)) and any(_of_arns(known.templates, wanted)))


def _of_arns(by_service: Mapping[str, Mapping[Template, int]], wanted: str) -> list[tuple[Template, int]]:
    """The templates that ARNs with this service may be of."""
    if set("*?") & set(wanted):
        like = [key for key in by_service if key == "*" or fnmatchcase(key, wanted)]
    else:
        like = [wanted, "*"]
    return [found for key in like for found in by_service.get(key, {}).items()]
