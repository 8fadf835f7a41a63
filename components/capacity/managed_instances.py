"""EC2 instances of a cluster that AWS chooses, patches and replaces: ECS Managed Instances."""

from enum import Enum
from typing import Final, NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from ..common import egress_rules, iam
from ..services.service import Architecture, EgressRuleArgs
from . import ec2_instances


class CapacityOption(str, Enum):
    """How the instances are bought."""

    ON_DEMAND = "ON_DEMAND"
    SPOT = "SPOT"


class ManagedInstancesArgs(TypedDict):
    """What ManagedInstances are made from."""

    cluster_name: pulumi.Input[str]
    """Name of the cluster, the only one that they serve."""
    name_prefix: NotRequired[str]
    """Start of the capacity provider's name. Defaults to the component's name."""
    vpc_id: pulumi.Input[str]
    """Id of the VPC."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the private subnets that the instances stand in."""
    architecture: NotRequired[Architecture]
    """Processor architecture of the instances and of the tasks on them. Defaults to X86_64."""
    instance_types: NotRequired[list[str]]
    """Instance types that AWS chooses from, also with * for any characters: m7g.*. Defaults to every current one."""
    min_vcpus: NotRequired[int]
    """Least number of vCPUs of an instance. Defaults to 1."""
    max_vcpus: NotRequired[int]
    """Greatest number of vCPUs of an instance. Defaults to any."""
    min_memory: NotRequired[int]
    """Least memory of an instance in MiB. Defaults to 1024."""
    max_memory: NotRequired[int]
    """Greatest memory of an instance in MiB. Defaults to any."""
    capacity_option: NotRequired[CapacityOption]
    """How the instances are bought: ON_DEMAND, or SPOT, which AWS takes back with two minutes' notice. A change makes a
    capacity provider anew, and services move there. Defaults to ON_DEMAND."""
    storage_size: NotRequired[int]
    """Size in GiB of an instance's volume for images and containers. Defaults to 80."""
    detailed_monitoring: NotRequired[bool]
    """Have metrics of the instances every minute instead of every five, which costs. Defaults to false."""
    scale_in_seconds: NotRequired[int]
    """How long an instance that is idle or hardly used stays, 0 to 3600 seconds; -1 for ever. Defaults to what AWS
    holds to be best."""
    egress: NotRequired[list[EgressRuleArgs]]
    """What the instances may connect to beside VPC endpoints; tasks have rules of their own. Defaults to port 443
    anywhere; a stack that has endpoints and no NAT gateway defaults to nothing."""
    ipv6: NotRequired[bool]
    """Let a rule for every IPv4 address hold for every IPv6 address too. Defaults to false."""
    endpoint_security_group_id: NotRequired[pulumi.Input[str]]
    """Id of the security group of the VPC's interface endpoints, which then admits the instances. Defaults to none."""
    s3_prefix_list_id: NotRequired[pulumi.Input[str]]
    """Id of the prefix list of S3's addresses, which the instances may then connect to. Defaults to none."""
    role_path: NotRequired[str]
    """Path of the roles, by which those who deploy can be limited to them. Defaults to /."""


DEFAULTS: Final = {
    "architecture": Architecture.X86_64,
    "instance_types": [],
    "min_vcpus": 1,
    "min_memory": 1024,
    "capacity_option": CapacityOption.ON_DEMAND,
    "storage_size": 80,
    "detailed_monitoring": False,
    "egress": [EgressRuleArgs(port=443, cidr_block="0.0.0.0/0")],
    "ipv6": False,
    "role_path": "/",
}

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
        values = cast(ManagedInstancesArgs, {**DEFAULTS, **args})
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
