"""JSON documents inside properties, checked as AWS checks them: what several services share.

A check takes the content of a document and yields what is wrong with it. A resource type names its checks in
`Behaviour.documents`.
"""

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .account import Properties
from .behaviour import UNKNOWN, Fault

if TYPE_CHECKING:
    from botocore.model import Shape


def faults(checks: Mapping[str, Callable[[Any], Iterator[str]]], inputs: Properties) -> Iterator[Fault]:
    """Yield what AWS would refuse in the documents that some checks are for; those not known yet pass."""
    for name, check in checks.items():
        text = inputs.get(name)
        if not isinstance(text, str) or UNKNOWN in text:
            continue
        try:
            content = json.loads(text)
        except ValueError as error:
            yield name, f"is not valid JSON: {error}"
            continue
        for reason in check(content):
            yield name, reason


def against(service: str, shape: str, content: Any) -> Iterator[str]:
    """Check a content against a shape of the service's API, as botocore knows it."""
    from botocore.validate import ParamValidator  # half a second, and only a run that makes something needs it

    report = ParamValidator().validate(content, _shape(service, shape))
    if report.has_errors():
        yield " ".join(report.generate_report().split())


def one_of(service: str, shape: str, value: Any) -> bool:
    """Return whether a value is one that a shape of the service's API lists."""
    return value in getattr(_shape(service, shape), "enum", ())


@functools.cache
def _shape(service: str, shape: str) -> "Shape":
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    model = Loader().load_service_model(service, "service-2")
    return ServiceModel(model, service).shape_for(shape)


def json_object(content: Any) -> Iterator[str]:
    """Check that a document is an object."""
    if not isinstance(content, dict):
        yield "must be a JSON object"


def identity_policy(content: Any) -> Iterator[str]:
    """Check a policy of IAM that says what its owner may do."""
    yield from policy(content, needs=(("Action", "NotAction"), ("Resource", "NotResource")), refuses=("Principal",))


def trust_policy(content: Any) -> Iterator[str]:
    """Check a policy that says who may take on a role."""
    yield from policy(content, needs=(("Action",), ("Principal",)), refuses=("Resource", "NotResource"))


def resource_policy(content: Any) -> Iterator[str]:
    """Check a policy that says who may use a resource."""
    yield from policy(content, needs=(("Action", "NotAction"), ("Principal", "NotPrincipal")))


_STATEMENT_KEYS: Final = {
    "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition",
}  # fmt: skip


def policy(content: Any, *, needs: tuple[tuple[str, ...], ...], refuses: tuple[str, ...] = ()) -> Iterator[str]:
    """Check a policy document.

    Args:
        content: the document.
        needs: groups of keys; every statement has exactly one key of each group.
        refuses: keys of a policy that this kind of policy may not have.
    """
    if not isinstance(content, dict):
        yield "a policy document must be a JSON object"
        return
    if content.get("Version") not in ("2012-10-17", "2008-10-17"):
        yield f"Version must be 2012-10-17 and is {content.get('Version')!r}"
    statements = content.get("Statement")
    for number, statement in enumerate(statements if isinstance(statements, list) else [statements]):
        at = f"Statement[{number}]"
        if not isinstance(statement, dict):
            yield f"{at} must be a JSON object"
            continue
        if statement.get("Effect") not in ("Allow", "Deny"):
            yield f"{at}.Effect must be Allow or Deny and is {statement.get('Effect')!r}"
        for group in needs:
            if sum(key in statement for key in group) != 1:
                yield f"{at} needs {'exactly one of ' if len(group) > 1 else ''}{', '.join(group)}"
        for key in sorted(set(statement) - _STATEMENT_KEYS | set(statement) & set(refuses)):
            yield f"{at}.{key} is not allowed in this policy"
