"""Makes resources.json: `python -m local.standin.extract [schema.json]`.

Names of inputs and outputs come from the installed pulumi_aws. What AWS cannot change, choices and defaults come from
the real plugin's schema (`pulumi package get-schema aws > schema.json`); without it, those parts stay as they are.
"""

import importlib
import inspect
import json
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from pulumi import _types

from .services import behaviour

_FILE: Final = Path(__file__).with_name("resources.json")

MODULES: Final = {
    "acm": ("Certificate", "CertificateValidation"),
    "appautoscaling": ("Policy", "ScheduledAction", "Target"),
    "autoscaling": ("Group", "LifecycleHook"),
    "cloudcontrol": ("Resource",),
    "cloudwatch": (
        "CompositeAlarm", "Dashboard", "EventRule", "EventTarget", "LogGroup", "LogMetricFilter", "LogResourcePolicy",
        "MetricAlarm",
    ),
    "codebuild": ("Project",),
    "codecommit": ("Repository",),
    "codeconnections": ("Connection",),
    "codedeploy": ("Application", "DeploymentConfig", "DeploymentGroup"),
    "codepipeline": ("Pipeline",),
    "codestarnotifications": ("NotificationRule",),
    "dynamodb": ("Table",),
    "ec2": (
        "DefaultSecurityGroup", "DefaultRouteTable", "EgressOnlyInternetGateway", "Eip", "FlowLog", "InternetGateway",
        "LaunchTemplate", "MainRouteTableAssociation", "NatGateway", "Route", "RouteTable", "RouteTableAssociation",
        "SecurityGroup", "SecurityGroupRule", "Subnet", "Vpc", "VpcEndpoint",
    ),
    "ecr": (
        "AccountSetting", "LifecyclePolicy", "PullThroughCacheRule", "RegistryPolicy", "RegistryScanningConfiguration",
        "ReplicationConfiguration", "Repository", "RepositoryCreationTemplate", "RepositoryPolicy",
    ),
    "ecrpublic": ("Repository", "RepositoryPolicy"),
    "ecs": ("AccountSettingDefault", "CapacityProvider", "Cluster", "ClusterCapacityProviders", "Service",
            "TaskDefinition", "TaskSet"),
    "efs": ("AccessPoint", "FileSystem", "MountTarget"),
    "iam": ("InstanceProfile", "OpenIdConnectProvider", "Policy", "Role", "RolePolicy", "RolePolicyAttachment"),
    "kms": ("Alias", "Key"),
    "lb": ("Listener", "ListenerCertificate", "ListenerRule", "LoadBalancer", "TargetGroup"),
    "rds": ("Cluster", "ClusterInstance", "ClusterParameterGroup", "Instance", "ParameterGroup", "SubnetGroup"),
    "route53": ("Record", "Zone"),
    "s3": (
        "Bucket", "BucketLifecycleConfiguration", "BucketOwnershipControls", "BucketPolicy", "BucketPublicAccessBlock",
        "BucketServerSideEncryptionConfiguration", "BucketVersioning",
    ),
    "scheduler": ("Schedule", "ScheduleGroup"),
    "secretsmanager": ("Secret", "SecretPolicy", "SecretRotation", "SecretVersion"),
    "servicediscovery": ("HttpNamespace", "PrivateDnsNamespace", "Service"),
    "sfn": ("StateMachine",),
    "signer": ("SigningProfile",),
    "sns": ("Topic", "TopicPolicy", "TopicSubscription"),
    "sqs": ("Queue", "QueuePolicy", "RedriveAllowPolicy"),
    "ssm": ("Parameter",),
    "vpc": ("SecurityGroupEgressRule", "SecurityGroupIngressRule"),
    "wafv2": ("WebAcl", "WebAclAssociation", "WebAclLoggingConfiguration"),
}  # fmt: skip
"""The resource types that the platform makes or will make, by module of pulumi_aws."""


def entry(
    module: str, name: str, previous: dict[str, Any], schema: dict[str, Any] | None
) -> tuple[str, dict[str, Any]]:
    """Return token and entry of one resource type."""
    package = importlib.import_module(f"pulumi_aws.{module}")
    resource = getattr(package, name)
    # Named otherwise where a nested type has the name already.
    arguments = getattr(sys.modules[resource.__module__], f"{name}InitArgs", None) or getattr(package, f"{name}Args")
    token: str = resource.pulumi_type
    names: dict[str, str] = _types.input_type_py_to_pulumi_names(arguments)
    parameters = inspect.signature(arguments.__init__).parameters
    required = [
        names[key] for key, one in parameters.items() if key in names and one.default is inspect.Parameter.empty
    ]
    outputs = set(_types.resource_types(resource))
    made: dict[str, Any] = {"inputs": sorted(names.values()), "outputs": sorted(outputs), "required": sorted(required)}
    if schema is None:
        kept: dict[str, Any] = {key: previous[key] for key in ("replacing", "enums", "defaults") if key in previous}
        if "replacing" in kept:
            kept["replacing"] = _within(token, kept["replacing"])
        return token, {**made, **kept}
    properties = schema["resources"].get(token, {}).get("inputProperties", {})
    return token, {
        **made,
        "replacing": _within(token, [*_replacing(properties, schema, "", frozenset()), *behaviour(token).replacing]),
        "enums": {key: values for key, value in properties.items() if (values := _values(value, schema))},
        "defaults": {key: value["default"] for key, value in properties.items() if "default" in value},
    }


def _within(token: str, paths: Iterable[str]) -> list[str]:
    narrower = behaviour(token).replacing_within
    return sorted({narrower.get(path, path) for path in paths})


def _replacing(properties: dict[str, Any], schema: dict[str, Any], at: str, seen: frozenset[str]) -> set[str]:
    """Return the dotted paths of what cannot be changed, into nested types."""
    found: set[str] = set()
    for name, value in properties.items():
        if value.get("willReplaceOnChanges") or value.get("replaceOnChanges"):
            found.add(f"{at}{name}")
            continue
        for reference in _references(value):
            if reference not in seen:
                nested = schema["types"].get(reference, {}).get("properties", {})
                found |= _replacing(nested, schema, f"{at}{name}.", seen | {reference})
    return found


def _references(value: dict[str, Any]) -> list[str]:
    inner = [value, value.get("items", {}), value.get("additionalProperties", {}), *value.get("oneOf", [])]
    return [one["$ref"].removeprefix("#/types/") for one in inner if one.get("$ref", "").startswith("#/types/")]


def _values(value: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    if any(one.get("type") == "string" for one in value.get("oneOf", [])):
        return []  # the plugin accepts any text there
    enums = [schema["types"].get(reference, {}).get("enum", []) for reference in _references(value)]
    return [item["value"] for enum in enums for item in enum if isinstance(item["value"], str)]


def main() -> None:
    """Write the table."""
    warnings.simplefilter("ignore")
    schema = json.loads(Path(sys.argv[1]).read_text()) if len(sys.argv) > 1 else None
    previous = json.loads(_FILE.read_text()) if _FILE.exists() else {}
    table = {}
    for module, names in MODULES.items():
        for name in names:
            token = getattr(importlib.import_module(f"pulumi_aws.{module}"), name).pulumi_type
            token, made = entry(module, name, previous.get(token, {}), schema)
            table[token] = made
    lines = [f"{json.dumps(token)}: {json.dumps(table[token], separators=(',', ':'))}" for token in sorted(table)]
    _FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{_FILE.name}: {len(table)} resource types")
    if bare := [token for token, made in table.items() if "replacing" not in made]:
        print(f"Run it again with the schema: what AWS cannot change is unknown for {', '.join(bare)}")


if __name__ == "__main__":
    main()
