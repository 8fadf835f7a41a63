"""The secrets that containers find in their environment."""

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from .args import TaskArgs
from .secret_args import GENERATED_SECRET_DEFAULTS, GeneratedSecretArgs


def sources(name: str, values: TaskArgs, parent: pulumi.Resource) -> dict[str, pulumi.Input[str]]:
    """Return environment variable to `valueFrom` of every secret; make the generated one."""
    found: dict[str, pulumi.Input[str]] = dict(values["secrets"])
    if "generated_secret" in values:
        chosen = complete(GeneratedSecretArgs, values["generated_secret"], GENERATED_SECRET_DEFAULTS)
        found[chosen["environment_variable"]] = _generated(name, chosen, values, parent)
    return found


def _generated(name: str, chosen: GeneratedSecretArgs, values: TaskArgs, parent: pulumi.Resource) -> pulumi.Output[str]:
    secret = aws.secretsmanager.Secret(
        name,
        description=f"Generated for the service {values['service_name']}",
        recovery_window_in_days=30 if values["protect"] else 0,
        opts=pulumi.ResourceOptions(parent=parent, protect=values["protect"]),
    )
    password = aws.secretsmanager.get_random_password_output(
        password_length=int(chosen["length"]),
        exclude_characters=chosen["excluded_characters"],
        opts=pulumi.InvokeOptions(parent=parent),
    )
    content = pulumi.Output.json_dumps({"username": chosen["username"], "password": password.random_password})
    secret_content: pulumi.Output[str] = pulumi.Output.secret(content)
    aws.secretsmanager.SecretVersion(
        name,
        secret_id=secret.id,
        secret_string=secret_content,
        # Each run draws another password; the first one stays.
        opts=pulumi.ResourceOptions(parent=parent, ignore_changes=["secret_string"]),
    )
    return pulumi.Output.concat(secret.arn, ":password::")
