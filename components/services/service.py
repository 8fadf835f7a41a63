"""A web service on the cluster: tasks behind the shared load balancer."""

from typing import Any, Final, cast

import pulumi
import pulumi_aws as aws

from ..capacity.providers import FARGATE_PROVIDERS, STRATEGY_DEFAULTS
from ..common.architecture import Architecture
from ..common.args import EgressRuleArgs as EgressRuleArgs
from ..common.arn import parse
from ..tasks import container_definitions, task_roles
from . import activation, listener_rules, network_listeners, placement, scaling_policies, security_rules
from .args import (
    GENERATED_SECRET_DEFAULTS,
    NO_IMAGE,
    SERVICE_DEFAULTS,
    Compatibility,
    NetworkMode,
    ServiceArgs,
)

# A tag that nobody pushes: a task definition must name an image, also where no task is to run yet.
_NO_IMAGE_YET: Final = "no-image-yet"


class Service(pulumi.ComponentResource):
    """`container-platform:index:Service`: a web service, reached through a listener rule of its own, or through a
    listener of its own on a Network Load Balancer.

    Creates: an `aws:ecs/service:Service` with its `aws:ecs/taskDefinition:TaskDefinition` (kept when replaced, so that
    there is something to go back to), execution role, task role, log group, security group with its rules, target group
    and listener rule or listener; with room to scale, an `aws:appautoscaling/target:Target` and a CPU policy.
    Optional: a generated secret; instances instead of Fargate; bridge mode, which shares the instances' security group
    and makes none.
    Needs: a cluster, private subnets, a listener or a Network Load Balancer, a repository.
    """

    name: pulumi.Output[str]
    """Name of the ECS service."""
    task_definition_arn: pulumi.Output[str]
    """ARN of the task definition's revision."""
    target_group_arn: pulumi.Output[str]
    """ARN of the target group."""
    log_group_name: pulumi.Output[str]
    """Name of the log group."""
    security_group_id: pulumi.Output[str]
    """Id of the security group that the tasks connect from, for others to admit: in bridge mode the instances'."""
    task_role_name: pulumi.Output[str]
    """Name of the role that the application has, for grants."""
    role_arns: pulumi.Output[list[str]]
    """ARNs of the roles that tasks are started with, for whoever else starts them."""
    scaling_target_arn: pulumi.Output[str]
    """ARN of the scalable target; empty where least and greatest number of tasks are the same."""
    image_parameter: pulumi.Output[str]
    """Name of the parameter that says which image is meant to run; empty where none was asked for."""

    def __init__(self, name: str, args: ServiceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("container-platform:index:Service", name, {}, opts)
        values = cast(ServiceArgs, {**SERVICE_DEFAULTS, **args})
        if _is_bridge(values) and not ("instance_security_group_id" in values and _places(values)):
            raise ValueError("network_mode bridge needs compatibility EC2, and instance_security_group_id")
        if _is_bridge(values) and "network_listener" in values:
            raise ValueError("network_mode bridge and network_listener exclude each other")
        self._name = name
        self._child = pulumi.ResourceOptions(parent=self)
        log_group = aws.cloudwatch.LogGroup(
            name,
            name=f"/ecs/{values['service_name']}",
            retention_in_days=int(values["log_retention_days"]),
            opts=self._child,
        )
        secrets = self._secrets(values)
        execution_role, execution_policy = self._execution_role(values, log_group, secrets)
        task_role = self._role("task", "What the application itself may do", values)
        task_definition = self._task_definition(values, log_group, secrets, execution_role, task_role)
        group_id, group_rules = self._security_group(values)
        target_group, entrance = (
            self._network_routing(values) if "network_listener" in values else self._routing(values)
        )
        needed = [entrance, execution_policy, *group_rules]
        service = self._service(values, task_definition, group_id, target_group, needed)
        self.scaling_target_arn = scaling_policies.scaling_target_arn(name, values, service, self._child)
        self.image_parameter = self._image_parameter(values)
        self.name = service.name
        self.task_definition_arn = task_definition.arn
        self.target_group_arn = target_group.arn
        self.log_group_name = log_group.name
        self.security_group_id = pulumi.Output.from_input(group_id)
        self.task_role_name = task_role.name
        self.role_arns = pulumi.Output.all(execution_role.arn, task_role.arn)
        self.register_outputs(
            {
                "name": self.name,
                "task_definition_arn": self.task_definition_arn,
                "target_group_arn": self.target_group_arn,
                "log_group_name": self.log_group_name,
                "security_group_id": self.security_group_id,
                "task_role_name": self.task_role_name,
                "role_arns": self.role_arns,
                "scaling_target_arn": self.scaling_target_arn,
                "image_parameter": self.image_parameter,
            }
        )

    def _security_group(self, values: ServiceArgs) -> tuple[pulumi.Input[str], list[pulumi.Resource]]:
        if _is_bridge(values):
            return values["instance_security_group_id"], []
        group = security_rules.security_group(self._name, values, self._child)
        return group.id, security_rules.endpoint_rules(self._name, values, group, self._child)

    def _image_parameter(self, values: ServiceArgs) -> pulumi.Output[str]:
        if "image_parameter" not in values:
            return pulumi.Output.from_input("")
        parameter = aws.ssm.Parameter(
            f"{self._name}-image",
            name=values["image_parameter"],
            type=aws.ssm.ParameterType.STRING,
            description=f"The image that {values['service_name']} is meant to run, a digest or none",
            value=NO_IMAGE,
            # Written by releases from here on.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["value"], protect=values["protect"]),
        )
        return parameter.name

    def _secrets(self, values: ServiceArgs) -> dict[str, pulumi.Input[str]]:
        """Return environment variable to `valueFrom` of every secret, making the generated one."""
        secrets: dict[str, pulumi.Input[str]] = dict(values["secrets"])
        generated = values.get("generated_secret")
        if generated is None:
            return secrets
        secret = aws.secretsmanager.Secret(
            self._name,
            description=f"Generated for the service {values['service_name']}",
            recovery_window_in_days=30 if values["protect"] else 0,
            opts=pulumi.ResourceOptions(parent=self, protect=values["protect"]),
        )
        password = aws.secretsmanager.get_random_password_output(
            password_length=32, exclude_characters='"@/\\', opts=pulumi.InvokeOptions(parent=self)
        )
        username = generated.get("username", GENERATED_SECRET_DEFAULTS["username"])
        content = pulumi.Output.json_dumps({"username": username, "password": password.random_password})
        aws.secretsmanager.SecretVersion(
            self._name,
            secret_id=secret.id,
            secret_string=cast(pulumi.Output[str], pulumi.Output.secret(cast(Any, content))),
            # Each run draws another password; the first one stays.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["secret_string"]),
        )
        secrets[generated["environment_variable"]] = pulumi.Output.concat(secret.arn, ":password::")
        return secrets

    def _role(self, purpose: str, description: str, values: ServiceArgs) -> aws.iam.Role:
        return aws.iam.Role(
            f"{self._name}-{purpose}",
            path=values["role_path"],
            description=f"{description} ({values['service_name']})",
            assume_role_policy=pulumi.Output.from_input(values["cluster_arn"]).apply(task_roles.tasks_trust),
            opts=self._child,
        )

    def _execution_role(
        self, values: ServiceArgs, log_group: aws.cloudwatch.LogGroup, secrets: dict[str, pulumi.Input[str]]
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        role = self._role("execution", "What ECS needs to start the tasks: image, logs, secrets", values)
        document = pulumi.Output.all(
            repository_arn=values["repository_arn"],
            log_group_arn=log_group.arn,
            secrets=list(secrets.values()),
            keys=values["secret_kms_key_arns"],
        ).apply(lambda known: task_roles.execution_permissions(**known))
        policy = aws.iam.RolePolicy(f"{self._name}-execution", role=role.name, policy=document, opts=self._child)
        return role, policy

    def _task_definition(
        self,
        values: ServiceArgs,
        log_group: aws.cloudwatch.LogGroup,
        secrets: dict[str, pulumi.Input[str]],
        execution_role: aws.iam.Role,
        task_role: aws.iam.Role,
    ) -> aws.ecs.TaskDefinition:
        definitions = pulumi.Output.all(
            repository_url=values["repository_url"],
            cluster_arn=values["cluster_arn"],
            log_group=log_group.name,
            secrets=secrets,
        ).apply(lambda known: _container_definitions(values, **known))
        return aws.ecs.TaskDefinition(
            self._name,
            family=f"{values['service_name']}-task",
            requires_compatibilities=[Compatibility(values["compatibility"]).value],
            network_mode=NetworkMode(values["network_mode"]).value,
            cpu=str(int(values["cpu"])),
            memory=str(int(values["memory"])),
            runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(
                operating_system_family="LINUX", cpu_architecture=Architecture(values["architecture"]).value
            ),
            execution_role_arn=execution_role.arn,
            task_role_arn=task_role.arn,
            container_definitions=definitions,
            # Rolling back, by ECS or by hand, needs the revision that ran before.
            skip_destroy=True,
            opts=self._child,
        )

    def _routing(self, values: ServiceArgs) -> tuple[aws.lb.TargetGroup, aws.lb.ListenerRule]:
        target_group = aws.lb.TargetGroup(
            self._target_group_name,
            port=int(values["container_port"]),
            protocol="HTTP",
            target_type="instance" if _is_bridge(values) else "ip",
            vpc_id=values["vpc_id"],
            deregistration_delay=60,
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                path=values["health_check_path"],
                interval=30,
                timeout=5,
                healthy_threshold=2,
                unhealthy_threshold=3,
                matcher="200",
            ),
            opts=self._child,
        )
        rule = aws.lb.ListenerRule(
            self._name,
            listener_arn=values["listener_arn"],
            priority=int(values.get("priority") or listener_rules.stable_priority(self._name, _asked(values))),
            conditions=listener_rules.api_conditions(values["hosts"], values["paths"], values["headers"]),
            actions=[aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=target_group.arn)],
            opts=self._child,
        )
        return target_group, rule

    def _network_routing(self, values: ServiceArgs) -> tuple[aws.lb.TargetGroup, aws.lb.Listener]:
        target: network_listeners.Target = {
            "name": self._target_group_name,
            "port": int(values["container_port"]),
            "target_type": "ip",
            "vpc_id": values["vpc_id"],
            "health_check_path": values["health_check_path"],
        }
        targets = network_listeners.target_group(values["network_listener"], target, self._child)
        load_balancer, listener = values["network_load_balancer_arn"], values["network_listener"]
        return targets, network_listeners.listener(self._name, load_balancer, listener, targets, self._child)

    @property
    def _target_group_name(self) -> str:
        # Named by the engine, so that one that must be replaced is made before the old one goes; AWS allows 32
        # characters, eight of which the engine adds.
        return self._name[:24].rstrip("-")

    def _service(
        self,
        values: ServiceArgs,
        task_definition: aws.ecs.TaskDefinition,
        security_group_id: pulumi.Input[str],
        target_group: aws.lb.TargetGroup,
        depends_on: list[pulumi.Resource],
    ) -> aws.ecs.Service:
        has_image = "image" in values
        return aws.ecs.Service(
            self._name,
            name=values["service_name"],
            cluster=values["cluster_arn"],
            task_definition=task_definition.arn,
            desired_count=int(values["min_tasks"]) if has_image else 0,
            # Never a launch type: switching between the two would replace the service.
            capacity_provider_strategies=[
                aws.ecs.ServiceCapacityProviderStrategyArgs(
                    capacity_provider=_ecs_name(item["capacity_provider"], values),
                    weight=int(item.get("weight", STRATEGY_DEFAULTS["weight"])),
                    base=int(item.get("base", STRATEGY_DEFAULTS["base"])),
                )
                for item in values["capacity_provider_strategy"]
            ],
            # ECS demands it when a strategy changes; without a change nothing is deployed.
            force_new_deployment=True,
            network_configuration=None
            if _is_bridge(values)
            else aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=values["subnet_ids"], security_groups=[security_group_id], assign_public_ip=False
            ),
            load_balancers=[
                aws.ecs.ServiceLoadBalancerArgs(
                    target_group_arn=target_group.arn,
                    container_name=values["service_name"],
                    container_port=int(values["container_port"]),
                )
            ],
            deployment_circuit_breaker=aws.ecs.ServiceDeploymentCircuitBreakerArgs(enable=True, rollback=True),
            deployment_maximum_percent=200,
            deployment_minimum_healthy_percent=50,
            health_check_grace_period_seconds=60,
            **_placed(values),
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            wait_for_steady_state=has_image,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=depends_on,
                # Its name is fixed, so the old one must be gone before a new one can be.
                delete_before_replace=True,
                # An update cannot take the network configuration away, which AWS refuses in bridge mode.
                replacement_trigger=NetworkMode(values["network_mode"]).value,
                hooks=activation.retried(self._name) if _is_managed(values) else None,
                # The scaler owns the count while there is one, and the pipeline the revision where that was chosen.
                ignore_changes=[
                    *(["desired_count"] if scaling_policies.scaled(values) else []),
                    *(["task_definition"] if values["released_by_pipeline"] else []),
                ],
            ),
        )


def _ecs_name(provider: str, values: ServiceArgs) -> pulumi.Input[str]:
    if provider in FARGATE_PROVIDERS:
        return provider
    return pulumi.Output.from_input(values.get("capacity_providers", {})).apply(
        lambda known: known.get(provider, provider)
    )


def _is_bridge(values: ServiceArgs) -> bool:
    return NetworkMode(values["network_mode"]) is NetworkMode.BRIDGE


def _is_managed(values: ServiceArgs) -> bool:
    return Compatibility(values["compatibility"]) is Compatibility.MANAGED_INSTANCES


def _places(values: ServiceArgs) -> bool:
    """Tell whether the service chooses among instances; elsewhere AWS does."""
    return Compatibility(values["compatibility"]) is Compatibility.EC2


def _placed(values: ServiceArgs) -> dict[str, Any]:
    """Return where ECS puts the tasks, and whether it moves them to even out the zones."""
    if not _places(values):
        return {"availability_zone_rebalancing": "ENABLED"}
    constraints = values["placement_constraints"]
    strategies = values.get("placement_strategies", placement.SPREAD_AND_PACK)
    return {
        "placement_constraints": [
            aws.ecs.ServicePlacementConstraintArgs(
                type=placement.ConstraintType(item["type"]).value, expression=item.get("expression")
            )
            for item in constraints
        ],
        "ordered_placement_strategies": [
            aws.ecs.ServiceOrderedPlacementStrategyArgs(
                type=placement.StrategyType(item["type"]).value, field=item.get("field")
            )
            for item in strategies
        ],
        "availability_zone_rebalancing": "ENABLED" if placement.rebalances(constraints, strategies) else "DISABLED",
    }


def _asked(values: ServiceArgs) -> listener_rules.Conditions:
    return listener_rules.conditions(values["hosts"], values["paths"], values["headers"])


def _container_definitions(
    values: ServiceArgs, repository_url: str, cluster_arn: str, log_group: str, secrets: dict[str, Any]
) -> str:
    port = int(values["container_port"])
    health_url = f"http://localhost:{port}{values['health_check_path']}"
    return container_definitions.definitions(
        {
            "name": values["service_name"],
            "image": container_definitions.image_reference(repository_url, values.get("image", _NO_IMAGE_YET)),
            "port": port,
            "host_port": 0 if _is_bridge(values) else port,
            "environment": values["environment"],
            "secrets": secrets,
            "health_check_command": values.get(
                "health_check_command", ["CMD-SHELL", f"curl -f {health_url} || exit 1"]
            ),
            "readonly_root_filesystem": values["readonly_root_filesystem"],
            "user": values["user"],
            "log_group": log_group,
            "log_region": parse(cluster_arn).region,
        }
    )
