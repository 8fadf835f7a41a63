"""A web service on the cluster: tasks behind the shared load balancer."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from ..capacity.providers import FARGATE_PROVIDERS, STRATEGY_DEFAULTS, Capacity, CapacityProviderStrategyArgs
from ..common.arn import parse
from ..common.egress_rules import EgressRuleArgs as EgressRuleArgs
from ..tasks import container_definitions, task_roles
from . import activation, listener_rules, network_listeners, placement, scaling_policies, security_rules
from .network_listeners import NetworkListenerArgs
from .placement import PlacementConstraintArgs, PlacementStrategyArgs
from .scaling_policies import scales as scales


class Architecture(str, Enum):
    """Processor architecture of the tasks and of the image they run."""

    X86_64 = "X86_64"
    ARM64 = "ARM64"


DOCKER_PLATFORMS: Final = {Architecture.X86_64: "linux/amd64", Architecture.ARM64: "linux/arm64"}
"""What Docker calls the platform of an image for each architecture (`docker build --platform`)."""


class Compatibility(str, Enum):
    """What a task definition is checked for, and may then run on."""

    FARGATE = "FARGATE"
    EC2 = "EC2"
    MANAGED_INSTANCES = "MANAGED_INSTANCES"


COMPATIBILITIES: Final = {
    Capacity.FARGATE: Compatibility.FARGATE,
    Capacity.AUTO_SCALING: Compatibility.EC2,
    Capacity.MANAGED_INSTANCES: Compatibility.MANAGED_INSTANCES,
}
"""What ECS calls each kind of capacity in a task definition."""


class NetworkMode(str, Enum):
    """How tasks are on the network."""

    AWSVPC = "awsvpc"
    BRIDGE = "bridge"


class GeneratedSecretArgs(TypedDict):
    """A password made once, kept in Secrets Manager beside its user name."""

    environment_variable: str
    """Environment variable in which the container finds the password."""
    username: NotRequired[str]
    """User name stored with it. Defaults to admin."""


class ServiceArgs(TypedDict):
    """What a Service is made from."""

    service_name: str
    """Name of the service; its family is `<service_name>-task`, its log group `/ecs/<service_name>`."""
    cluster_arn: pulumi.Input[str]
    """ARN of the cluster, as Cluster gives it."""
    cluster_name: pulumi.Input[str]
    """Name of the same cluster."""
    vpc_id: pulumi.Input[str]
    """Id of the VPC."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the private subnets that the tasks run in."""
    listener_arn: NotRequired[pulumi.Input[str]]
    """ARN of the Application Load Balancer's listener that the service's rule is added to. Defaults to none: the
    service has a listener of its own, `network_listener`."""
    network_listener: NotRequired[NetworkListenerArgs]
    """The service's own listener on a Network Load Balancer, instead of a rule. Defaults to none."""
    network_load_balancer_arn: NotRequired[pulumi.Input[str]]
    """ARN of that load balancer. Defaults to none."""
    load_balancer_security_group_id: pulumi.Input[str]
    """Id of the security group of the load balancer in front: the only one that reaches the tasks."""
    repository_url: pulumi.Input[str]
    """URL of the repository that holds the service's images."""
    repository_arn: pulumi.Input[str]
    """ARN of that repository, which the execution role may pull from."""
    image: NotRequired[str]
    """Tag or digest (`sha256:...`) of the image in the repository, or a whole reference with a slash in it. Defaults to
    none: no image yet, hence no tasks, scaling held at zero and no waiting."""
    image_parameter: NotRequired[str]
    """Name of a Parameter Store parameter to make, which says which image is meant to run: who releases writes it, who
    makes this service reads it and gives `image`. Defaults to none."""
    container_port: NotRequired[int]
    """Port that the container listens on. Defaults to 80."""
    cpu: NotRequired[int]
    """CPU units of a task; 1024 are one vCPU. Fargate offers certain sizes, instances every one from 128 to 196608.
    Defaults to 256."""
    memory: NotRequired[int]
    """Memory of a task in MiB; Fargate offers certain pairs only. Defaults to 512."""
    compatibility: NotRequired[Compatibility]
    """What the tasks run on: FARGATE, EC2 for Auto Scaling groups, or MANAGED_INSTANCES; the strategy must be of that
    kind. Defaults to FARGATE."""
    network_mode: NotRequired[NetworkMode]
    """How the tasks are on the network: awsvpc gives each an address and a security group of its own, bridge shares
    those of its instance and listens on any free port of it, on Auto Scaling groups with bridgeTasks only. A change
    replaces the service. Defaults to awsvpc."""
    architecture: NotRequired[Architecture]
    """Processor architecture. Defaults to X86_64."""
    environment: NotRequired[dict[str, str]]
    """Environment variables beside NODE_ENV and PORT. Defaults to none. Secrets do not belong here."""
    secrets: NotRequired[dict[str, str]]
    """Environment variable to ARN of its Secrets Manager secret (also `<arn>:<json key>::`) or Parameter Store
    parameter. Defaults to none."""
    secret_kms_key_arns: NotRequired[list[str]]
    """ARNs of the KMS keys of your own that encrypt those secrets. Defaults to none."""
    generated_secret: NotRequired[GeneratedSecretArgs]
    """A secret made with the service. Defaults to none."""
    user: NotRequired[str]
    """User the container runs as, not root (Security Hub ECS.20). Defaults to 1000:1000."""
    readonly_root_filesystem: NotRequired[bool]
    """Make the container's root file system read-only (Security Hub ECS.5). Defaults to true."""
    health_check_path: NotRequired[str]
    """Path that answers 200 when the application is well. Defaults to /health."""
    health_check_command: NotRequired[list[str]]
    """Command of the container's own health check. Defaults to curl on the health path; an empty list means none, for
    images that have neither curl nor a shell."""
    hosts: NotRequired[list[str]]
    """Host names that the listener rule matches. Defaults to every host."""
    paths: NotRequired[list[str]]
    """Path patterns that the listener rule matches. Defaults to every path."""
    headers: NotRequired[dict[str, list[str]]]
    """Name of a request header to the values, `*` and `?` being wildcards, of which it must have one; each header
    counts. Defaults to none."""
    priority: NotRequired[int]
    """Priority of the listener rule, 1 to 50000, the least first. Defaults to a stable one made from the component's
    name; it puts rules with more of hosts, paths and headers before those with fewer, and the one for every request
    last."""
    min_tasks: NotRequired[int]
    """Least number of tasks. Defaults to 2."""
    max_tasks: NotRequired[int]
    """Greatest number of tasks; the same as the least turns scaling off. Defaults to 10."""
    cpu_target: NotRequired[int]
    """Average CPU utilisation in percent that scaling aims at. Defaults to 70."""
    capacity_provider_strategy: NotRequired[list[CapacityProviderStrategyArgs]]
    """Where the tasks run. Defaults to FARGATE with weight 1."""
    capacity_providers: NotRequired[pulumi.Input[Mapping[str, str]]]
    """Name of each capacity provider in the strategy → its name in ECS, as Cluster gives them. Defaults to the same."""
    placement_constraints: NotRequired[list[PlacementConstraintArgs]]
    """What instances the tasks may run on, on Auto Scaling groups. Defaults to all."""
    placement_strategies: NotRequired[list[PlacementStrategyArgs]]
    """Which of these instances a task is put on, on Auto Scaling groups; the first strategy counts most. Defaults to
    spreading over the zones, then filling the memory of the fewest instances."""
    instance_security_group_id: NotRequired[pulumi.Input[str]]
    """Id of the security group of the instances, which tasks in bridge mode share. Needed for those."""
    egress: NotRequired[list[EgressRuleArgs]]
    """What the tasks may connect to, beside VPC endpoints. Defaults to port 443 anywhere, which pulling images, logs
    and secrets need; a stack that has endpoints for those and no NAT gateway defaults to nothing."""
    ipv6: NotRequired[bool]
    """Let a rule for every IPv4 address hold for every IPv6 address too. Defaults to false."""
    endpoint_security_group_id: NotRequired[pulumi.Input[str]]
    """Id of the security group of the VPC's interface endpoints, which then admits the tasks. Defaults to none."""
    s3_prefix_list_id: NotRequired[pulumi.Input[str]]
    """Id of the prefix list of S3's addresses, which the tasks may then connect to: image layers come from there.
    Defaults to none."""
    log_retention_days: NotRequired[int]
    """Days to keep the logs. Defaults to 30."""
    role_path: NotRequired[str]
    """Path of the service's roles, by which those who deploy can be limited to them. Defaults to /."""
    released_by_pipeline: NotRequired[bool]
    """Leave the running revision to CodePipeline's ECS action, which makes its own. Defaults to false: the program owns
    it."""
    protect: NotRequired[bool]
    """Refuse to delete what cannot be made again: the generated secret, the image parameter. Defaults to true."""


DEFAULTS: Final = {
    "container_port": 80,
    "cpu": 256,
    "memory": 512,
    "architecture": Architecture.X86_64,
    "compatibility": Compatibility.FARGATE,
    "network_mode": NetworkMode.AWSVPC,
    "environment": {},
    "secrets": {},
    "secret_kms_key_arns": [],
    "user": "1000:1000",
    "readonly_root_filesystem": True,
    "health_check_path": "/health",
    "hosts": [],
    "paths": [],
    "headers": {},
    "min_tasks": 2,
    "max_tasks": 10,
    "cpu_target": 70,
    "capacity_provider_strategy": [CapacityProviderStrategyArgs(capacity_provider=FARGATE_PROVIDERS[0])],
    "placement_constraints": [],
    "egress": [EgressRuleArgs(port=443, cidr_block="0.0.0.0/0")],
    "ipv6": False,
    "log_retention_days": 30,
    "role_path": "/",
    "released_by_pipeline": False,
    "protect": True,
}

GENERATED_SECRET_DEFAULTS: Final = {"username": "admin"}

NO_IMAGE: Final = "none"
"""Value of the image parameter before the first image: Parameter Store keeps no empty ones."""

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
        values = cast(ServiceArgs, {**DEFAULTS, **args})
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
