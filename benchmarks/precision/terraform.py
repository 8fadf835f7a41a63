"""Writes a labelled case as Terraform configuration, which the scanners read."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.policies.labelled import DOCUMENTS, Case, Piece, document, reference, with_name

TYPES: Final = {
    "alb.Listener": "aws_alb_listener",
    "alb.LoadBalancer": "aws_alb",
    "autoscaling.Group": "aws_autoscaling_group",
    "batch.ComputeEnvironment": "aws_batch_compute_environment",
    "batch.JobDefinition": "aws_batch_job_definition",
    "cloudwatch.EventTarget": "aws_cloudwatch_event_target",
    "dms.ReplicationInstance": "aws_dms_replication_instance",
    "ec2.DefaultRouteTable": "aws_default_route_table",
    "ec2.DefaultSecurityGroup": "aws_default_security_group",
    "ec2.DefaultSubnet": "aws_default_subnet",
    "ec2.EgressOnlyInternetGateway": "aws_egress_only_internet_gateway",
    "ec2.Eip": "aws_eip",
    "ec2.EipAssociation": "aws_eip_association",
    "ec2.Instance": "aws_instance",
    "ec2.InternetGateway": "aws_internet_gateway",
    "ec2.LaunchConfiguration": "aws_launch_configuration",
    "ec2.LaunchTemplate": "aws_launch_template",
    "ec2.MainRouteTableAssociation": "aws_main_route_table_association",
    "ec2.NatGateway": "aws_nat_gateway",
    "ec2.NetworkInterface": "aws_network_interface",
    "ec2.Route": "aws_route",
    "ec2.RouteTable": "aws_route_table",
    "ec2.RouteTableAssociation": "aws_route_table_association",
    "ec2.SecurityGroup": "aws_security_group",
    "ec2.SecurityGroupRule": "aws_security_group_rule",
    "ec2.Subnet": "aws_subnet",
    "ec2.Vpc": "aws_vpc",
    "ecr.RegistryScanningConfiguration": "aws_ecr_registry_scanning_configuration",
    "ecr.Repository": "aws_ecr_repository",
    "ecr.RepositoryCreationTemplate": "aws_ecr_repository_creation_template",
    "ecs.ExpressGatewayService": "aws_ecs_express_gateway_service",
    "ecs.Service": "aws_ecs_service",
    "ecs.TaskDefinition": "aws_ecs_task_definition",
    "ecs.TaskSet": "aws_ecs_task_set",
    "efs.MountTarget": "aws_efs_mount_target",
    "elasticache.SubnetGroup": "aws_elasticache_subnet_group",
    "elb.LoadBalancer": "aws_elb",
    "iam.GroupPolicyAttachment": "aws_iam_group_policy_attachment",
    "iam.Policy": "aws_iam_policy",
    "iam.PolicyAttachment": "aws_iam_policy_attachment",
    "iam.Role": "aws_iam_role",
    "iam.RolePolicy": "aws_iam_role_policy",
    "iam.RolePolicyAttachment": "aws_iam_role_policy_attachment",
    "iam.UserPolicyAttachment": "aws_iam_user_policy_attachment",
    "iam.RolePolicyAttachmentsExclusive": "aws_iam_role_policy_attachments_exclusive",
    "lb.Listener": "aws_lb_listener",
    "lb.LoadBalancer": "aws_lb",
    "mq.Broker": "aws_mq_broker",
    "msk.Cluster": "aws_msk_cluster",
    "rds.ClusterInstance": "aws_rds_cluster_instance",
    "rds.Instance": "aws_db_instance",
    "rds.SubnetGroup": "aws_db_subnet_group",
    "redshift.Cluster": "aws_redshift_cluster",
    "scheduler.Schedule": "aws_scheduler_schedule",
    "sfn.StateMachine": "aws_sfn_state_machine",
    "ssoadmin.CustomerManagedPolicyAttachment": "aws_ssoadmin_customer_managed_policy_attachment",
    "ssoadmin.ManagedPolicyAttachment": "aws_ssoadmin_managed_policy_attachment",
    "vpc.SecurityGroupIngressRule": "aws_vpc_security_group_ingress_rule",
}

# Terraform names one block, Pulumi the list of them.
_NAMES = {
    "appliedFors": "applied_for",
    "defaultActions": "default_action",
    "imageTagMutabilityExclusionFilters": "image_tag_mutability_exclusion_filter",
    "inlinePolicies": "inline_policy",
    "listeners": "listener",
    "networkConfigurations": "network_configuration",
    "ec2.Instance.networkInterfaces": "network_interface",
    "repositoryFilters": "repository_filter",
    "routes": "route",
    "rules": "rule",
    "subnetMappings": "subnet_mapping",
    "users": "user",
    "volumes": "volume",
    "vpcZoneIdentifiers": "vpc_zone_identifier",
}


def configuration(case: Case) -> str | None:
    """The case as one file; `None` if it has what Terraform's AWS provider does not, such as aws-native."""
    if any(piece.type not in TYPES for piece in case.pieces):
        return None
    addresses = {piece.name: f"{TYPES[piece.type]}.{_label(case, piece)}" for piece in case.pieces}
    return "\n".join("\n".join(_resource(case, piece, addresses)) for piece in case.pieces) + "\n"


def _label(case: Case, piece: Piece) -> str:
    # Unlike those of other cases: a scanner that reads them all at once must not connect them.
    return f"{case.id}_{piece.name}".replace("-", "_")


def _resource(case: Case, piece: Piece, addresses: Mapping[str, str]) -> Iterator[str]:
    yield f'resource "{TYPES[piece.type]}" "{_label(case, piece)}" {{'
    yield from _body(with_name(piece), addresses, "  ", piece.type)
    yield "}"


def _body(inputs: Mapping[str, Any], addresses: Mapping[str, str], indent: str, of: str = "") -> Iterator[str]:
    for name, value in inputs.items():
        given = _NAMES.get(f"{of}.{name}") or _NAMES.get(name) or _snake(name)
        if name in DOCUMENTS and not isinstance(value, str):
            yield f"{indent}{given} = jsonencode({_expression(document(value), addresses)})"
        elif isinstance(value, Mapping) or (isinstance(value, list) and value and isinstance(value[0], Mapping)):
            for block in value if isinstance(value, list) else [value]:
                yield f"{indent}{given} {{"
                yield from _body(block, addresses, f"{indent}  ")
                yield f"{indent}}}"
        else:
            yield f"{indent}{given} = {_expression(value, addresses)}"


def _expression(value: Any, addresses: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(name)} = {_expression(item, addresses)}" for name, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_expression(item, addresses) for item in value) + "]"
    if isinstance(value, str):
        if found := reference(value):
            return f"{addresses[found[0]]}.{_snake(found[1])}"
        return json.dumps(value).replace("${", "$${").replace("%{", "%%{")
    return json.dumps(value)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
