"""Values in Parameter Store, for readers without Pulumi."""

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from .args import PublicationArgs


class Publication(pulumi.ComponentResource):
    """`container-platform:index:Publication`: values in Parameter Store.

    Creates: an `aws:ssm/parameter:Parameter` for each value.
    Optional: nothing.
    Needs: nothing.
    """

    def __init__(self, name: str, args: PublicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(PublicationArgs, args)
        super().__init__("container-platform:index:Publication", name, {}, opts)
        for key, value in values["values"].items():
            aws.ssm.Parameter(
                f"{name}-{key}",
                name=f"{values['path']}/{key}",
                # Up to 4 KB the standard tier, which is free; above it the advanced one.
                tier="Intelligent-Tiering",
                type=aws.ssm.ParameterType.STRING,
                value=value,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
