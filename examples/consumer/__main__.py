"""Another team's project: it reads what the platform publishes, and makes something of its own on it."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

CONTRACT_VERSION = 1  # of the platform's outputs, which this program was written for

source = pulumi.Config("consumer").require("platformStack")
reference = pulumi.StackReference(source)


def check(outputs: dict[str, Any]) -> dict[str, Any]:
    """Return the platform's outputs, or stop where they are not those that this program knows."""
    found = outputs.get("contractVersion")
    if found != CONTRACT_VERSION:
        shown = "publishes no contractVersion; deploy it first" if found is None else f"has contractVersion {found:g}"
        raise pulumi.RunError(f"{source} {shown}. This project needs contractVersion {CONTRACT_VERSION}.")
    return outputs


# Everything below waits for the check: where it fails, nothing is registered.
platform = reference.outputs.apply(check)

workers = aws.ec2.SecurityGroup(
    "workers", description="Our workers in the platform's network", vpc_id=platform["vpcId"]
)
aws.vpc.SecurityGroupEgressRule(
    "workers-to-https",
    security_group_id=workers.id,
    ip_protocol="tcp",
    from_port=443,
    to_port=443,
    cidr_ipv4="0.0.0.0/0",
)
settings = aws.ssm.Parameter(
    "worker-settings",
    type=aws.ssm.ParameterType.STRING,
    description="Where our workers run and what they call",
    value=pulumi.Output.all(
        url=platform["url"], cluster=platform["clusterArn"], subnets=platform["privateSubnetIds"], group=workers.id
    ).apply(lambda known: json.dumps(known, sort_keys=True)),
)
pulumi.export("settingsParameter", settings.name)
pulumi.export("platformUrl", platform["url"])
