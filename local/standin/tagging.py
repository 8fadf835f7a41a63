"""Tags of resources, as AWS takes them ("Tag your AWS resources", Tagging AWS Resources User Guide)."""

from collections import Counter
from collections.abc import Iterator

from .account import Properties
from .behaviour import UNKNOWN, Fault

_MOST, _LONGEST_KEY, _LONGEST_VALUE = 50, 128, 256


def faults(token: str, inputs: Properties) -> Iterator[Fault]:
    """Yield what AWS would refuse of a resource's tags, with the provider's default ones; what is unknown passes."""
    tags = inputs.get("tagsAll")
    if not isinstance(tags, dict):
        return
    if len(tags) > _MOST:
        yield "tags", f"InvalidParameterException: {len(tags)} tags, but a resource has at most {_MOST}"
    for key, value in tags.items():
        if key.lower().startswith("aws:"):
            yield "tags", f"InvalidParameterException: the prefix aws: is reserved, so {key} cannot be a tag's key"
        if not 0 < len(key) <= _LONGEST_KEY or (value != UNKNOWN and len(str(value)) > _LONGEST_VALUE):
            yield "tags", f"InvalidParameterException: the tag {key} is too long"
    if token.startswith("aws:iam/"):
        for key, count in Counter(key.lower() for key in tags).items():
            if count > 1:
                yield (
                    "tags",
                    f"InvalidInput: Duplicate tag keys found. Tag keys are case insensitive: {key}",
                )
