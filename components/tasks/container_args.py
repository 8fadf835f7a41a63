"""What may be said of a container: of the application's own, and of those that run beside it."""

from enum import Enum
from typing import Final, TypedDict

from .runtime_args import RepositoryCredentialsArgs, WritablePathArgs

APPLICATION: Final = "application"
"""What further containers call the service's own one, whose name in ECS differs from stack to stack."""


class PortProtocol(str, Enum):
    """What a port takes."""

    TCP = "tcp"
    UDP = "udp"


class AppProtocol(str, Enum):
    """What is spoken on a port, for Service Connect."""

    HTTP = "http"
    HTTP2 = "http2"
    GRPC = "grpc"


class DependencyCondition(str, Enum):
    """How far another container must be before one starts."""

    START = "START"
    COMPLETE = "COMPLETE"
    SUCCESS = "SUCCESS"
    HEALTHY = "HEALTHY"


ENDED: Final = (DependencyCondition.COMPLETE, DependencyCondition.SUCCESS)
"""What only a container that ends comes to."""


class UlimitName(str, Enum):
    """What a process may use only so much of (getrlimit, in the Linux manual)."""

    CORE = "core"
    CPU = "cpu"
    DATA = "data"
    FSIZE = "fsize"
    LOCKS = "locks"
    MEMLOCK = "memlock"
    MSGQUEUE = "msgqueue"
    NICE = "nice"
    NOFILE = "nofile"
    NPROC = "nproc"
    RSS = "rss"
    RTPRIO = "rtprio"
    RTTIME = "rttime"
    SIGPENDING = "sigpending"
    STACK = "stack"


class NamedPortChoices(TypedDict, total=False):
    """What a person chooses of a further port."""

    protocol: PortProtocol
    """tcp or udp. Defaults to tcp."""
    app_protocol: AppProtocol
    """http, http2 or grpc: what is spoken there, for Service Connect's metrics and retries. Defaults to none, plain
    TCP."""


class NamedPortArgs(NamedPortChoices):
    """A further port that a container listens on."""

    port: int
    """The port."""


NAMED_PORT_DEFAULTS: Final[NamedPortChoices] = {"protocol": PortProtocol.TCP}


class UlimitArgs(TypedDict):
    """The least and the most of a resource limit; -1 means unlimited."""

    soft: int
    """What a process starts with."""
    hard: int
    """What it may raise that to."""


class RestartPolicyChoices(TypedDict, total=False):
    """How ECS restarts a container that ends, without replacing its task."""

    ignored_exit_codes: list[int]
    """Exit codes after which it is not restarted, such as 0. Defaults to none."""
    restart_attempt_period_seconds: int
    """Seconds that the container must have run to be restarted, 60 to 1800. Defaults to 300."""


RESTART_POLICY_DEFAULTS: Final[RestartPolicyChoices] = {
    "ignored_exit_codes": [],
    "restart_attempt_period_seconds": 300,
}


class ContainerHealthCheckTimes(TypedDict, total=False):
    """How often a container is asked whether it is healthy, and how patiently."""

    interval_seconds: int
    """Seconds between two checks, 5 to 300. Defaults to 30."""
    timeout_seconds: int
    """Seconds after which a check has failed, 2 to 60. Defaults to 5."""
    retries: int
    """Failed checks in a row that make the container unhealthy, 1 to 10. Defaults to 3."""
    start_period_seconds: int
    """Seconds after the start in which failed checks do not count, 0 to 300. Defaults to 60."""


HEALTH_CHECK_TIMES: Final[ContainerHealthCheckTimes] = {
    "interval_seconds": 30,
    "timeout_seconds": 5,
    "retries": 3,
    "start_period_seconds": 60,
}


class ContainerHealthCheckArgs(ContainerHealthCheckTimes):
    """A container's health check."""

    command: list[str]
    """What is run in the container: CMD and a program with its arguments, or CMD-SHELL and one text."""


class ContainerChoices(TypedDict, total=False):
    """What a person chooses of any container."""

    command: list[str]
    """Command and its arguments, instead of the image's (CMD). Defaults to the image's."""
    entry_point: list[str]
    """Program that the command is given to, instead of the image's (ENTRYPOINT). Defaults to the image's."""
    environment_files: list[str]
    """ARNs of objects in S3 whose names end in .env, with a line NAME=value for each variable. `environment` wins over
    them. The execution role may read exactly these. Defaults to none."""
    ports: dict[str, NamedPortArgs]
    """Name to a further port that the container listens on. Nothing is let in by it: whatever refers to a port by its
    name opens it. Defaults to none."""
    depends_on: dict[str, DependencyCondition]
    """Container to what it must have come to before this one starts: START, HEALTHY, or the end of one that ends,
    COMPLETE with any exit code, SUCCESS with 0. They stop in the opposite order. Defaults to none."""
    ulimits: dict[str, UlimitArgs]
    """Resource limit to its soft and hard value. Fargate takes nofile only. Defaults to none: the limits of AWS."""
    init_process: bool
    """Start a small init process first, which passes signals on and removes processes that ended. Defaults to true."""
    stop_timeout_seconds: int
    """Seconds from SIGTERM until the container is killed, 2 or more, on Fargate at most 120. Defaults to AWS's, 30."""
    restart_policy: RestartPolicyChoices
    """Restart the container within its task when it ends; `{}` means after any exit code. Defaults to none: if the
    container is essential, its task is replaced."""


CONTAINER_DEFAULTS: Final[ContainerChoices] = {
    "environment_files": [],
    "ports": {},
    "depends_on": {},
    "ulimits": {},
    "init_process": True,
}


class FurtherContainerChoices(ContainerChoices, total=False):
    """What a person chooses of a container that runs beside the application."""

    environment: dict[str, str]
    """Environment variables. Do not put secrets here. Defaults to none."""
    secrets: dict[str, str]
    """Environment variable to ARN of its Secrets Manager secret in the same region (also `<arn>:<json key>::`), or of
    its Parameter Store parameter. Defaults to none."""
    essential: bool
    """Stop and replace the whole task when this container ends, so that none runs without it. Defaults to true; to
    false if another container waits for its end, as AWS demands."""
    start_timeout_seconds: int
    """Seconds after which the task is given up if this container has not come to what another one waits for, 2 or
    more, on Fargate at most 120. Defaults to AWS's."""
    cpu: int
    """CPU units of the task that are reserved for this container. Defaults to none: it shares what is free."""
    memory: int
    """MiB at which this container is killed. Defaults to none: the task's memory."""
    memory_reservation: int
    """MiB of the task that are reserved for this container. Defaults to none."""
    health_check: ContainerHealthCheckArgs
    """The container's health check; the task of an essential container that is not healthy is replaced. Defaults to
    none."""
    user: str
    """User that the container runs as, not root (Security Hub ECS.20). Defaults to 1000:1000."""
    readonly_root_filesystem: bool
    """Make the container's root file system read-only (Security Hub ECS.5). Defaults to true."""
    writable_paths: dict[str, WritablePathArgs]
    """Absolute paths that the container may write to although its root file system is read-only, such as /tmp; `{}`
    means a file system of 64 MiB in memory. No other container sees them. Defaults to none."""
    repository_credentials: RepositoryCredentialsArgs
    """How ECS logs in to the registry of an image that is not in ECR. Defaults to none: everybody may pull it."""


class FurtherContainerArgs(FurtherContainerChoices):
    """A container that runs beside the application, in the same task."""

    image: str
    """Whole reference of the image, with a version or digest: public.ecr.aws/nginx/nginx:1.29. Tasks may pull from a
    repository of ECR that it names; that of another account must let them."""


FURTHER_CONTAINER_DEFAULTS: Final[FurtherContainerChoices] = {
    "environment_files": CONTAINER_DEFAULTS["environment_files"],
    "ports": CONTAINER_DEFAULTS["ports"],
    "depends_on": CONTAINER_DEFAULTS["depends_on"],
    "ulimits": CONTAINER_DEFAULTS["ulimits"],
    "init_process": CONTAINER_DEFAULTS["init_process"],
    "environment": {},
    "secrets": {},
    "user": "1000:1000",
    "readonly_root_filesystem": True,
    "writable_paths": {},
}


class ContainersChoices(ContainerChoices, total=False):
    """What a person chooses of the containers of a task."""

    container_health_check: ContainerHealthCheckTimes
    """How often `health_check_command` is run, and how patiently. Defaults to every 30 seconds, with a timeout of 5, 3
    retries and a start period of 60."""
    containers: dict[str, FurtherContainerArgs]
    """Name to a container that runs beside the application, in the same task. Defaults to none."""
