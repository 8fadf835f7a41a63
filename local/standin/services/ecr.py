"""Amazon Elastic Container Registry."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from .. import documents
from ..account import Account, Properties
from ..behaviour import Behaviour, Made, Named, Refused
from ..place import Place


class Repository(Named):
    """A repository."""

    unique: ClassVar = {
        "name": "RepositoryAlreadyExistsException: The repository with name '{name}' already exists in the registry"
    }
    arn = "ecr:repository/{name}"

    def outputs(self, name: str, inputs: Properties, place: Place) -> Properties:
        """Return its registry and its address."""
        host = f"{place.account}.dkr.ecr.{place.region}.{place.suffix}"
        return {"registryId": place.account, "repositoryUrl": f"{host}/{name}"}


def _lifecycle_policy(content: Any) -> Iterator[str]:
    rules = content.get("rules") if isinstance(content, dict) else None
    if not isinstance(rules, list) or not rules:
        yield "needs a list of rules"
        return
    priorities = [rule.get("rulePriority") for rule in rules]
    if len(set(priorities)) < len(priorities) or not all(isinstance(one, int) and one > 0 for one in priorities):
        yield f"every rulePriority must be a whole number above 0 and different from the others: {priorities}"
        return
    selections = [rule.get("selection", {}) for rule in rules]
    tags = [tuple(sorted(one.get("tagPrefixList") or one.get("tagPatternList") or ())) for one in selections]
    tagged = [one for one in tags if one]
    if len(set(tagged)) < len(tagged):
        yield "two rules select the same tags"
    if sum(one.get("tagStatus") == "untagged" for one in selections) > 1:
        yield "two rules select untagged images"
    for rule in rules:
        at = f"rule {rule['rulePriority']}"
        if rule.get("selection", {}).get("tagStatus") == "any" and rule["rulePriority"] != max(priorities):
            yield f"{at}: a rule with tagStatus any must have the highest rulePriority"
        yield from (f"{at}: {reason}" for reason in _selection(rule.get("selection", {})))
        if rule.get("action", {}).get("type") not in ("expire", "transition"):
            yield f"{at}: action.type must be expire or transition"


# Type of count → whether it has a unit.
_COUNT_TYPES: Final = {
    "imageCountMoreThan": False,
    "sinceImagePushed": True,
    "sinceImagePulled": True,
    "sinceImageTransitioned": True,
}


def _selection(selection: dict[str, Any]) -> Iterator[str]:
    status = selection.get("tagStatus")
    if status not in ("tagged", "untagged", "any"):
        yield f"tagStatus must be tagged, untagged or any and is {status!r}"
    if (status == "tagged") != bool(selection.get("tagPrefixList") or selection.get("tagPatternList")):
        yield "tagStatus tagged needs tagPrefixList or tagPatternList, and no other tagStatus may have one"
    if "tagPrefixList" in selection and "tagPatternList" in selection:
        yield "has tagPrefixList and tagPatternList: remove one"
    if any(pattern.count("*") > 4 for pattern in selection.get("tagPatternList", [])):
        yield "a pattern has at most 4 wildcards"
    if selection.get("countType") not in _COUNT_TYPES:
        yield f"countType must be one of {', '.join(_COUNT_TYPES)} and is {selection.get('countType')!r}"
    elif _COUNT_TYPES[selection["countType"]] != ("countUnit" in selection):
        yield "a countType of days needs countUnit, and imageCountMoreThan may not have it"
    if not isinstance(selection.get("countNumber"), int) or selection["countNumber"] < 1:
        yield f"countNumber must be a whole number above 0 and is {selection.get('countNumber')!r}"


# "Private registry permissions", Amazon ECR User Guide: anything else is refused.
_REGISTRY_ACTIONS: Final = {"ecr:BatchImportUpstreamImage", "ecr:CreateRepository", "ecr:ReplicateImage"}


def _registry_policy(content: Any) -> Iterator[str]:
    yield from documents.policy(content, needs=(("Action",), ("Principal",), ("Resource",)))
    statements = content.get("Statement", []) if isinstance(content, dict) else []
    for number, statement in enumerate(statements):
        actions = statement.get("Action", [])
        for action in sorted({actions} if isinstance(actions, str) else {*actions}):
            if action not in _REGISTRY_ACTIONS:
                yield f"Statement[{number}]: a registry policy cannot allow {action}"


def get_repository(arguments: Properties, account: Account) -> Properties:
    """Return a repository by its name."""
    for one in account.of("aws:ecr/repository:Repository"):
        if one["name"] == arguments["name"]:
            keys = ("id", "arn", "name", "registryId", "repositoryUrl")
            return {**{key: one[key] for key in keys}, "tags": one.get("tagsAll", {})}
    raise Refused(f"reading ECR Repository ({arguments['name']}): couldn't find resource")


class _OfRepository(Behaviour):
    def create(self, inputs: Properties, account: Account) -> Made:
        """Take the repository's name as id."""
        return inputs["repository"], {"registryId": account.place.account}


class LifecyclePolicy(_OfRepository):
    """Which images a repository keeps."""

    documents: ClassVar = {"policy": _lifecycle_policy}


class RepositoryPolicy(_OfRepository):
    """Who may use a repository."""

    documents: ClassVar = {"policy": documents.resource_policy}


class _OfRegistry(Behaviour):
    def create(self, inputs: Properties, account: Account) -> Made:
        """Take the account as id: it has one of these."""
        return account.place.account, {"registryId": account.place.account}


class RegistryPolicy(_OfRegistry):
    """Who may use the registry."""

    documents: ClassVar = {"policy": _registry_policy}


class RegistryScanningConfiguration(_OfRegistry):
    """How the registry scans."""


class ReplicationConfiguration(_OfRegistry):
    """Where the registry copies images to."""


class PullThroughCacheRule(Behaviour):
    """A cache of another registry."""

    unique: ClassVar = {
        "ecrRepositoryPrefix": "PullThroughCacheRuleAlreadyExistsException: {ecrRepositoryPrefix} is used already"
    }

    def create(self, inputs: Properties, account: Account) -> Made:
        """Take the prefix as id."""
        return inputs["ecrRepositoryPrefix"], {"registryId": account.place.account}


class RepositoryCreationTemplate(Behaviour):
    """What repositories get that ECR creates itself."""

    unique: ClassVar = {"prefix": "TemplateAlreadyExistsException: {prefix} has a template already"}
    documents: ClassVar = {"lifecyclePolicy": _lifecycle_policy, "repositoryPolicy": documents.resource_policy}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Take the prefix as id."""
        return inputs["prefix"], {"registryId": account.place.account}
