"""The permissions boundary of every role that the stack makes, whichever component or package makes it."""

from typing import Final

import pulumi

import settings

_ROLE: Final = "aws:iam/role:Role"
_BOUNDARY: Final = "permissionsBoundary"


def boundary(platform: settings.Platform) -> None:
    """Give every role that is made from here on the boundary of the settings, unless it has one of its own."""
    arn = platform.permissions_boundary_arn
    if arn is None:
        return

    def bound(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if args.type_ != _ROLE or args.props.get(_BOUNDARY):
            return None
        return pulumi.ResourceTransformResult({**args.props, _BOUNDARY: arn}, args.opts)

    # Of the engine, not of this program alone: roles that a component of another package makes pass it too.
    pulumi.runtime.register_resource_transform(bound)
