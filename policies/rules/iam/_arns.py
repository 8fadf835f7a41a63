"""ARNs of IAM documents beside the templates of AWS: whether a pattern says more than the kind of the resource."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from policies.rules.common.iam_documents import literal

_PARTS = re.compile(r"\$\{(\w+)\}|(\*)|([^$*]+)")
_KINDS = frozenset(
    {
        *("Agreement", "ApplicationType", "Catalog", "CatalogName", "ClusterOwnerAccount", "ConfigType"),
        *("ConfigurationType", "DestinationType", "DeviceType", "Engine", "EntityType", "HandshakeType", "JobCategory"),
        *("Operation", "OrganizationId", "OwnerId", "PolicyType", "Provider", "ResourceType", "Scope", "ServiceCode"),
        *("ServiceType", "SourceType", "StreamType", "VerificationType", "WorkflowType"),
    }
)
"""Variables of templates that stand for a kind of resource or for who owns it, and so name none."""

_ID_THEN_NAME = re.compile(r"\$\{\w*Id\}:(\w+/)?\$\{\w*Name\}")
"""Where AWS puts an id of its own before the name: either of the two names the resource."""

_FIXED_IDS = re.compile(r"^[a-z-]{1,24}-(?=[*?])")
_WITH_FIXED_IDS = frozenset({"ec2", "elasticfilesystem", "fsx", "kms"})
"""Services whose ids all begin with the same letters: `i-*` is every instance."""

_KINDS_IN_NAMES = {
    # The path of every service-linked role, which only the service in it tells apart
    "iam": re.compile(r"^aws-service-role/(\*\.amazonaws\.com/)?(?=[*?])"),
    # Load balancers of the later kinds, where AWS documents the ARN of the first one only
    "elasticloadbalancing": re.compile(r"^(app|net|gwy)/"),
}
"""What begins a name, and is a kind of resource all the same."""

_ADDS_NO_REGION = (
    ("kms", "key/mrk-"),  # https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html
    ("logs", "log-group:/aws/lambda/us-east-1."),
    # https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
    ("bedrock", "foundation-model/"),
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html
    ("ssm", "session/${aws:"),
)
"""One resource in many regions: replicas of a key, logs where an edge function runs, the public models of AWS.
Of a caller's own sessions every region has some, which begin with the name of this caller alone."""

_OF_AWS = (
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
    ("ssm", "document/AWS"),
    ("ssm", "document/Amazon"),
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
    ("ssm", "parameter/aws/"),
)
"""What begins a name that AWS reserves for its own, which are the same in every region and of no other account."""


class Arn(NamedTuple):
    """The parts of an ARN, without its partition."""

    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> "Arn | None":
        """An ARN of a document or a template; nothing if the text ends before its resource."""
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


class Template:
    """The ARN of one kind of resource, as AWS documents it.

    :ivar service: `*` where the resources of every service are meant.
    :ivar constant: it has no name, because an account or a region has only one.
    """

    def __init__(self, arn: Arn) -> None:
        self.service = "*" if "$" in arn.service else arn.service
        self.region, self.account = arn.region, arn.account
        # (name, "") is a variable and ("", text) what stands in every such ARN.
        self.parts = [(name or star, text) for name, star, text in _PARTS.findall(arn.resource)]
        self.constant = not any(name for name, _ in self.parts)
        self._kind = self.parts[0][1].strip("/:").replace("/", " ").replace(":", " ")
        names = [index for index, (name, _) in enumerate(self.parts) if name]
        self._naming = next((index for index in names if self.parts[index][0] not in _KINDS), max(names, default=-1))
        if not self._kind and (name := re.fullmatch("(.+)(Name|Id)", self.parts[0][0])):
            self._kind = name[1].lower()
        self._by_id_or_name = bool(_ID_THEN_NAME.search(arn.resource))

    def breadth(self, pattern: Arn, *, own_account: bool = False) -> str:
        """Why a pattern is broad, read as an ARN of this kind; nothing if it is not, or cannot be one.

        :param own_account: the call works in the caller's own account only, whatever account the pattern has.
        """
        for given, documented in ((pattern.region, self.region), (pattern.account, self.account)):
            # "${Region}" must be there to be matched; where AWS leaves it empty only nothing or a wildcard matches.
            if documented == "*":
                continue
            if bool(documented) is not bool(given) and (documented or given.strip("*")):
                return ""
            if documented and "$" not in documented and not fnmatchcase(documented, given):
                return ""
        named = self._names(pattern)
        if named is None:
            return ""
        if named:
            return named
        if _begins(pattern, _OF_AWS):
            return ""
        if "$" in self.account and not own_account and not literal(pattern.account):
            return "it matches that name in every account"
        if "$" in self.region and not literal(pattern.region) and not _begins(pattern, _ADDS_NO_REGION):
            return "it matches that name in every region"
        return ""

    def _names(self, pattern: Arn) -> str | None:
        """Nothing if the pattern names a resource of this kind, why not otherwise, `None` if it is of another."""
        resource, position = pattern.resource, 0
        for index, (name, text) in enumerate(self.parts):
            if not name:
                if 0 < index <= self._naming:  # behind a kind, whose services differ: snapshot/a, recovery-point:a
                    text = resource[position : position + 1] + text[1:]
                for letter in text:
                    if position >= len(resource):
                        return None
                    if resource[position] == "*":
                        return (
                            ""
                            if self.constant
                            else f"it matches every {self._kind if index else 'resource'} of the service"
                        )
                    if resource[position] not in (letter, "?"):
                        return None
                    position += 1
                continue
            ends = "/:" if index < self._naming else self.parts[index + 1][1][:1] if index + 1 < len(self.parts) else ""
            said = _until(resource[position:], ends)
            position += len(said)
            if not said:
                return None
            all_of = (
                f"it matches every {self._kind or 'resource'} of the account"
                if "$" in self.account
                else f"it matches every {self._kind or 'name'}"
            )
            if position == len(resource) and index < self._naming:
                return all_of if said[-1] == "*" else None
            if index >= self._naming:
                if _says(said, name, pattern.service):
                    return ""
                if not self._by_id_or_name or position == len(resource) or index > self._naming:
                    return all_of
        return "" if self.constant and position == len(resource) else None


def _says(name: str, variable: str, service: str) -> str:
    if service in _KINDS_IN_NAMES:
        name = _KINDS_IN_NAMES[service].sub("", name)
    if service in _WITH_FIXED_IDS and variable.endswith("Id"):
        name = _FIXED_IDS.sub("", name, count=1)
    return literal(name)


def _begins(pattern: Arn, names: Iterable[tuple[str, str]]) -> bool:
    """Whether a pattern is one of some names, and says more than how they begin."""
    return any(
        pattern.service == service
        and pattern.resource.startswith(name)
        and bool(literal(pattern.resource[len(name) :]))
        for service, name in names
    )


def _until(text: str, ends: str) -> str:
    depth = 0
    for index, letter in enumerate(text):
        depth += (letter == "{") - (letter == "}")
        if letter in ends and not depth:
            return text[:index]
    return text


@lru_cache(maxsize=8192)
def templates(text: str) -> tuple[Template, ...]:
    """The templates that AWS writes for one kind of resource: a few have two forms, with a comma between."""
    return tuple(Template(arn) for part in text.split(", ") if (arn := Arn.parse(part)) is not None)
