"""Another team's project: a service of its own on the platform's cluster, load balancer and registry."""

from typing import cast

import pulumi
from container_platform.components import Service, ServiceArgs
from container_platform.outputs.reference import PlatformStack

config = pulumi.Config()
stack = pulumi.get_stack()
platform = PlatformStack(config.require("platformStack"))
repository = config.get("repository") or "web"

reports = Service(
    "reports",
    cast(
        ServiceArgs,
        {
            "service_name": f"{stack}-reports",
            "cluster_arn": platform.cluster_arn,
            "cluster_name": platform.cluster_name,
            "vpc_id": platform.vpc_id,
            "subnet_ids": platform.private_subnet_ids,
            "listener_arn": platform.listener_arn,
            "load_balancer_security_group_id": platform.load_balancer_security_group_id,
            "repository_url": platform.repository_url(repository),
            "repository_arn": platform.repository_arn(repository),
            **({"image": image} if (image := config.get("image")) else {}),
            "container_port": 8080,
            "health_check_command": ["CMD", "node", "healthcheck.js"],
            "paths": ["/reports/*"],
            "role_path": f"/{pulumi.get_project()}/{stack}/",
            "protect": False,
        },
    ),
)

pulumi.export("serviceName", reports.name)
pulumi.export("url", pulumi.Output.concat(platform.url, "/reports/"))
