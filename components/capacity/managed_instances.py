"""EC2 instances of a cluster that AWS chooses, patches and replaces: ECS Managed Instances."""

from typing import Final, cast

import pulumi
import pulumi_aws as aws

from ..common import egress_rules, iam
from ..common.architecture import Architecture
from . import ec2_instances
from .args import MANAGED_INSTANCES_DEFAULTS, CapacityOption, ManagedInstancesArgs

_MANUFACTURERS: Final = {Architecture.X86_64: ["amd", "intel"], Architecture.ARM64: ["amazon-web-services"]}

_Requirements = aws.ecs.CapacityProviderManagedInstancesProviderInstanceLaunchTemplateInstanceRequirementsArgs
_Vcpus = aws.ecs.CapacityProviderManagedInstancesProviderInstanceLaunchTemplateInstanceRequirementsVcpuCountArgs
_Memory = aws.ecs.CapacityProviderManagedInstancesProviderInstanceLaunchTemplateInstanceRequirementsMemoryMibArgs
_Template = aws.ecs.CapacityProviderManagedInstancesProviderInstanceLaunchTemplateArgs
_Network = aws.ecs.CapacityProviderManagedInstancesProviderInstanceLaunchTemplateNetworkConfigurationArgs
_Storage = aws.ecs.CapacityProviderManagedInstancesProviderInstanceLaunchTemplateStorageConfigurationArgs
_Optimization = aws.ecs.CapacityProviderManagedInstancesProviderInfrastructureOptimizationArgs


class ManagedInstances(pulumi.ComponentResource):
    """`container-platform:index:ManagedInstances`: instances of a cluster that AWS runs, as many as its tasks need.

    Creates: an `aws:ecs/capacityProvider:CapacityProvider` that serves one cluster, with the role by which ECS starts
    and ends instances, the instances' own role and profile, and a security group that nobody reaches.
    Optional: Spot; a choice of instance types.
    Needs: a cluster, private subnets.

    The cluster has it by being named here: AWS takes it neither in the cluster's list of capacity providers nor in its
    default strategy (PutClusterCapacityProviders, ECS API). Services name it in theirs.
    """

    capacity_provider_name: pulumi.Output[str]
    """Name of the capacity provider in ECS."""
    security_group_id: pulumi.Output[str]
    """Id of the instances' security group."""

    def __init__(self, name: str, args: ManagedInstancesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("container-platform:index:ManagedInstances", name, {}, opts)
        values = cast(ManagedInstancesArgs, {**MANAGED_INSTANCES_DEFAULTS, **args})
        self._name = name
        self._aws_name = ec2_instances.provider_name(values.get("name_prefix", name))
        self._child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            name, description=f"Managed Instances {self._aws_name}", vpc_id=values["vpc_id"], opts=self._child
        )
        endpoints = cast(egress_rules.EndpointsToReach, values)
        rules = [
            *egress_rules.to_ranges(name, group.id, values["egress"], self._child, ipv6=values["ipv6"]),
            *egress_rules.to_endpoints(name, group.id, f"Managed Instances {self._aws_name}", endpoints, self._child),
        ]
        instance_role, instance_rights = self._instance_role(values)
        profile = aws.iam.InstanceProfile(name, role=instance_role.name, path=values["role_path"], opts=self._child)
        infrastructure_role, infrastructure_rights = self._infrastructure_role(values, instance_role)
        # ECS needs all of these until the last instance is gone, and waits for that when the provider is deleted.
        needed = [*rules, *instance_rights, *infrastructure_rights]
        provider = self._capacity_provider(values, group, profile, infrastructure_role, needed)
        self.capacity_provider_name = provider.name
        self.security_group_id = group.id
        self.register_outputs(
            {"capacity_provider_name": self.capacity_provider_name, "security_group_id": self.security_group_id}
        )

    def _instance_role(self, values: ManagedInstancesArgs) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
        return self._role(
            "instance",
            "What the agent on an instance needs to join the cluster",
            "ec2.amazonaws.com",
            "AmazonECSInstanceRolePolicyForManagedInstances",
            values,
        )

    def _infrastructure_role(
        self, values: ManagedInstancesArgs, instance_role: aws.iam.Role
    ) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
        role, rights = self._role(
            "infrastructure",
            "What ECS needs to start and end instances",
            "ecs.amazonaws.com",
            "AmazonECSInfrastructureRolePolicyForManagedInstances",
            values,
        )
        # AWS's policy passes only roles that are named ecsInstanceRole* and have no path.
        passing = aws.iam.RolePolicy(
            f"{self._name}-infrastructure",
            role=role.name,
            policy=instance_role.arn.apply(_passing),
            opts=self._child,
        )
        return role, [*rights, passing]

    def _role(
        self, purpose: str, description: str, service: str, policy: str, values: ManagedInstancesArgs
    ) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
        role = aws.iam.Role(
            f"{self._name}-{purpose}",
            path=values["role_path"],
            description=f"{description} ({self._aws_name})",
            assume_role_policy=iam.plain_service_trust(service),
            opts=self._child,
        )
        partition = aws.get_partition_output(opts=pulumi.InvokeOutputOptions(parent=self)).partition
        attachment = aws.iam.RolePolicyAttachment(
            f"{self._name}-{purpose}",
            role=role.name,
            policy_arn=pulumi.Output.concat("arn:", partition, ":iam::aws:policy/", policy),
            opts=self._child,
        )
        return role, [attachment]

    def _capacity_provider(
        self,
        values: ManagedInstancesArgs,
        group: aws.ec2.SecurityGroup,
        profile: aws.iam.InstanceProfile,
        infrastructure_role: aws.iam.Role,
        needed: list[pulumi.Resource],
    ) -> aws.ecs.CapacityProvider:
        optimization = (
            _Optimization(scale_in_after=int(values["scale_in_seconds"])) if "scale_in_seconds" in values else None
        )
        return aws.ecs.CapacityProvider(
            # Named by the engine, so that one that must be replaced is made before the old one goes.
            self._aws_name,
            cluster=values["cluster_name"],
            managed_instances_provider=aws.ecs.CapacityProviderManagedInstancesProviderArgs(
                infrastructure_role_arn=infrastructure_role.arn,
                propagate_tags="CAPACITY_PROVIDER",
                infrastructure_optimization=optimization,
                instance_launch_template=_Template(
                    ec2_instance_profile_arn=profile.arn,
                    capacity_option_type=CapacityOption(values["capacity_option"]).value,
                    network_configuration=_Network(subnets=values["subnet_ids"], security_groups=[group.id]),
                    storage_configuration=_Storage(storage_size_gib=int(values["storage_size"])),
                    instance_requirements=_requirements(values),
                    monitoring="DETAILED" if values["detailed_monitoring"] else "BASIC",
                ),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=needed),
        )


def _requirements(values: ManagedInstancesArgs) -> _Requirements:
    max_vcpus, max_memory = values.get("max_vcpus"), values.get("max_memory")
    return _Requirements(
        vcpu_count=_Vcpus(min=int(values["min_vcpus"]), max=None if max_vcpus is None else int(max_vcpus)),
        memory_mib=_Memory(min=int(values["min_memory"]), max=None if max_memory is None else int(max_memory)),
        cpu_manufacturers=_MANUFACTURERS[Architecture(values["architecture"])],
        instance_generations=None if values["instance_types"] else ["current"],
        allowed_instance_types=sorted(values["instance_types"]) or None,
    )


def _passing(instance_role_arn: str) -> str:
    to_instances = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    return iam.document([iam.allow("GiveInstancesTheirRole", ["iam:PassRole"], [instance_role_arn], to_instances)])
