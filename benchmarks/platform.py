"""One platform of any size, as a Pulumi state and as CloudFormation templates: the same resources, the same faults.

Each tenth service has four faults that both sides know: images that are not scanned, a public address, a port for
administrators open to the internet, and a task role that may do everything with S3.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ACCOUNT: Final = "123456789012"
FAULTS: Final = 4
"""Faults in each faulty service."""
_EVERY: Final = 10
_PER_TEMPLATE: Final = 400  # CloudFormation takes 500


@dataclass(frozen=True)
class Item:
    """One resource in both of its forms.

    :ivar depends: names of the resources behind each Pulumi property.
    :ivar service: the service it belongs to, `None` for the network.
    """

    name: str
    pulumi_type: str
    inputs: Mapping[str, Any]
    cloudformation_type: str
    properties: Mapping[str, Any]
    id: str
    depends: Mapping[str, list[str]] = field(default_factory=dict)
    service: int | None = None


def platform(resources: int) -> list[Item]:
    """The network and as many services as make up at least so many resources."""
    found = list(_network())
    number = 0
    while len(found) < resources:
        found += _service(number, faulty=number % _EVERY == 0)
        number += 1
    return found


def faulty_services(items: list[Item]) -> int:
    """How many services have faults."""
    return len({item.service for item in items if item.service is not None and item.service % _EVERY == 0})


def state(items: list[Item]) -> dict[str, Any]:
    """As `pulumi stack export` writes it."""
    urns = {item.name: f"urn:pulumi:dev::benchmark::{item.pulumi_type}::{item.name}" for item in items}
    resources = [
        {
            "urn": urns[item.name],
            "custom": True,
            "id": item.id,
            "type": item.pulumi_type,
            "inputs": item.inputs,
            "outputs": {**item.inputs, "id": item.id, "arn": _arn(item)},
            "dependencies": [urns[name] for names in item.depends.values() for name in names],
            "propertyDependencies": {prop: [urns[name] for name in names] for prop, names in item.depends.items()},
        }
        for item in items
    ]
    manifest = {"time": "2026-01-01T00:00:00Z", "magic": "", "version": ""}
    return {"version": 3, "deployment": {"manifest": manifest, "resources": resources}}


def templates(items: list[Item]) -> dict[str, str]:
    """CloudFormation templates by file name, each within CloudFormation's limit."""
    parts = [items[start : start + _PER_TEMPLATE] for start in range(0, len(items), _PER_TEMPLATE)]
    return {
        f"platform-{number}.json": json.dumps(
            {
                "AWSTemplateFormatVersion": "2010-09-09",
                "Resources": {
                    item.name.title().replace("-", ""): {
                        "Type": item.cloudformation_type,
                        "Properties": item.properties,
                    }
                    for item in part
                },
            },
            indent=1,
        )
        for number, part in enumerate(parts)
    }


def _arn(item: Item) -> str:
    kind = "role" if item.pulumi_type.endswith(":Role") else "thing"
    return f"arn:aws:iam::{ACCOUNT}:{kind}/{item.id}"


def _network() -> Iterator[Item]:
    yield Item(
        "vpc", "aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"}, "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}, "vpc-1"
    )
    yield Item(
        "igw",
        "aws:ec2/internetGateway:InternetGateway",
        {"vpcId": "vpc-1"},
        "AWS::EC2::InternetGateway",
        {},
        "igw-1",
        {"vpcId": ["vpc"]},
    )
    for number, (kind, target) in enumerate(
        [("public", {"gatewayId": "igw-1"}), ("private", {"natGatewayId": "nat-1"})] * 3
    ):
        name = f"{kind}-{number // 2}"
        cidr = f"10.0.{number}.0/24"
        vpc = {"vpcId": ["vpc"]}
        yield Item(
            name,
            "aws:ec2/subnet:Subnet",
            {"vpcId": "vpc-1", "cidrBlock": cidr, "mapPublicIpOnLaunch": False},
            "AWS::EC2::Subnet",
            {"VpcId": "vpc-1", "CidrBlock": cidr, "MapPublicIpOnLaunch": False},
            f"subnet-{name}",
            vpc,
        )
        table, route = (
            {"vpcId": "vpc-1"},
            {"routeTableId": f"rtb-{name}", "destinationCidrBlock": "0.0.0.0/0", **target},
        )
        yield Item(
            f"{name}-table",
            "aws:ec2/routeTable:RouteTable",
            table,
            "AWS::EC2::RouteTable",
            {"VpcId": "vpc-1"},
            f"rtb-{name}",
            vpc,
        )
        yield Item(
            f"{name}-route",
            "aws:ec2/route:Route",
            route,
            "AWS::EC2::Route",
            {prop[0].upper() + prop[1:]: value for prop, value in route.items()},
            f"r-{name}",
            {"routeTableId": [f"{name}-table"]},
        )
        joined = {"subnetId": f"subnet-{name}", "routeTableId": f"rtb-{name}"}
        yield Item(
            f"{name}-association",
            "aws:ec2/routeTableAssociation:RouteTableAssociation",
            joined,
            "AWS::EC2::SubnetRouteTableAssociation",
            {"SubnetId": joined["subnetId"], "RouteTableId": joined["routeTableId"]},
            f"rtbassoc-{name}",
            {"subnetId": [name], "routeTableId": [f"{name}-table"]},
        )


def _service(number: int, *, faulty: bool) -> Iterator[Item]:
    name = f"service-{number}"

    def item(suffix: str, types: tuple[str, str], inputs: Any, properties: Any, **depends: list[str]) -> Item:
        return Item(f"{name}-{suffix}", types[0], inputs, types[1], properties, f"{name}-{suffix}", depends, number)

    yield item(
        "repository",
        ("aws:ecr/repository:Repository", "AWS::ECR::Repository"),
        {
            "name": name,
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": not faulty},
            "encryptionConfigurations": [{"encryptionType": "KMS"}],
        },
        {
            "RepositoryName": name,
            "ImageTagMutability": "IMMUTABLE",
            "ImageScanningConfiguration": {"ScanOnPush": not faulty},
            "EncryptionConfiguration": {"EncryptionType": "KMS"},
        },
    )
    yield item(
        "logs",
        ("aws:cloudwatch/logGroup:LogGroup", "AWS::Logs::LogGroup"),
        {"name": f"/ecs/{name}", "retentionInDays": 365},
        {"LogGroupName": f"/ecs/{name}", "RetentionInDays": 365},
    )
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
        ],
    }
    statements = {
        "task": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
        if faulty
        else {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [f"arn:aws:s3:::{name}/*"]},
        "execution": {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": [f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/ecs/{name}:*"],
        },
    }
    for purpose, statement in statements.items():
        role = f"{name}-{purpose}"
        yield item(
            purpose,
            ("aws:iam/role:Role", "AWS::IAM::Role"),
            {"name": role, "path": "/", "assumeRolePolicy": json.dumps(trust)},
            {"RoleName": role, "AssumeRolePolicyDocument": trust},
        )
        document = {"Version": "2012-10-17", "Statement": [statement]}
        yield item(
            f"{purpose}-policy",
            ("aws:iam/rolePolicy:RolePolicy", "AWS::IAM::Policy"),
            {"name": role, "role": role, "policy": json.dumps(document)},
            {"PolicyName": role, "Roles": [role], "PolicyDocument": document},
            role=[role],
        )
    yield item(
        "group",
        ("aws:ec2/securityGroup:SecurityGroup", "AWS::EC2::SecurityGroup"),
        {"vpcId": "vpc-1", "description": f"Tasks of {name}"},
        {"VpcId": "vpc-1", "GroupDescription": f"Tasks of {name}"},
        vpcId=["vpc"],
    )
    port, source = (22, "0.0.0.0/0") if faulty else (8080, "10.0.0.0/16")
    yield item(
        "ingress",
        ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "AWS::EC2::SecurityGroupIngress"),
        {
            "securityGroupId": f"{name}-group",
            "ipProtocol": "tcp",
            "fromPort": port,
            "toPort": port,
            "cidrIpv4": source,
            "description": "In",
        },
        {
            "GroupId": f"{name}-group",
            "IpProtocol": "tcp",
            "FromPort": port,
            "ToPort": port,
            "CidrIp": source,
            "Description": "In",
        },
        securityGroupId=[f"{name}-group"],
    )
    container = {
        "name": name,
        "image": f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/{name}:1",
        "readonlyRootFilesystem": True,
        "user": "1000",
    }
    logs = {"awslogs-group": f"/{name}", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "ecs"}
    roles = {purpose: f"arn:aws:iam::{ACCOUNT}:role/{name}-{purpose}" for purpose in statements}
    yield item(
        "definition",
        ("aws:ecs/taskDefinition:TaskDefinition", "AWS::ECS::TaskDefinition"),
        {
            "family": name,
            "networkMode": "awsvpc",
            "containerDefinitions": json.dumps(
                [{**container, "logConfiguration": {"logDriver": "awslogs", "options": logs}}]
            ),
            "taskRoleArn": roles["task"],
            "executionRoleArn": roles["execution"],
        },
        {
            "Family": name,
            "NetworkMode": "awsvpc",
            "ContainerDefinitions": [
                {
                    **{key[0].upper() + key[1:]: value for key, value in container.items()},
                    "LogConfiguration": {"LogDriver": "awslogs", "Options": logs},
                }
            ],
            "TaskRoleArn": roles["task"],
            "ExecutionRoleArn": roles["execution"],
        },
        taskRoleArn=[f"{name}-task"],
        executionRoleArn=[f"{name}-execution"],
    )
    subnets = ["subnet-private-0", "subnet-private-1"]
    yield item(
        "service",
        ("aws:ecs/service:Service", "AWS::ECS::Service"),
        {
            "name": name,
            "taskDefinition": name,
            "networkConfiguration": {
                "subnets": subnets,
                "securityGroups": [f"{name}-group"],
                "assignPublicIp": faulty,
            },
        },
        {
            "ServiceName": name,
            "TaskDefinition": name,
            "NetworkConfiguration": {
                "AwsvpcConfiguration": {
                    "Subnets": subnets,
                    "SecurityGroups": [f"{name}-group"],
                    "AssignPublicIp": "ENABLED" if faulty else "DISABLED",
                }
            },
        },
        networkConfiguration=["private-0", "private-1", f"{name}-group"],
        taskDefinition=[f"{name}-definition"],
    )
