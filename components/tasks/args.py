"""What tasks are made from: the part of a service's arguments that says what runs."""

from enum import Enum
from typing import Final, TypedDict

import pulumi

from ..capacity.providers import Capacity
from ..common.architecture import Architecture
from .container_args import CONTAINER_DEFAULTS, ContainersChoices, PortProtocol
from .link_args import LinkArgs
from .permissions import PermissionArgs
from .runtime_args import RUNTIME_DEFAULTS, RuntimeChoices
from .secret_args import GeneratedSecretArgs


class Compatibility(str, Enum):
    """The capacity that a task definition is checked for, and may then run on."""

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


class TaskChoices(ContainersChoices, RuntimeChoices, total=False):
    """What a person chooses of tasks."""

    image: str
    """Tag or digest (`sha256:...`) of the image in the repository, or a whole reference, which has a slash. Tasks may
    pull from a repository of ECR that it names; that of another account must let them. Defaults to none: there is no
    image yet, so no tasks run, scaling is held at zero, and nothing waits."""
    cpu: int
    """CPU units of a task; 1024 are one vCPU. Fargate offers certain sizes, instances any from 128 to 196608. Defaults
    to 256."""
    memory: int
    """Memory of a task in MiB. Fargate offers certain pairs with cpu only. Defaults to 512."""
    network_mode: NetworkMode
    """Network mode of the tasks. awsvpc gives each task its own address and security group. bridge shares those of the
    instance and listens on any free port of it; it needs an Auto Scaling group with bridgeTasks. Changing it replaces
    the service, with an interruption; a protected stack refuses that. Defaults to awsvpc."""
    architecture: Architecture
    """Processor architecture. Defaults to X86_64."""
    environment: dict[str, str]
    """Environment variables besides NODE_ENV and PORT. Do not put secrets here. Defaults to none."""
    secrets: dict[str, str]
    """Environment variable to ARN of its Secrets Manager secret in the same region (also `<arn>:<json key>::`), or of
    its Parameter Store parameter. Defaults to none."""
    secret_kms_key_arns: list[str]
    """ARNs of the KMS keys of your own that encrypt those secrets, and the environment files. Defaults to none."""
    generated_secret: GeneratedSecretArgs
    """A secret made with the service. Defaults to none."""
    user: str
    """User that the container runs as, not root (Security Hub ECS.20). Defaults to 1000:1000."""
    readonly_root_filesystem: bool
    """Make the container's root file system read-only (Security Hub ECS.5). Defaults to true."""
    health_check_command: list[str]
    """Command of the container's own health check. An empty list means none, for images without curl and shell.
    Defaults to curl on the health check path if the container answers requests, else to none."""
    log_retention_days: int
    """Days to keep the logs. Defaults to 30."""
    permissions: list[PermissionArgs]
    """What the application may do: named actions on named resources. Defaults to nothing."""
    permissions_boundary_arn: str
    """ARN of the managed policy that bounds what the roles of these tasks may do. Defaults to that of the stack."""


class PortChoices(TypedDict, total=False):
    """What a person chooses of tasks that answer requests."""

    container_port: int
    """Port that the container listens on. Defaults to 80."""
    health_check_path: str
    """Path that answers 200 if the application is healthy. The load balancer asks for another one only when tasks that
    were deployed with it run, so these must answer the earlier one too. Defaults to /health, and for gRPC to
    /grpc.health.v1.Health/Check."""


class AnsweringArgs(PortChoices, total=False):
    """Where tasks answer requests, completed by the service that they are of."""

    labels: dict[str, str]
    """Further labels of the container. Defaults to none."""
    protocol: PortProtocol
    """tcp or udp. Defaults to tcp."""


class SessionLinks(TypedDict, total=False):
    """What ties sessions in containers to the cluster."""

    execute_command: bool
    """Let people open sessions in the containers with ECS Exec, as root; the sessions are logged. Defaults to false."""
    execute_command_log_group_arn: pulumi.Input[str]
    """ARN of the log group that keeps these sessions, an output of Cluster. Needed for them."""
    execute_command_kms_key_arn: str
    """ARN of the KMS key that the cluster encrypts these sessions with. Defaults to none."""


class TaskLinks(SessionLinks, total=False):
    """What ties tasks to the rest of a platform."""

    compatibility: Compatibility
    """What the tasks run on: FARGATE, EC2 for Auto Scaling groups, or MANAGED_INSTANCES. The strategy must be of the
    same kind. Defaults to FARGATE."""
    family: str
    """Family of the task definitions, unique in the account and region. Defaults to `<service_name>-task`."""
    log_group_name: str
    """Name of the log group, unique in the account and region. Defaults to `/ecs/<service_name>`."""
    links: dict[str, LinkArgs]
    """What the application uses, by the names that its environment variables begin with. Defaults to nothing."""
    role_path: str
    """Path of the roles, which deployers' permissions can be limited to. Defaults to /."""
    protect: bool
    """Refuse to delete what cannot be made again: the generated secret, the image parameter. Defaults to true."""
    repository_url: pulumi.Input[str]
    """URL of the repository that holds the images. Needed unless `image` is a whole reference."""
    repository_arn: pulumi.Input[str]
    """ARN of that repository, which the execution role may pull from. Needed with the URL."""


class TaskArgs(TaskChoices, TaskLinks):
    """What tasks are made from."""

    service_name: str
    """Name of the service in its cluster, and of its container."""
    cluster_arn: pulumi.Input[str]
    """ARN of the cluster, an output of Cluster."""


TASK_DEFAULTS: Final[TaskChoices] = {
    "cpu": 256,
    "memory": 512,
    "architecture": Architecture.X86_64,
    "network_mode": NetworkMode.AWSVPC,
    "environment": {},
    "secrets": {},
    "secret_kms_key_arns": [],
    "user": "1000:1000",
    "readonly_root_filesystem": True,
    "log_retention_days": 30,
    "environment_files": CONTAINER_DEFAULTS["environment_files"],
    "ports": CONTAINER_DEFAULTS["ports"],
    "depends_on": CONTAINER_DEFAULTS["depends_on"],
    "ulimits": CONTAINER_DEFAULTS["ulimits"],
    "init_process": CONTAINER_DEFAULTS["init_process"],
    "containers": {},
    "writable_paths": RUNTIME_DEFAULTS["writable_paths"],
    "add_capabilities": RUNTIME_DEFAULTS["add_capabilities"],
    "version_consistency": RUNTIME_DEFAULTS["version_consistency"],
    "fault_injection": RUNTIME_DEFAULTS["fault_injection"],
    "tags": RUNTIME_DEFAULTS["tags"],
    "permissions": [],
}
PORT_DEFAULTS: Final[PortChoices] = {"container_port": 80}
TASK_LINK_DEFAULTS: Final[TaskLinks] = {
    "compatibility": Compatibility.FARGATE,
    "links": {},
    "role_path": "/",
    "protect": True,
    "execute_command": False,
}


HEALTH_CHECK_LABEL: Final = "container-platform.health-check-path"
"""Label of a container that says with which health check path it was deployed."""


def default_family(service_name: str) -> str:
    """Return the family of a service's task definitions if no other is chosen."""
    return f"{service_name}-task"


def is_bridge(values: TaskChoices) -> bool:
    """Return whether the tasks share the address and the security group of their instance."""
    return NetworkMode(values["network_mode"]) is NetworkMode.BRIDGE
