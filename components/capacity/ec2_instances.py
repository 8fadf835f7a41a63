"""EC2 instances of a cluster as plain data: which processor a type has, which image they start, what they do first."""

import base64
import json
import re
from collections.abc import Mapping
from enum import Enum
from typing import Final

from ..common.architecture import Architecture


class OperatingSystem(str, Enum):
    """What the instances run; both are images that AWS makes for ECS."""

    AMAZON_LINUX_2023 = "amazonLinux2023"
    BOTTLEROCKET = "bottlerocket"


MANAGED_POLICIES: Final = (
    "service-role/AmazonEC2ContainerServiceforEC2Role",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
    "CloudWatchAgentServerPolicy",
)
"""What an instance may do, and nothing else: join the cluster, pull images, be managed by Systems Manager instead of
SSH, and send metrics. What applications may do stands in their tasks' roles."""

_FAMILY: Final = re.compile(r"([a-z]+|u-)([0-9]+)([a-z0-9-]*)")
_IMAGES: Final = {
    (OperatingSystem.AMAZON_LINUX_2023, Architecture.X86_64): "ecs/optimized-ami/amazon-linux-2023/recommended",
    (OperatingSystem.AMAZON_LINUX_2023, Architecture.ARM64): "ecs/optimized-ami/amazon-linux-2023/arm64/recommended",
    (OperatingSystem.BOTTLEROCKET, Architecture.X86_64): "bottlerocket/aws-ecs-2/x86_64/latest",
    (OperatingSystem.BOTTLEROCKET, Architecture.ARM64): "bottlerocket/aws-ecs-2/arm64/latest",
}
_DATA_VOLUMES: Final = {OperatingSystem.AMAZON_LINUX_2023: "/dev/xvda", OperatingSystem.BOTTLEROCKET: "/dev/xvdb"}
_RESERVED: Final = ("aws", "ecs", "fargate")


def architecture(instance_type: str) -> Architecture | None:
    """Return the processor architecture of an instance type; None where ECS cannot use it, or its name says nothing.

    AWS names a family by series, generation and options, and `g` among the options is a Graviton, also the Grace of
    p6e-gb200 ("Instance type naming conventions", Amazon EC2 instance types guide). In front of the generation it is
    the graphics series: g5 has an Intel or AMD processor, g5g a Graviton. a1 is older than the rule. A Mac runs no
    containers.
    """
    family = instance_type.partition(".")[0]
    named = _FAMILY.fullmatch(family)
    if named is None or named[1] == "mac":
        return None
    return Architecture.ARM64 if family == "a1" or "g" in named[3] else Architecture.X86_64


def image(system: OperatingSystem, processor: Architecture, version: str | None = None) -> str:
    """Return the image of a launch template: a public parameter of AWS's, which EC2 reads at each launch.

    Args:
        system: operating system.
        processor: processor architecture.
        version: name of one version as the parameter's path has it, such as 1.50.0 for Bottlerocket; None for the
            newest that AWS recommends.
    """
    path = _IMAGES[system, processor]
    if version is not None:
        path = f"{path.rpartition('/')[0]}/{version}"
    return f"resolve:ssm:/aws/service/{path}/image_id"


def data_volume(system: OperatingSystem) -> str:
    """Return the device of the volume that holds images and containers; Bottlerocket keeps its own system apart."""
    return _DATA_VOLUMES[system]


def provider_name(name: str) -> str:
    """Return a name that ECS lets a capacity provider begin with: its own words at the start are refused."""
    return f"capacity-{name}" if name.lower().startswith(_RESERVED) else name


def user_data(system: OperatingSystem, cluster_name: str, *, warm_pool: bool) -> str:
    """Return what an instance does at its first start, as a launch template takes it.

    Args:
        system: operating system.
        cluster_name: name of the cluster that it joins.
        warm_pool: it may wait before it joins.
    """
    text = (
        _toml(cluster_name, warm_pool) if system is OperatingSystem.BOTTLEROCKET else _script(cluster_name, warm_pool)
    )
    return base64.b64encode(text.encode()).decode()


def _script(cluster_name: str, warm_pool: bool) -> str:
    settings: Mapping[str, str] = {
        "ECS_CLUSTER": cluster_name,
        "ECS_ENABLE_CONTAINER_METADATA": "true",
        "ECS_ENABLE_TASK_IAM_ROLE": "true",
        "ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST": "true",
        "ECS_AWSVPC_BLOCK_IMDS": "true",
        "ECS_ENABLE_SPOT_INSTANCE_DRAINING": "true",
        **({"ECS_WARM_POOLS_CHECK": "true"} if warm_pool else {}),
    }
    lines = "\n".join(f"{name}={value}" for name, value in settings.items())
    return _SCRIPT.format(settings=lines, metrics=json.dumps(_METRICS, indent=2))


_METRICS: Final = {
    "metrics": {
        "append_dimensions": {
            "AutoScalingGroupName": "${aws:AutoScalingGroupName}",
            "InstanceId": "${aws:InstanceId}",
        },
        "aggregation_dimensions": [["AutoScalingGroupName"]],
        "metrics_collected": {
            "mem": {"measurement": ["mem_used_percent"]},
            "disk": {"measurement": ["used_percent"], "resources": ["/"], "drop_device": True},
        },
    }
}

# The agent is no condition of the instance's work: without a way to its package the instance still joins.
_SCRIPT: Final = """\
#!/bin/bash
cat >> /etc/ecs/ecs.config <<'SETTINGS'
{settings}
SETTINGS
agent=/opt/aws/amazon-cloudwatch-agent
if dnf install -y amazon-cloudwatch-agent; then
  cat > $agent/etc/instance.json <<'METRICS'
{metrics}
METRICS
  $agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:$agent/etc/instance.json
fi
"""


def _toml(cluster_name: str, warm_pool: bool) -> str:
    lines = [
        "[settings.ecs]",
        f"cluster = {json.dumps(cluster_name)}",
        "enable-container-metadata = true",
        "awsvpc-block-imds = true",
        "enable-spot-instance-draining = true",
        *(["", "[settings.autoscaling]", "should-wait = true"] if warm_pool else []),
    ]
    return "\n".join([*lines, ""])
