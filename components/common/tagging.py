"""Tags of all that a component makes."""

from collections.abc import Mapping
from typing import Any

import pulumi


def tagged(tags: Mapping[str, str]) -> pulumi.ResourceOptions:
    """Return options of a component that give these tags to each of its resources that can have tags.

    A tag of the resource itself stays. Without tags nothing changes.
    """

    def add(made: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        # The SDK passes every input that the type has, None where it is not given.
        if "tags" not in made.props:
            return None
        own: Any = made.props["tags"] or {}
        props = {**made.props, "tags": {**tags, **own}}
        return pulumi.ResourceTransformationResult(props, made.opts)

    return pulumi.ResourceOptions(transformations=[add]) if tags else pulumi.ResourceOptions()
