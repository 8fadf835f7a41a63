"""Documents within properties, checked as AWS would when they are sent."""

import functools
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from botocore.model import Shape
from botocore.session import Session
from botocore.validate import ParamValidator

from components.tasks import fargate

_Fault = tuple[str, str]
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def faults(token: str, inputs: dict[str, Any]) -> Iterator[_Fault]:
    """Yield property and reason of each document that AWS would refuse; unknown ones pass until they are known."""
    for name, check in _CHECKS.get(token, {}).items():
        text = inputs.get(name)
        if not isinstance(text, str) or _UNKNOWN in text:
            continue
        try:
            content = json.loads(text)
        except ValueError as error:
            yield name, f"is no JSON: {error}"
            continue
        for reason in check(content):
            yield name, reason
    if token == "aws:ecs/taskDefinition:TaskDefinition":  # noqa: S105 a type token
        yield from _task_size(inputs)
    if token == "aws:cloudcontrol/resource:Resource":  # noqa: S105 a type token
        yield from _desired_state(inputs)


def _desired_state(inputs: dict[str, Any]) -> Iterator[_Fault]:
    text = inputs.get("desiredState")
    if isinstance(text, str) and _UNKNOWN not in text:
        try:
            reasons = list(_cloud_control(inputs.get("typeName"), json.loads(text)))
        except ValueError as error:
            reasons = [f"is no JSON: {error}"]
        yield from (("desiredState", reason) for reason in reasons)


def _task_size(inputs: dict[str, Any]) -> Iterator[_Fault]:
    cpu, memory = inputs.get("cpu"), inputs.get("memory")
    known = isinstance(cpu, str) and isinstance(memory, str) and cpu.isdigit() and memory.isdigit()
    if known and "FARGATE" in inputs.get("requiresCompatibilities", []):
        reason = fargate.size_problem(int(str(cpu)), int(str(memory)))
        if reason:
            yield "memory", f"No Fargate configuration exists for given values: {reason}"


def _container_definitions(content: Any) -> Iterator[str]:
    yield from _against("ecs", "ContainerDefinitions", content)
    if isinstance(content, list):
        names = [item.get("name") for item in content if isinstance(item, dict)]
        if not content:
            yield "holds no container"
        if len(set(names)) < len(names) or None in names:
            yield "each container needs a name of its own"
        if not any(isinstance(item, dict) and item.get("essential", True) for item in content):
            yield "at least one container must be essential"


def _against(service: str, shape: str, content: Any) -> Iterator[str]:
    report = ParamValidator().validate(content, _shape(service, shape))
    if report.has_errors():
        yield " ".join(report.generate_report().split())


@functools.cache
def _shape(service: str, shape: str) -> Shape:
    return Session().get_service_model(service).shape_for(shape)


_STATEMENT_KEYS: Final = {
    "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition",
}  # fmt: skip


def _identity_policy(content: Any) -> Iterator[str]:
    yield from _policy(content, needs=(("Action", "NotAction"), ("Resource", "NotResource")), refuses=("Principal",))


def _trust_policy(content: Any) -> Iterator[str]:
    yield from _policy(content, needs=(("Action",), ("Principal",)), refuses=("Resource", "NotResource"))


def _resource_policy(content: Any) -> Iterator[str]:
    yield from _policy(content, needs=(("Action", "NotAction"), ("Principal", "NotPrincipal")), refuses=())


def _policy(content: Any, *, needs: tuple[tuple[str, ...], ...], refuses: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(content, dict):
        yield "a policy document is a JSON object"
        return
    if content.get("Version") not in ("2012-10-17", "2008-10-17"):
        yield f"Version is {content.get('Version')!r}, not 2012-10-17"
    statements = content.get("Statement")
    for number, statement in enumerate(statements if isinstance(statements, list) else [statements]):
        at = f"Statement[{number}]"
        if not isinstance(statement, dict):
            yield f"{at} is no JSON object"
            continue
        if statement.get("Effect") not in ("Allow", "Deny"):
            yield f"{at}.Effect is {statement.get('Effect')!r}, neither Allow nor Deny"
        for group in needs:
            if sum(key in statement for key in group) != 1:
                yield f"{at} needs one of {', '.join(group)}"
        for key in sorted(set(statement) - _STATEMENT_KEYS | set(statement) & set(refuses)):
            yield f"{at}.{key} does not belong there"


# "Private registry permissions", Amazon ECR User Guide: anything else is refused.
_REGISTRY_ACTIONS: Final = {"ecr:BatchImportUpstreamImage", "ecr:CreateRepository", "ecr:ReplicateImage"}


def _registry_policy(content: Any) -> Iterator[str]:
    yield from _policy(content, needs=(("Action",), ("Principal",), ("Resource",)), refuses=())
    statements = content.get("Statement", []) if isinstance(content, dict) else []
    for number, statement in enumerate(statements):
        actions = statement.get("Action", [])
        for action in sorted({actions} if isinstance(actions, str) else {*actions}):
            if action not in _REGISTRY_ACTIONS:
                yield f"Statement[{number}]: a registry's policy cannot allow {action}"


def _cloud_control(type_name: Any, content: Any) -> Iterator[str]:
    """What Cloud Control is given has the names of the service's own API, but for their first letter."""
    if type_name == "AWS::ECR::SigningConfiguration":
        yield from _against("ecr", "SigningConfiguration", _uncapitalised(content))
    elif not isinstance(content, dict):
        yield "is no JSON object"


def _uncapitalised(value: Any) -> Any:
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _uncapitalised(item) for key, item in value.items()}
    return [_uncapitalised(item) for item in value] if isinstance(value, list) else value


def _lifecycle_policy(content: Any) -> Iterator[str]:
    rules = content.get("rules") if isinstance(content, dict) else None
    if not isinstance(rules, list) or not rules:
        yield "needs a list of rules"
        return
    priorities = [rule.get("rulePriority") for rule in rules]
    if len(set(priorities)) < len(priorities) or not all(isinstance(one, int) and one > 0 for one in priorities):
        yield f"rule priorities must be different whole numbers above 0: {priorities}"
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
        selection = rule.get("selection", {})
        status = selection.get("tagStatus")
        if status not in ("tagged", "untagged", "any"):
            yield f"{at}: tagStatus is {status!r}"
        if status == "any" and rule["rulePriority"] != max(priorities):
            yield f"{at}: a rule for any image must have the highest priority number"
        if (status == "tagged") != bool(selection.get("tagPrefixList") or selection.get("tagPatternList")):
            yield f"{at}: tags are selected exactly where tagStatus is tagged"
        if "tagPrefixList" in selection and "tagPatternList" in selection:
            yield f"{at}: has either tagPrefixList or tagPatternList"
        if any(pattern.count("*") > 4 for pattern in selection.get("tagPatternList", [])):
            yield f"{at}: a pattern has at most 4 wildcards"
        if selection.get("countType") not in _COUNT_TYPES:
            yield f"{at}: countType is {selection.get('countType')!r}"
        elif _COUNT_TYPES[selection["countType"]] != ("countUnit" in selection):
            yield f"{at}: countUnit goes with the counts of days and with no other"
        if not isinstance(selection.get("countNumber"), int) or selection["countNumber"] < 1:
            yield f"{at}: countNumber is {selection.get('countNumber')!r}"
        if rule.get("action", {}).get("type") not in ("expire", "transition"):
            yield f"{at}: its action is none"


# Type of count → whether it has a unit.
_COUNT_TYPES: Final = {
    "imageCountMoreThan": False,
    "sinceImagePushed": True,
    "sinceImagePulled": True,
    "sinceImageTransitioned": True,
}


def _object(content: Any) -> Iterator[str]:
    if not isinstance(content, dict):
        yield "is no JSON object"


_CHECKS: Final[dict[str, dict[str, Callable[[Any], Iterator[str]]]]] = {
    "aws:ecs/taskDefinition:TaskDefinition": {"containerDefinitions": _container_definitions},
    "aws:ec2/vpcEndpoint:VpcEndpoint": {"policy": _resource_policy},
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": {"policy": _lifecycle_policy},
    "aws:ecr/repositoryPolicy:RepositoryPolicy": {"policy": _resource_policy},
    "aws:ecr/registryPolicy:RegistryPolicy": {"policy": _registry_policy},
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": {
        "lifecyclePolicy": _lifecycle_policy,
        "repositoryPolicy": _resource_policy,
    },
    "aws:iam/role:Role": {"assumeRolePolicy": _trust_policy},
    "aws:iam/rolePolicy:RolePolicy": {"policy": _identity_policy},
    "aws:iam/policy:Policy": {"policy": _identity_policy},
    "aws:kms/key:Key": {"policy": _resource_policy},
    "aws:s3/bucketPolicy:BucketPolicy": {"policy": _resource_policy},
    "aws:sns/topicPolicy:TopicPolicy": {"policy": _resource_policy},
    "aws:sqs/queuePolicy:QueuePolicy": {"policy": _resource_policy},
    "aws:cloudwatch/dashboard:Dashboard": {"dashboardBody": _object},
}
