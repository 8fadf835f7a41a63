"""Values in Parameter Store, for those who do not use Pulumi."""

import pulumi
import pulumi_aws as aws

from .args import PublicationArgs


class Publication(pulumi.ComponentResource):
    """`container-platform:index:Publication`: values that others read from Parameter Store.

    Creates: an `aws:ssm/parameter:Parameter` for each value.
    Optional: nothing.
    Needs: nothing.
    """

    def __init__(self, name: str, args: PublicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("container-platform:index:Publication", name, {}, opts)
        for key, value in args["values"].items():
            aws.ssm.Parameter(
                f"{name}-{key}",
                name=f"{args['path']}/{key}",
                # Standard up to 4 KB, which costs nothing, and advanced beyond.
                tier="Intelligent-Tiering",
                type=aws.ssm.ParameterType.STRING,
                value=value,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
