"""The ECS cluster and the capacity its tasks run on."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from ..common.waiting import after
from .args import (
    ACCOUNT_DEFAULTS,
    CLUSTER_DEFAULTS,
    CLUSTER_LINK_DEFAULTS,
    EXECUTE_COMMAND_DEFAULTS,
    AccountSettingsArgs,
    ClusterArgs,
    ContainerInsights,
    ExecuteCommandLoggingArgs,
)
from .auto_scaling_group import AutoScalingGroup
from .providers import FARGATE_PROVIDERS, completed, default_strategy, provider_kinds


class Cluster(pulumi.ComponentResource):
    """`container-platform:index:Cluster`: an ECS cluster with its capacity.

    Creates: an `aws:ecs/cluster:Cluster`, and an `aws:ecs/clusterCapacityProviders:ClusterCapacityProviders` that
    associates FARGATE, FARGATE_SPOT and the cluster's own capacity with a default strategy.
    Optional: Container Insights, Auto Scaling groups, a log of ECS Exec, keys of your own, the account's settings.
    Needs: the ECS service-linked role, which ECS creates with an account's first cluster.
    """

    cluster_name: pulumi.Output[str]
    """Name of the cluster. Known once its capacity providers are associated, so that they exist before what uses it."""
    cluster_arn: pulumi.Output[str]
    """ARN of the cluster. Known once its capacity providers are associated, so that they exist before what uses it."""
    capacity_providers: pulumi.Output[dict[str, str]]
    """Name of each capacity provider in strategies → its name in ECS."""
    auto_scaling_group_names: pulumi.Output[dict[str, str]]
    """Name of each Auto Scaling group in strategies → its name in AWS."""
    security_group_ids: pulumi.Output[dict[str, str]]
    """Name of each Auto Scaling group in strategies → id of its instances' security group."""
    execute_command_log_group_arn: pulumi.Output[str]
    """ARN of the log group that keeps the sessions of ECS Exec; empty without one."""

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(ClusterArgs, args, CLUSTER_DEFAULTS, CLUSTER_LINK_DEFAULTS)
        super().__init__("container-platform:index:Cluster", name, {}, opts)
        self._name = name
        account = self._account_settings(values)
        self.execute_command_log_group_arn = pulumi.Output.from_input("")
        cluster = self._cluster(values)
        groups = self._groups(values, cluster, account)
        made = {key: group.capacity_provider_name for key, group in groups.items()}
        providers = self._association(values, cluster, made)
        # A service cannot start before its capacity provider, and must be gone before it is deleted: what uses the
        # cluster depends on the association too.
        self.cluster_name = after(cluster.name, providers)
        self.cluster_arn = after(cluster.arn, providers)
        self.capacity_providers = _named({**dict(zip(FARGATE_PROVIDERS, FARGATE_PROVIDERS, strict=True)), **made})
        self.auto_scaling_group_names = _named({key: group.group_name for key, group in groups.items()})
        self.security_group_ids = _named({key: group.security_group_id for key, group in groups.items()})
        self.register_outputs(
            {
                "cluster_name": self.cluster_name,
                "cluster_arn": self.cluster_arn,
                "capacity_providers": self.capacity_providers,
                "auto_scaling_group_names": self.auto_scaling_group_names,
                "security_group_ids": self.security_group_ids,
                "execute_command_log_group_arn": self.execute_command_log_group_arn,
            }
        )

    def _cluster(self, values: ClusterArgs) -> aws.ecs.Cluster:
        insights = ContainerInsights(values["container_insights"]).value
        return aws.ecs.Cluster(
            self._name,
            name=values["cluster_name"],
            settings=[aws.ecs.ClusterSettingArgs(name="containerInsights", value=insights)],
            configuration=self._configuration(values),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _configuration(self, values: ClusterArgs) -> aws.ecs.ClusterConfigurationArgs | None:
        storage, command = None, None
        if key := values.get("storage_kms_key_arn"):
            storage = aws.ecs.ClusterConfigurationManagedStorageConfigurationArgs(
                fargate_ephemeral_storage_kms_key_id=key, kms_key_id=key
            )
        if "execute_command_logging" in values:
            command = self._execute_command(values, values["execute_command_logging"])
        if storage is None and command is None:
            return None
        return aws.ecs.ClusterConfigurationArgs(
            execute_command_configuration=command, managed_storage_configuration=storage
        )

    def _execute_command(
        self, values: ClusterArgs, logging: ExecuteCommandLoggingArgs
    ) -> aws.ecs.ClusterConfigurationExecuteCommandConfigurationArgs:
        chosen = complete(ExecuteCommandLoggingArgs, logging, EXECUTE_COMMAND_DEFAULTS)
        key = chosen.get("kms_key_arn")
        group = aws.cloudwatch.LogGroup(
            f"{self._name}-execute-command",
            name=f"{values['log_group_prefix']}/execute-command",
            retention_in_days=int(chosen["log_retention_days"]),
            kms_key_id=key,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.execute_command_log_group_arn = group.arn
        return aws.ecs.ClusterConfigurationExecuteCommandConfigurationArgs(
            kms_key_id=key,
            logging="OVERRIDE",
            log_configuration=aws.ecs.ClusterConfigurationExecuteCommandConfigurationLogConfigurationArgs(
                cloud_watch_log_group_name=group.name, cloud_watch_encryption_enabled=key is not None
            ),
        )

    def _account_settings(self, values: ClusterArgs) -> list[aws.ecs.AccountSettingDefault]:
        if "account_settings" not in values:
            return []
        settings = complete(AccountSettingsArgs, values["account_settings"], ACCOUNT_DEFAULTS)
        wanted = {
            "awsvpcTrunking": "enabled" if settings["awsvpc_trunking"] else "disabled",
            "containerInsights": ContainerInsights(settings["container_insights"]).value,
        }
        return [
            aws.ecs.AccountSettingDefault(
                f"{self._name}-{name}", name=name, value=value, opts=pulumi.ResourceOptions(parent=self)
            )
            for name, value in wanted.items()
        ]

    def _groups(
        self, values: ClusterArgs, cluster: aws.ecs.Cluster, account: list[aws.ecs.AccountSettingDefault]
    ) -> dict[str, AutoScalingGroup]:
        # An instance has trunking only if the account had it when the instance started, so the instances get the
        # cluster's name after that. A preview knows the settings' names, but not their ids.
        cluster_name = pulumi.Output.all(cluster.name, *(setting.name for setting in account)).apply(
            lambda known: str(known[0])
        )
        return {
            key: AutoScalingGroup(
                f"{self._name}-{key}",
                {"name_prefix": f"{values['cluster_name']}-{key}", **group, "cluster_name": cluster_name},
                pulumi.ResourceOptions(parent=self),
            )
            for key, group in values["auto_scaling_groups"].items()
        }

    def _association(
        self, values: ClusterArgs, cluster: aws.ecs.Cluster, made: dict[str, pulumi.Output[str]]
    ) -> aws.ecs.ClusterCapacityProviders:
        strategy = values.get("capacity_provider_strategy", default_strategy(provider_kinds(made)))
        return aws.ecs.ClusterCapacityProviders(
            self._name,
            cluster_name=cluster.name,
            capacity_providers=[*FARGATE_PROVIDERS, *made.values()],
            default_capacity_provider_strategies=[
                aws.ecs.ClusterCapacityProvidersDefaultCapacityProviderStrategyArgs(
                    capacity_provider=made.get(item["capacity_provider"], item["capacity_provider"]),
                    weight=item["weight"],
                    base=item["base"],
                )
                for item in completed(strategy)
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )


def _named(values: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[dict[str, str]]:
    return pulumi.Output.from_input(dict(values)).apply(lambda known: {key: str(value) for key, value in known.items()})
