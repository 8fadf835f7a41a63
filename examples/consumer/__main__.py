"""Another team's project: a service, a worker and a scheduled task of its own on the platform's cluster."""

from typing import cast

import pulumi
from container_platform.components import Job, JobArgs, Service, ServiceArgs, Worker, WorkerArgs
from container_platform.outputs.reference import PlatformStack

config = pulumi.Config()
stack = pulumi.get_stack()
platform = PlatformStack(config.require("platformStack"))
repository = config.get("repository") or "web"

# What all three run, and where.
shared = {
    "cluster_arn": platform.cluster_arn,
    "vpc_id": platform.vpc_id,
    "subnet_ids": platform.private_subnet_ids,
    "repository_url": platform.repository_url(repository),
    "repository_arn": platform.repository_arn(repository),
    **({"image": image} if (image := config.get("image")) else {}),
    "role_path": f"/{pulumi.get_project()}/{stack}/",
    "protect": False,
}

reports = Service(
    "reports",
    cast(
        ServiceArgs,
        {
            **shared,
            "service_name": f"{stack}-reports",
            "cluster_name": platform.cluster_name,
            "listener_arn": platform.listener_arn,
            "load_balancer_security_group_id": platform.load_balancer_security_group_id,
            "container_port": 8080,
            "health_check_command": ["CMD", "node", "healthcheck.js"],
            "paths": ["/reports/*"],
        },
    ),
)

mailer = Worker(
    "mailer",
    cast(
        WorkerArgs,
        {
            **shared,
            "service_name": f"{stack}-mailer",
            "cluster_name": platform.cluster_name,
            "min_tasks": 1,
            "max_tasks": 4,
        },
    ),
)

nightly = Job(
    "nightly",
    cast(
        JobArgs,
        {
            **shared,
            "job_name": f"{stack}-nightly",
            "schedule": "cron(30 4 * * ? *)",
            "time_zone": "Europe/Berlin",
            # For failed runs: the platform's own topic, read only if this is set, since not every platform has one.
            **({"notification_topic_arn": platform.notification_topic_arn} if config.get_bool("notify") else {}),
        },
    ),
)

pulumi.export("serviceName", reports.name)
pulumi.export("runCommand", nightly.run_command)
pulumi.export("url", pulumi.Output.concat(platform.url, "/reports/"))
