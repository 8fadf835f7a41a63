"""EC2 instances that a cluster scales by itself: an Auto Scaling group and its capacity provider."""

from typing import Final, cast

import pulumi
import pulumi_aws as aws

from ..common import egress_rules, iam
from ..common.architecture import Architecture
from ..common.arn import parse
from . import ec2_instances, launching
from .args import AUTO_SCALING_GROUP_DEFAULTS, WARM_POOL_DEFAULTS, AutoScalingGroupArgs, WarmPoolArgs, WarmPoolState
from .ec2_instances import OperatingSystem

EPHEMERAL_PORTS: Final = (32768, 65535)
"""Ports that Docker gives to tasks in bridge mode (Port mappings, Amazon ECS task definition parameters)."""


class AutoScalingGroup(pulumi.ComponentResource):
    """`container-platform:index:AutoScalingGroup`: EC2 instances of a cluster, as many as its tasks need.

    Creates: an `aws:autoscaling/group:Group` with its `aws:ec2/launchTemplate:LaunchTemplate`, the instances' role with
    AWS's policies for it and their profile, their security group with its rules, and the
    `aws:ecs/capacityProvider:CapacityProvider` by which ECS scales the group.
    Optional: several instance types, Spot, a warm pool, tasks in bridge mode.
    Needs: a cluster, private subnets, a way to AWS from them.
    """

    capacity_provider_name: pulumi.Output[str]
    """Name of the capacity provider in ECS."""
    group_name: pulumi.Output[str]
    """Name of the Auto Scaling group."""
    security_group_id: pulumi.Output[str]
    """Id of the instances' security group."""

    def __init__(self, name: str, args: AutoScalingGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("container-platform:index:AutoScalingGroup", name, {}, opts)
        values = cast(AutoScalingGroupArgs, {**AUTO_SCALING_GROUP_DEFAULTS, **args})
        self._name = name
        self._aws_name = ec2_instances.provider_name(values.get("name_prefix", name))
        self._child = pulumi.ResourceOptions(parent=self)
        self._tags = {"Name": self._aws_name, **values["tags"]}
        security_group, rules = self._security_group(values)
        profile, policies = self._profile(values)
        template = self._template(values, security_group, profile)
        # An instance that starts before its role and its way out are there never joins the cluster.
        group = self._group(values, template, [*rules, *policies])
        provider = self._capacity_provider(values, group)
        self.capacity_provider_name = provider.name
        self.group_name = group.name
        self.security_group_id = security_group.id
        self.register_outputs(
            {
                "capacity_provider_name": self.capacity_provider_name,
                "group_name": self.group_name,
                "security_group_id": self.security_group_id,
            }
        )

    def _security_group(self, values: AutoScalingGroupArgs) -> tuple[aws.ec2.SecurityGroup, list[pulumi.Resource]]:
        group = aws.ec2.SecurityGroup(
            self._name,
            description=f"EC2 instances of {self._aws_name}",
            vpc_id=values["vpc_id"],
            opts=self._child,
        )
        rules = egress_rules.to_ranges(self._name, group.id, values["egress"], self._child, ipv6=values["ipv6"])
        rules += egress_rules.to_endpoints(
            self._name,
            group.id,
            f"the instances of {self._aws_name}",
            cast(egress_rules.EndpointsToReach, values),
            self._child,
        )
        if values["bridge_tasks"] and "load_balancer_security_group_id" in values:
            self._bridge_rules(values["load_balancer_security_group_id"], group)
        return group, rules

    def _bridge_rules(self, balancer: pulumi.Input[str], group: aws.ec2.SecurityGroup) -> None:
        # Docker chooses the port of each task, so the range is open as a whole, once for all services of the group.
        first, last = EPHEMERAL_PORTS
        for side, own, other in (
            (aws.vpc.SecurityGroupEgressRule, balancer, group.id),
            (aws.vpc.SecurityGroupIngressRule, group.id, balancer),
        ):
            side(
                f"{self._name}-from-load-balancer",
                security_group_id=own,
                referenced_security_group_id=other,
                description="Requests to tasks in bridge mode",
                ip_protocol="tcp",
                from_port=first,
                to_port=last,
                opts=self._child,
            )

    def _profile(self, values: AutoScalingGroupArgs) -> tuple[aws.iam.InstanceProfile, list[pulumi.Resource]]:
        partition = parse(aws.get_caller_identity(opts=pulumi.InvokeOptions(parent=self)).arn).partition
        role = aws.iam.Role(
            self._name,
            path=values["role_path"],
            description=f"EC2 instances of {self._aws_name}: what ECS needs there, nothing for applications",
            assume_role_policy=iam.plain_service_trust("ec2.amazonaws.com"),
            opts=self._child,
        )
        policies: list[pulumi.Resource] = [
            aws.iam.RolePolicyAttachment(
                f"{self._name}-{policy.rpartition('/')[2]}",
                role=role.name,
                policy_arn=f"arn:{partition}:iam::aws:policy/{policy}",
                opts=self._child,
            )
            for policy in ec2_instances.MANAGED_POLICIES
        ]
        profile = aws.iam.InstanceProfile(self._name, path=values["role_path"], role=role.name, opts=self._child)
        return profile, policies

    def _template(
        self, values: AutoScalingGroupArgs, security_group: aws.ec2.SecurityGroup, profile: aws.iam.InstanceProfile
    ) -> aws.ec2.LaunchTemplate:
        system = OperatingSystem(values["operating_system"])
        kinds = ("instance", "volume", "network-interface")
        return aws.ec2.LaunchTemplate(
            self._aws_name,
            description=f"EC2 instances of {self._aws_name}",
            update_default_version=True,
            image_id=ec2_instances.image(system, Architecture(values["architecture"]), values.get("image_version")),
            # With several the group names them.
            instance_type=None if _mixed(values) else values["instance_types"][0],
            iam_instance_profile=aws.ec2.LaunchTemplateIamInstanceProfileArgs(arn=profile.arn),
            user_data=pulumi.Output.from_input(values["cluster_name"]).apply(
                lambda cluster: ec2_instances.user_data(system, cluster, warm_pool="warm_pool" in values)
            ),
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled",
                http_tokens="required",
                http_put_response_hop_limit=2 if values["bridge_tasks"] else 1,
                instance_metadata_tags="disabled",
            ),
            network_interfaces=[
                aws.ec2.LaunchTemplateNetworkInterfaceArgs(
                    device_index=0,
                    associate_public_ip_address="false",
                    delete_on_termination="true",
                    security_groups=[security_group.id],
                )
            ],
            block_device_mappings=launching.volumes(
                system, int(values["root_volume_size"]), values.get("root_volume_kms_key_arn")
            ),
            # Container Insights measures the instances by the minute already.
            monitoring=aws.ec2.LaunchTemplateMonitoringArgs(enabled=False),
            tag_specifications=[
                aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=self._tags) for kind in kinds
            ],
            opts=self._child,
        )

    def _group(
        self, values: AutoScalingGroupArgs, template: aws.ec2.LaunchTemplate, depends_on: list[pulumi.Resource]
    ) -> aws.autoscaling.Group:
        # By number, so that a new version is seen as a change of the group, which then replaces its instances.
        version = template.latest_version.apply(lambda number: str(int(number)))
        return aws.autoscaling.Group(
            self._aws_name,
            vpc_zone_identifiers=values["subnet_ids"],
            min_size=int(values["min_size"]),
            desired_capacity=int(values["desired_size"]),
            max_size=int(values["max_size"]),
            launch_template=None
            if _mixed(values)
            else aws.autoscaling.GroupLaunchTemplateArgs(id=template.id, version=version),
            mixed_instances_policy=launching.mixed_policy(
                template.id,
                version,
                values["instance_types"],
                on_demand_base=int(values["on_demand_base"]),
                on_demand_percentage=int(values["on_demand_percentage"]),
            )
            if _mixed(values)
            else None,
            # Never the load balancer's: a task that is not well says nothing about the instance.
            health_check_type="EC2",
            health_check_grace_period=300,
            # Managed termination protection needs it; ECS lifts it from an instance without tasks.
            protect_from_scale_in=True,
            instance_refresh=launching.refresh(),
            warm_pool=_warm_pool(values),
            force_delete=not values["protect"],
            tags=[
                aws.autoscaling.GroupTagArgs(key=key, value=value, propagate_at_launch=True)
                # ECS adds this one by itself otherwise, which would look like a change made by somebody else.
                for key, value in {"AmazonECSManaged": "", **self._tags}.items()
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=depends_on, ignore_changes=["desired_capacity"]),
        )

    def _capacity_provider(
        self, values: AutoScalingGroupArgs, group: aws.autoscaling.Group
    ) -> aws.ecs.CapacityProvider:
        return aws.ecs.CapacityProvider(
            # Named by the engine, so that one that must be replaced is made before the old one goes.
            self._aws_name,
            auto_scaling_group_provider=aws.ecs.CapacityProviderAutoScalingGroupProviderArgs(
                auto_scaling_group_arn=group.arn,
                managed_draining="ENABLED",
                managed_termination_protection="ENABLED",
                managed_scaling=aws.ecs.CapacityProviderAutoScalingGroupProviderManagedScalingArgs(
                    status="ENABLED",
                    target_capacity=int(values["target_capacity"]),
                    minimum_scaling_step_size=int(values["min_scaling_step"]),
                    maximum_scaling_step_size=int(values["max_scaling_step"]),
                    instance_warmup_period=300,
                ),
            ),
            opts=self._child,
        )


def _mixed(values: AutoScalingGroupArgs) -> bool:
    return len(values["instance_types"]) > 1 or int(values["on_demand_percentage"]) < 100


def _warm_pool(values: AutoScalingGroupArgs) -> aws.autoscaling.GroupWarmPoolArgs | None:
    if "warm_pool" not in values:
        return None
    pool = cast(WarmPoolArgs, {**WARM_POOL_DEFAULTS, **values["warm_pool"]})
    return aws.autoscaling.GroupWarmPoolArgs(
        min_size=int(pool["min_size"]),
        max_group_prepared_capacity=int(pool["max_prepared"]) if "max_prepared" in pool else None,
        pool_state=WarmPoolState(pool["state"]).value,
        # ECS takes no instance back that has left its cluster ("Configuring pre-initialized instances", ECS guide).
        instance_reuse_policy=aws.autoscaling.GroupWarmPoolInstanceReusePolicyArgs(reuse_on_scale_in=False),
    )
