"""What a service is made from."""

from collections.abc import Mapping
from enum import Enum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..capacity.providers import FARGATE_PROVIDERS, Capacity, CapacityProviderStrategyArgs
from ..common.architecture import Architecture
from ..common.args import EgressRuleArgs
from .placement import PlacementConstraintArgs, PlacementStrategyArgs


class ListenerProtocol(str, Enum):
    """What the load balancer makes of a connection."""

    TCP = "TCP"
    TLS = "TLS"


class HealthCheck(str, Enum):
    """How the load balancer finds out whether a task is well."""

    HTTP = "HTTP"
    TCP = "TCP"


class NetworkListenerArgs(TypedDict):
    """A service's own listener on the Network Load Balancer."""

    port: int
    """Port that clients connect to."""
    protocol: NotRequired[ListenerProtocol]
    """TCP hands connections on as they are; TLS ends them, and the task gets what was in them. Defaults to TCP."""
    certificate_arn: NotRequired[str]
    """ARN of the ACM certificate for TLS, of the same region. Defaults to none."""
    health_check: NotRequired[HealthCheck]
    """HTTP asks for the health check path, TCP only whether the port answers. Defaults to HTTP."""
    preserve_client_ip: NotRequired[bool]
    """Let tasks see the address of the client instead of the load balancer's. A task then cannot connect to itself
    through the load balancer. Defaults to false."""


NETWORK_LISTENER_DEFAULTS: Final = {
    "protocol": ListenerProtocol.TCP,
    "health_check": HealthCheck.HTTP,
    "preserve_client_ip": False,
}


class Compatibility(str, Enum):
    """What a task definition is checked for, and may then run on."""

    FARGATE = "FARGATE"
    EC2 = "EC2"
    MANAGED_INSTANCES = "MANAGED_INSTANCES"


COMPATIBILITIES: Final = {
    Capacity.FARGATE: Compatibility.FARGATE,
    Capacity.AUTO_SCALING: Compatibility.EC2,
    Capacity.MANAGED_INSTANCES: Compatibility.MANAGED_INSTANCES,
}
"""What ECS calls each kind of capacity in a task definition."""


class NetworkMode(str, Enum):
    """How tasks are on the network."""

    AWSVPC = "awsvpc"
    BRIDGE = "bridge"


class GeneratedSecretArgs(TypedDict):
    """A password made once, kept in Secrets Manager beside its user name."""

    environment_variable: str
    """Environment variable in which the container finds the password."""
    username: NotRequired[str]
    """User name stored with it. Defaults to admin."""


class ServiceArgs(TypedDict):
    """What a Service is made from."""

    service_name: str
    """Name of the service; its family is `<service_name>-task`, its log group `/ecs/<service_name>`."""
    cluster_arn: pulumi.Input[str]
    """ARN of the cluster, as Cluster gives it."""
    cluster_name: pulumi.Input[str]
    """Name of the same cluster."""
    vpc_id: pulumi.Input[str]
    """Id of the VPC."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the private subnets that the tasks run in."""
    listener_arn: NotRequired[pulumi.Input[str]]
    """ARN of the Application Load Balancer's listener that the service's rule is added to. Defaults to none: the
    service has a listener of its own, `network_listener`."""
    network_listener: NotRequired[NetworkListenerArgs]
    """The service's own listener on a Network Load Balancer, instead of a rule. Defaults to none."""
    network_load_balancer_arn: NotRequired[pulumi.Input[str]]
    """ARN of that load balancer. Defaults to none."""
    load_balancer_security_group_id: pulumi.Input[str]
    """Id of the security group of the load balancer in front: the only one that reaches the tasks."""
    repository_url: pulumi.Input[str]
    """URL of the repository that holds the service's images."""
    repository_arn: pulumi.Input[str]
    """ARN of that repository, which the execution role may pull from."""
    image: NotRequired[str]
    """Tag or digest (`sha256:...`) of the image in the repository, or a whole reference with a slash in it. Defaults to
    none: no image yet, hence no tasks, scaling held at zero and no waiting."""
    image_parameter: NotRequired[str]
    """Name of a Parameter Store parameter to make, which says which image is meant to run: who releases writes it, who
    makes this service reads it and gives `image`. Defaults to none."""
    container_port: NotRequired[int]
    """Port that the container listens on. Defaults to 80."""
    cpu: NotRequired[int]
    """CPU units of a task; 1024 are one vCPU. Fargate offers certain sizes, instances every one from 128 to 196608.
    Defaults to 256."""
    memory: NotRequired[int]
    """Memory of a task in MiB; Fargate offers certain pairs only. Defaults to 512."""
    compatibility: NotRequired[Compatibility]
    """What the tasks run on: FARGATE, EC2 for Auto Scaling groups, or MANAGED_INSTANCES; the strategy must be of that
    kind. Defaults to FARGATE."""
    network_mode: NotRequired[NetworkMode]
    """How the tasks are on the network: awsvpc gives each an address and a security group of its own, bridge shares
    those of its instance and listens on any free port of it, on Auto Scaling groups with bridgeTasks only. A change
    replaces the service. Defaults to awsvpc."""
    architecture: NotRequired[Architecture]
    """Processor architecture. Defaults to X86_64."""
    environment: NotRequired[dict[str, str]]
    """Environment variables beside NODE_ENV and PORT. Defaults to none. Secrets do not belong here."""
    secrets: NotRequired[dict[str, str]]
    """Environment variable to ARN of its Secrets Manager secret (also `<arn>:<json key>::`) or Parameter Store
    parameter. Defaults to none."""
    secret_kms_key_arns: NotRequired[list[str]]
    """ARNs of the KMS keys of your own that encrypt those secrets. Defaults to none."""
    generated_secret: NotRequired[GeneratedSecretArgs]
    """A secret made with the service. Defaults to none."""
    user: NotRequired[str]
    """User the container runs as, not root (Security Hub ECS.20). Defaults to 1000:1000."""
    readonly_root_filesystem: NotRequired[bool]
    """Make the container's root file system read-only (Security Hub ECS.5). Defaults to true."""
    health_check_path: NotRequired[str]
    """Path that answers 200 when the application is well. Defaults to /health."""
    health_check_command: NotRequired[list[str]]
    """Command of the container's own health check. Defaults to curl on the health path; an empty list means none, for
    images that have neither curl nor a shell."""
    hosts: NotRequired[list[str]]
    """Host names that the listener rule matches. Defaults to every host."""
    paths: NotRequired[list[str]]
    """Path patterns that the listener rule matches. Defaults to every path."""
    headers: NotRequired[dict[str, list[str]]]
    """Name of a request header to the values, `*` and `?` being wildcards, of which it must have one; each header
    counts. Defaults to none."""
    priority: NotRequired[int]
    """Priority of the listener rule, 1 to 50000, the least first. Defaults to a stable one made from the component's
    name; it puts rules with more of hosts, paths and headers before those with fewer, and the one for every request
    last."""
    min_tasks: NotRequired[int]
    """Least number of tasks. Defaults to 2."""
    max_tasks: NotRequired[int]
    """Greatest number of tasks; the same as the least turns scaling off. Defaults to 10."""
    cpu_target: NotRequired[int]
    """Average CPU utilisation in percent that scaling aims at. Defaults to 70."""
    capacity_provider_strategy: NotRequired[list[CapacityProviderStrategyArgs]]
    """Where the tasks run. Defaults to FARGATE with weight 1."""
    capacity_providers: NotRequired[pulumi.Input[Mapping[str, str]]]
    """Name of each capacity provider in the strategy → its name in ECS, as Cluster gives them. Defaults to the same."""
    placement_constraints: NotRequired[list[PlacementConstraintArgs]]
    """What instances the tasks may run on, on Auto Scaling groups. Defaults to all."""
    placement_strategies: NotRequired[list[PlacementStrategyArgs]]
    """Which of these instances a task is put on, on Auto Scaling groups; the first strategy counts most. Defaults to
    spreading over the zones, then filling the memory of the fewest instances."""
    instance_security_group_id: NotRequired[pulumi.Input[str]]
    """Id of the security group of the instances, which tasks in bridge mode share. Needed for those."""
    egress: NotRequired[list[EgressRuleArgs]]
    """What the tasks may connect to, beside VPC endpoints. Defaults to port 443 anywhere, which pulling images, logs
    and secrets need; a stack that has endpoints for those and no NAT gateway defaults to nothing."""
    ipv6: NotRequired[bool]
    """Let a rule for every IPv4 address hold for every IPv6 address too. Defaults to false."""
    endpoint_security_group_id: NotRequired[pulumi.Input[str]]
    """Id of the security group of the VPC's interface endpoints, which then admits the tasks. Defaults to none."""
    s3_prefix_list_id: NotRequired[pulumi.Input[str]]
    """Id of the prefix list of S3's addresses, which the tasks may then connect to: image layers come from there.
    Defaults to none."""
    log_retention_days: NotRequired[int]
    """Days to keep the logs. Defaults to 30."""
    role_path: NotRequired[str]
    """Path of the service's roles, by which those who deploy can be limited to them. Defaults to /."""
    released_by_pipeline: NotRequired[bool]
    """Leave the running revision to CodePipeline's ECS action, which makes its own. Defaults to false: the program owns
    it."""
    protect: NotRequired[bool]
    """Refuse to delete what cannot be made again: the generated secret, the image parameter. Defaults to true."""


SERVICE_DEFAULTS: Final = {
    "container_port": 80,
    "cpu": 256,
    "memory": 512,
    "architecture": Architecture.X86_64,
    "compatibility": Compatibility.FARGATE,
    "network_mode": NetworkMode.AWSVPC,
    "environment": {},
    "secrets": {},
    "secret_kms_key_arns": [],
    "user": "1000:1000",
    "readonly_root_filesystem": True,
    "health_check_path": "/health",
    "hosts": [],
    "paths": [],
    "headers": {},
    "min_tasks": 2,
    "max_tasks": 10,
    "cpu_target": 70,
    "capacity_provider_strategy": [CapacityProviderStrategyArgs(capacity_provider=FARGATE_PROVIDERS[0])],
    "placement_constraints": [],
    "egress": [EgressRuleArgs(port=443, cidr_block="0.0.0.0/0")],
    "ipv6": False,
    "log_retention_days": 30,
    "role_path": "/",
    "released_by_pipeline": False,
    "protect": True,
}


GENERATED_SECRET_DEFAULTS: Final = {"username": "admin"}


NO_IMAGE: Final = "none"
"""Value of the image parameter before the first image: Parameter Store keeps no empty ones."""


def scales(min_tasks: int, max_tasks: int) -> bool:
    """Tell whether a scaler owns the number of tasks: there is room between the least and the greatest."""
    return min_tasks < max_tasks
