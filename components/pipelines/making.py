"""What everything of one pipeline is made with: its arguments, names, parent and scope."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from ..common.arn import parse
from ..tasks.args import default_family
from .args import DeployKind, PipelineArgs
from .permissions import Scope


@dataclass(frozen=True)
class Making:
    """A pipeline that is being made."""

    name: str
    """The component's name."""
    values: PipelineArgs
    """Its arguments, with all defaults."""
    scope: pulumi.Output[Scope]
    """Names of what the pipeline works on."""
    parent: pulumi.Resource

    @property
    def child(self) -> pulumi.ResourceOptions:
        """Options of what belongs to the pipeline."""
        return pulumi.ResourceOptions(parent=self.parent)

    @property
    def by_pulumi(self) -> bool:
        """Whether `pulumi up` deploys, not the ECS action."""
        return DeployKind(self.values["deploy"]) is DeployKind.PULUMI

    def label(self, purpose: str) -> str:
        """Return the resource name of what serves a purpose; of the pipeline itself if that is empty."""
        return f"{self.name}-pipeline-{purpose}" if purpose else f"{self.name}-pipeline"

    def after(self, *needed: pulumi.Resource) -> pulumi.ResourceOptions:
        """Return options of what belongs to the pipeline and must wait for other resources."""
        return pulumi.ResourceOptions(parent=self.parent, depends_on=list(needed))


def scope_of(values: PipelineArgs, bucket: aws.s3.Bucket) -> pulumi.Output[Scope]:
    """Return the names of what a pipeline with these arguments works on."""
    return pulumi.Output.all(
        cluster_arn=values["cluster_arn"],
        bucket_arn=bucket.arn,
        repository_arn=values["repository_arn"],
        role_arns=values["task_role_arns"],
        scaling_target_arn=values["scaling_target_arn"],
        signing_profile_arns=values["signing_profile_arns"],
        migration_log_group=values["migration_log_group"],
    ).apply(
        lambda known: Scope(
            place=parse(known["cluster_arn"]),
            service_name=values["service_name"],
            family=values.get("family", default_family(values["service_name"])),
            parameter=values["image_parameter"],
            **known,
        )
    )
