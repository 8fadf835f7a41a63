"""Where the emulated AWS API (moto 5.2.5) differs from AWS: one function mends one gap.

Nothing in the program changes for the emulator's sake. What cannot be mended stands in `UNREACHABLE`, which a test
reads.
"""

import functools
import inspect
import json
import re
import secrets
import sys
import time
from typing import Any, Final

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.codebuild import responses as codebuild
from moto.codebuild.models import CodeBuildBackend
from moto.codepipeline.models import CodePipeline
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.models.table import GlobalSecondaryIndex, Table
from moto.dynamodb.responses import DynamoHandler
from moto.ec2.models.elastic_block_store import EBSBackend
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.models.subnets import Subnet
from moto.ecr.models import ECRBackend
from moto.ecr.responses import ECRResponse
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.models import AvailabilityZone, ELBv2Backend, FakeLoadBalancer
from moto.kms.models import kms_backends
from moto.logs.models import LogsBackend, logs_backends
from moto.moto_proxy.proxy3 import MotoRequestHandler
from moto.rds.models import DBCluster, DBInstance, DBParameterGroup
from moto.rds.responses import RDSResponse
from moto.s3.responses import S3Response
from moto.scheduler.models import EventBridgeSchedulerBackend
from moto.sqs.models import Queue
from moto.stepfunctions.responses import StepFunctionResponse

from local.standin.services.ecs import CRASHING

UNREACHABLE: Final = {
    "awsx:ec2:Vpc": "its plugin is on no package registry; without it the stand-in registers the AWS resources",
}
"""Resource types that no real provider makes in this lane, and why. The engine lane runs them always."""

NOT_EMULATED: Final = {
    "aws:cloudcontrol/resource:Resource": "moto has no Cloud Control API",
    "aws:ecrpublic/repository:Repository": "moto has no ECR Public",
    "aws:signer/signingProfile:SigningProfile": "it comes with the signing configuration, which Cloud Control makes",
}
"""Resource types of a stack with everything in its registry that this lane leaves out, and why."""

NOT_BUILT: Final = {
    "aws:lb/getLoadBalancer:getLoadBalancer": "the plugin built from Go modules is without it; the official one has it",
}
"""Functions of the provider that a plugin built here may lack, and why. What needs them runs on the engine always."""


def mend_all() -> None:
    """Mend every gap, in the emulator's own process."""
    for mend in (
        unknown_actions_are_client_errors,
        services_forget_settings,
        services_forget_changes,
        services_run_no_tasks,
        tasks_run_without_end,
        state_machines_are_not_checked,
        state_machines_have_no_versions,
        definitions_come_back_as_they_were_given,
        definitions_forget_faults,
        capacity_providers_are_of_groups_only,
        load_balancers_are_ready_when_asked_again,
        deployments_cannot_be_read,
        rules_to_groups_forget_descriptions,
        subnets_are_not_found_by_ipv6_range,
        ipv6_ranges_of_subnets_have_no_state,
        network_load_balancers_have_arns_of_others_and_no_addresses,
        scalable_targets_have_no_tags,
        builds_of_pipelines_need_no_place,
        builds_are_not_deleted_by_arn,
        pipelines_tell_the_time_as_text,
        buckets_forget_the_tags_they_are_made_with,
        registries_allow_no_pull_through,
        registries_have_no_caches,
        registries_have_no_creation_templates,
        the_accounts_key_for_volumes_is_the_customers,
        templates_give_their_own_tags_to_instances,
        groups_refresh_no_instances,
        groups_of_mixed_instances_lose_fractions,
        protected_instances_outlive_their_group,
        accounts_have_no_default_settings,
        volumes_do_not_take_the_size_of_their_image,
        queues_forget_who_may_use_them,
        what_is_gone_leaves_its_tags,
        tables_forget_their_limits,
        tables_are_restored_by_name_only,
        parameters_have_no_source,
        parameters_are_never_reset,
        databases_share_an_id,
        every_cluster_scales_as_the_first_serverless_did,
    ):
        mend()


def unknown_actions_are_client_errors() -> None:
    """An action that moto lacks is answered 502, which the provider takes for a failing AWS and tries for minutes."""
    answer = MotoRequestHandler.parse_request

    @functools.wraps(answer)
    def parse_request(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return answer(self, *args, **kwargs)
        except NotImplementedError as missing:
            print(f"LACKING {missing}", file=sys.stderr, flush=True)
            body = {"__type": "UnsupportedOperationException", "message": str(missing)}
            return 400, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body)

    MotoRequestHandler.parse_request = parse_request


def services_forget_settings() -> None:
    """CreateService keeps few of the parameters that DescribeServices must give back, and an empty network of none."""
    create = EC2ContainerServiceResponse.create_service

    @functools.wraps(create)
    def create_service(self: Any) -> Any:
        answer = create(self)
        service = self.ecs_backend._get_service(self._get_param("cluster", "default"), self._get_param("serviceName"))
        for name, value in self._get_params().items():
            attribute = camelcase_to_underscores(name)
            if value is not None and not hasattr(service, attribute):
                setattr(service, attribute, value)
        service.network_configuration = service.network_configuration or None
        return answer

    EC2ContainerServiceResponse.create_service = create_service


_CHANGED: Final = (
    *("capacityProviderStrategy", "placementConstraints", "placementStrategy", "availabilityZoneRebalancing"),
    *("networkConfiguration", "loadBalancers", "enableExecuteCommand"),
)


def services_forget_changes() -> None:
    """UpdateService keeps no strategy, no placement, no network and no ECS Exec."""
    update = EC2ContainerServiceResponse.update_service

    @functools.wraps(update)
    def update_service(self: Any) -> Any:
        answer = update(self)
        service = self.ecs_backend._get_service(self._get_param("cluster", "default"), self._get_param("service"))
        for name in _CHANGED:
            if (value := self._get_param(name)) is not None:
                setattr(service, camelcase_to_underscores(name), value)
        return answer

    EC2ContainerServiceResponse.update_service = update_service


def definitions_forget_faults() -> None:
    """RegisterTaskDefinition does not keep whether faults may be injected."""
    register = EC2ContainerServiceResponse.register_task_definition

    @functools.wraps(register)
    def register_task_definition(self: Any) -> Any:
        answer = register(self)
        revisions = self.ecs_backend.task_definitions[self._get_param("family")]
        revisions[max(revisions)].enable_fault_injection = bool(self._get_param("enableFaultInjection"))
        return answer

    EC2ContainerServiceResponse.register_task_definition = register_task_definition


def capacity_providers_are_of_groups_only() -> None:
    """CreateCapacityProvider knows no Managed Instances, and those that others update stay as they were."""
    create, update = (
        EC2ContainerServiceResponse.create_capacity_provider,
        EC2ContainerServiceResponse.update_capacity_provider,
    )

    def managed(self: Any) -> Any:
        return self._get_param("managedInstancesProvider")

    @functools.wraps(create)
    def create_capacity_provider(self: Any) -> ActionResult:
        if managed(self) is None:
            return create(self)
        provider = self.ecs_backend.create_capacity_provider(self._get_param("name"), {}, self._get_param("tags"))
        provider.auto_scaling_group_provider = None
        provider.managed_instances_provider = managed(self)
        provider.cluster = self._get_param("cluster")
        return ActionResult({"capacityProvider": provider})

    @functools.wraps(update)
    def update_capacity_provider(self: Any) -> ActionResult:
        if managed(self) is None:
            return update(self)
        provider = self.ecs_backend._get_provider(self._get_param("name"))
        provider.managed_instances_provider = {**provider.managed_instances_provider, **managed(self)}
        provider.update_status = "UPDATE_COMPLETE"
        return ActionResult({"capacityProvider": provider})

    EC2ContainerServiceResponse.create_capacity_provider = create_capacity_provider
    EC2ContainerServiceResponse.update_capacity_provider = update_capacity_provider


def load_balancers_are_ready_when_asked_again() -> None:
    """The first question is answered "provisioning", and the provider asks the next one half a minute later."""
    create = ELBv2Backend.create_load_balancer

    @functools.wraps(create)
    def create_load_balancer(self: Any, *args: Any, **kwargs: Any) -> Any:
        balancer = create(self, *args, **kwargs)
        balancer.activate()
        return balancer

    ELBv2Backend.create_load_balancer = create_load_balancer


_failed: Final[set[str]] = set()
"""Ids of the deployments that were rolled back."""


def services_run_no_tasks() -> None:
    """Nothing runs, so no deployment is ever done; here each is at once, or rolled back where its image crashes."""

    def roll_back(service: Service, previous: str) -> None:
        definition = service._backend.describe_task_definition(service.task_definition)
        if CRASHING not in json.dumps(definition.container_definitions):
            return
        (deployment,) = service.deployments
        _failed.add(deployment["id"])
        message = f"(service {service.name}) deployment failed: tasks failed to start."
        service.events.insert(0, {"id": deployment["id"], "createdAt": deployment["createdAt"], "message": message})
        service.task_definition = previous

    def settle(service: Service) -> None:
        service.running_count, service.pending_count = service.desired_count, 0
        for deployment in service.deployments:
            deployment |= {
                "desiredCount": service.desired_count,
                "runningCount": service.desired_count,
                "pendingCount": 0,
                "rolloutState": "COMPLETED",
                "taskDefinition": service.task_definition,
            }

    def settled(change: Any) -> Any:
        @functools.wraps(change)
        def changed(self: Any, *args: Any, **kwargs: Any) -> Service:
            before = {service.arn: service.task_definition for service in self.services.values()}
            service: Service = change(self, *args, **kwargs)
            if service.arn in before:
                roll_back(service, before[service.arn])
            settle(service)
            return service

        return changed

    EC2ContainerServiceBackend.create_service = settled(EC2ContainerServiceBackend.create_service)
    EC2ContainerServiceBackend.update_service = settled(EC2ContainerServiceBackend.update_service)


def tasks_run_without_end() -> None:
    """Nothing runs, so no task ends; here each does at once, with what its command says, and its log has a line."""
    run = EC2ContainerServiceBackend.run_task

    @functools.wraps(run)
    def run_task(self: Any, *args: Any, **kwargs: Any) -> Any:
        started = run(self, *args, **kwargs)
        for task in started:
            definition = self.describe_task_definition(task.task_definition_arn)
            (container, *_) = definition.container_definitions
            task.status, task.desired_status = "STOPPED", "STOPPED"
            task.stopped_reason = "Essential container in task exited"
            ended = re.search(r"\bexit ([0-9]+)", " ".join(container.get("command", [])))
            task.containers[0].exitCode = int(ended[1]) if ended else 0
            if CRASHING in container["image"]:
                task.stopped_reason, task.containers[0].exitCode = "CannotPullContainerError", None
            _write_a_line(self, container, task.id)
        return started

    EC2ContainerServiceBackend.run_task = run_task
    # It adds up the memory of the containers, which only the task itself must have.
    nothing = {"CPU": 0, "MEMORY": 0, "PORTS": [], "PORTS_UDP": []}
    EC2ContainerServiceBackend._calculate_task_resource_requirements = staticmethod(lambda _: {**nothing})


def _write_a_line(backend: Any, container: dict[str, Any], task: str) -> None:
    group = container["logConfiguration"]["options"]["awslogs-group"]
    logs = logs_backends[backend.account_id][backend.region_name]
    stream = f"ecs/{container['name']}/{task}"
    logs.create_log_stream(group, stream)
    logs.put_log_events(group, stream, [{"timestamp": int(time.time() * 1000), "message": f"a line of {stream}"}])


def state_machines_are_not_checked() -> None:
    """ValidateStateMachineDefinition is missing, which the provider asks before it makes or changes one."""

    def validate_state_machine_definition(self: Any) -> str:
        return json.dumps({"result": "OK", "diagnostics": [], "truncated": False})

    StepFunctionResponse.validate_state_machine_definition = validate_state_machine_definition


def state_machines_have_no_versions() -> None:
    """ListStateMachineVersions is missing, which the provider asks when it reads a machine; none is published here."""

    def list_state_machine_versions(self: Any) -> ActionResult:
        return ActionResult({"stateMachineVersions": []})

    StepFunctionResponse.list_state_machine_versions = list_state_machine_versions


def definitions_come_back_as_they_were_given() -> None:
    """ECS fills in what a container definition leaves out, and returns variables and secrets in an order of its own."""
    register = EC2ContainerServiceBackend.register_task_definition

    @functools.wraps(register)
    def register_task_definition(self: Any, family: str, definitions: list[Any], *args: Any, **kwargs: Any) -> Any:
        return register(self, family, [_as_ecs_has_it(one) for one in definitions], *args, **kwargs)

    EC2ContainerServiceBackend.register_task_definition = register_task_definition


def _as_ecs_has_it(given: dict[str, Any]) -> dict[str, Any]:
    filled = {"systemControls": [], **given}
    filled |= {key: list(reversed(given[key])) for key in ("environment", "secrets") if key in given}
    blocks: dict[str, dict[str, Any]] = {
        "healthCheck": {"interval": 30, "timeout": 5, "retries": 3},
        "restartPolicy": {"ignoredExitCodes": [], "restartAttemptPeriod": 300},
    }
    filled |= {key: defaults | given[key] for key, defaults in blocks.items() if key in given}
    if "capabilities" in (linux := given.get("linuxParameters", {})):
        filled["linuxParameters"] = {**linux, "capabilities": {"add": [], "drop": [], **linux["capabilities"]}}
    return filled


def deployments_cannot_be_read() -> None:
    """ListServiceDeployments and DescribeServiceDeployments are missing, by which the provider waits for a service."""

    def arn(service: Service, deployment: dict[str, Any], kind: str) -> str:
        return f"{service.arn.replace(':service/', f':{kind}/')}/{deployment['id'].rpartition('/')[2]}"

    def described(service: Service, deployment: dict[str, Any]) -> dict[str, Any]:
        return {
            "serviceDeploymentArn": arn(service, deployment, "service-deployment"),
            "targetServiceRevisionArn": arn(service, deployment, "service-revision"),
            "serviceArn": service.arn,
            "clusterArn": service.cluster_arn,
            "status": "ROLLBACK_SUCCESSFUL" if deployment["id"] in _failed else "SUCCESSFUL",
            **({"statusReason": "tasks failed to start"} if deployment["id"] in _failed else {}),
        }

    def list_service_deployments(self: Any) -> ActionResult:
        service = self.ecs_backend._get_service(self._get_param("cluster", "default"), self._get_param("service"))
        return ActionResult({"serviceDeployments": [described(service, found) for found in service.deployments]})

    def describe_service_deployments(self: Any) -> ActionResult:
        wanted = self._get_param("serviceDeploymentArns")
        every = [
            described(service, deployment)
            for service in self.ecs_backend.services.values()
            for deployment in service.deployments
        ]
        found = [deployment for deployment in every if deployment["serviceDeploymentArn"] in wanted]
        return ActionResult({"serviceDeployments": found, "failures": []})

    EC2ContainerServiceResponse.list_service_deployments = list_service_deployments
    EC2ContainerServiceResponse.describe_service_deployments = describe_service_deployments


def rules_to_groups_forget_descriptions() -> None:
    """The description of a rule that names a group or a prefix list is kept with that, if at all, and not told."""
    make = SecurityGroupRule.__init__

    @functools.wraps(make)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        self.prefix_list = inspect.signature(make).bind(self, *args, **kwargs).arguments.get("prefix_list_id") or {}

    def description(rule: Any) -> str | None:
        named = (rule.ip_range, rule.source_group, rule.prefix_list)
        return next((one["Description"] for one in named if one.get("Description")), None)

    SecurityGroupRule.__init__ = init

    SecurityGroupRule.description = property(description)


def subnets_are_not_found_by_ipv6_range() -> None:
    """DescribeSubnets lacks the filter by which the provider waits for an IPv6 range to be associated."""
    get = Subnet.get_filter_value

    @functools.wraps(get)
    def get_filter_value(self: Any, filter_name: str, method_name: str | None = None) -> Any:
        if filter_name == "ipv6-cidr-block-association.association-id":
            return list(self.ipv6_cidr_block_associations)
        return get(self, filter_name, method_name)

    Subnet.get_filter_value = get_filter_value


def ipv6_ranges_of_subnets_have_no_state() -> None:
    """The state of a subnet's IPv6 range is given back as text of a Python dictionary."""
    get = Subnet.ipv6_cidr_block_association_set.fget

    def associations(self: Any) -> list[dict[str, Any]]:
        return [{**one, "ipv6CidrBlockState": {"state": "associated"}} for one in get(self)]

    Subnet.ipv6_cidr_block_association_set = property(associations)


def network_load_balancers_have_arns_of_others_and_no_addresses() -> None:
    """Every ARN is an application load balancer's, and the allocation ids of subnet mappings are forgotten."""
    create, set_subnets = ELBv2Backend.create_load_balancer, ELBv2Backend.set_subnets
    allocations: dict[str, dict[str, str]] = {}

    def keep(arn: str, mappings: list[dict[str, str]] | None) -> None:
        allocations[arn] = {one["SubnetId"]: one["AllocationId"] for one in mappings or [] if "AllocationId" in one}

    @functools.wraps(create)
    def created(self: Any, *args: Any, **kwargs: Any) -> FakeLoadBalancer:
        balancer: FakeLoadBalancer = create(self, *args, **kwargs)
        if balancer.type == "network":
            del self.load_balancers[balancer.arn]
            balancer.arn = balancer.arn.replace(":loadbalancer/app/", ":loadbalancer/net/")
            self.load_balancers[balancer.arn] = balancer
            self.tagging_service.tag_resource(balancer.arn, kwargs["tags"])
            balancer.addresses_of = self.ec2_backend
            keep(balancer.arn, kwargs["subnet_mappings"])
        return balancer

    @functools.wraps(set_subnets)
    def subnets_set(self: Any, arn: str, subnets: Any, mappings: Any) -> Any:
        answer = set_subnets(self, arn, subnets, mappings)
        keep(arn, mappings)
        return answer

    def availability_zones(self: Any) -> list[AvailabilityZone]:
        zones = [AvailabilityZone(subnet) for subnet in self.subnets]
        for zone in zones:
            if allocation := allocations.get(self.arn, {}).get(zone.subnet_id):
                (address,) = self.addresses_of.describe_addresses(allocation_ids=[allocation])
                zone.load_balancer_addresses = [{"AllocationId": allocation, "IpAddress": address.public_ip}]
        return zones

    ELBv2Backend.create_load_balancer = created
    ELBv2Backend.set_subnets = subnets_set
    FakeLoadBalancer.availability_zones = property(availability_zones)


def scalable_targets_have_no_tags() -> None:
    """Application Auto Scaling lacks tags: those at registration, ListTagsForResource, TagResource, UntagResource."""
    tags: dict[str, dict[str, str]] = {}
    register = ApplicationAutoScalingResponse.register_scalable_target

    @functools.wraps(register)
    def register_scalable_target(self: Any) -> str:
        answer: str = register(self)
        tags.setdefault(json.loads(answer)["ScalableTargetARN"], {}).update(self._get_param("Tags") or {})
        return answer

    def list_tags_for_resource(self: Any) -> str:
        return json.dumps({"Tags": tags.get(self._get_param("ResourceARN"), {})})

    def tag_resource(self: Any) -> str:
        tags.setdefault(self._get_param("ResourceARN"), {}).update(self._get_param("Tags"))
        return "{}"

    def untag_resource(self: Any) -> str:
        for key in self._get_param("TagKeys"):
            tags.get(self._get_param("ResourceARN"), {}).pop(key, None)
        return "{}"

    ApplicationAutoScalingResponse.register_scalable_target = register_scalable_target
    ApplicationAutoScalingResponse.list_tags_for_resource = list_tags_for_resource
    ApplicationAutoScalingResponse.tag_resource = tag_resource
    ApplicationAutoScalingResponse.untag_resource = untag_resource


def builds_of_pipelines_need_no_place() -> None:
    """CreateProject demands locations of source and artifacts, which a project of a pipeline does not have."""

    def unless_of_a_pipeline(check: Any) -> Any:
        @functools.wraps(check)
        def checked(described: dict[str, Any]) -> None:
            if described["type"] != "CODEPIPELINE":
                check(described)

        return checked

    for name in ("_validate_required_params_source", "_validate_required_params_artifacts"):
        setattr(codebuild, name, unless_of_a_pipeline(getattr(codebuild, name)))


def builds_are_not_deleted_by_arn() -> None:
    """DeleteProject takes a project's ARN for its name too, which the provider gives it."""
    delete = CodeBuildBackend.delete_project

    @functools.wraps(delete)
    def delete_project(self: Any, project_name: str) -> None:
        delete(self, project_name.rpartition("/")[2])

    CodeBuildBackend.delete_project = delete_project


def pipelines_tell_the_time_as_text() -> None:
    """GetPipeline answers its times as text, where the API has numbers."""

    def metadata(self: CodePipeline) -> dict[str, Any]:
        times = {"created": self._created.timestamp(), "updated": self._updated.timestamp()}
        return {"pipelineArn": self._arn, **times}

    CodePipeline.metadata = property(metadata)


def buckets_forget_the_tags_they_are_made_with() -> None:
    """CreateBucket keeps none of the tags in its CreateBucketConfiguration."""
    put = S3Response._bucket_response_put

    @functools.wraps(put)
    def bucket_response_put(self: Any, request: Any, bucket_name: str, *args: Any) -> Any:
        answer = put(self, request, bucket_name, *args)
        body = self.body.decode() if isinstance(self.body, bytes) else str(self.body or "")
        if "<CreateBucketConfiguration" in body:
            pairs = re.findall(r"<Tag>\s*<Key>(.*?)</Key>\s*<Value>(.*?)</Value>\s*</Tag>", body)
            if tags := dict(pairs):
                self.backend.put_bucket_tagging(bucket_name, tags)
        return answer

    S3Response._bucket_response_put = bucket_response_put


def templates_give_their_own_tags_to_instances() -> None:
    """The tags that a launch template is made with count among those that its instances are to have."""
    create = LaunchTemplate.create_version

    @functools.wraps(create)
    def create_version(self: Any, data: dict[str, Any], description: str) -> Any:
        given = data.get("TagSpecifications", [])
        kept = [one for one in given if one["ResourceType"] != "launch-template"]
        return create(self, {**data, **({"TagSpecifications": kept} if given else {})}, description)

    LaunchTemplate.create_version = create_version


def groups_refresh_no_instances() -> None:
    """StartInstanceRefresh is missing; here every refresh is done at once, and DescribeInstanceRefreshes lists it."""
    done: dict[str, list[dict[str, Any]]] = {}

    def start(self: Any) -> ActionResult:
        group = self._get_param("AutoScalingGroupName")
        made = {
            "InstanceRefreshId": f"refresh-{len(done.get(group, []))}",
            "AutoScalingGroupName": group,
            "Status": "Successful",
            "Preferences": self._get_param("Preferences", {}),
        }
        done.setdefault(group, []).insert(0, made)
        return ActionResult({"InstanceRefreshId": made["InstanceRefreshId"]})

    def describe(self: Any) -> ActionResult:
        return ActionResult({"InstanceRefreshes": done.get(self._get_param("AutoScalingGroupName"), [])})

    AutoScalingResponse.start_instance_refresh = start
    AutoScalingResponse.describe_instance_refreshes = describe


def groups_of_mixed_instances_lose_fractions() -> None:
    """A fraction of an instance on demand and the rest of it on Spot are none; AWS rounds on-demand capacity up."""
    set_desired = FakeAutoScalingGroup.set_desired_capacity

    @functools.wraps(set_desired)
    def set_desired_capacity(self: Any, new_capacity: int | None) -> None:
        policy, self.mixed_instances_policy = self.mixed_instances_policy, None  # no instance here counts as several
        try:
            set_desired(self, new_capacity)
        finally:
            self.mixed_instances_policy = policy

    FakeAutoScalingGroup.set_desired_capacity = set_desired_capacity


def protected_instances_outlive_their_group() -> None:
    """DeleteAutoScalingGroup leaves instances running that are protected from scale-in; AWS ends them with it."""
    delete = AutoScalingBackend.delete_auto_scaling_group

    @functools.wraps(delete)
    def delete_auto_scaling_group(self: Any, group_name: str) -> None:
        if group := self.autoscaling_groups.get(group_name):
            for instance in group.instance_states:
                instance.protected_from_scale_in = False
        delete(self, group_name)

    AutoScalingBackend.delete_auto_scaling_group = delete_auto_scaling_group


def accounts_have_no_default_settings() -> None:
    """PutAccountSettingDefault is missing, and no setting says whose it is."""

    def told(self: Any, settings: Any) -> list[dict[str, Any]]:
        root = f"arn:{self.partition}:iam::{self.current_account}:root"
        return [{"name": one.name, "value": one.value, "principalArn": root} for one in settings]

    def put(self: Any) -> ActionResult:
        made = self.ecs_backend.put_account_setting(self._get_param("name"), self._get_param("value"))
        return ActionResult({"setting": told(self, [made])[0]})

    def listed(self: Any) -> ActionResult:
        found = self.ecs_backend.list_account_settings(self._get_param("name"), self._get_param("value"))
        return ActionResult({"settings": told(self, found)})

    EC2ContainerServiceResponse.put_account_setting_default = put
    EC2ContainerServiceResponse.list_account_settings = listed


def volumes_do_not_take_the_size_of_their_image() -> None:
    """A volume of an instance whose template gives neither size nor snapshot has those of its image; moto wants one."""
    create = EBSBackend.create_volume

    @functools.wraps(create)
    def create_volume(self: Any, size: Any, **kwargs: Any) -> Any:
        return create(self, size or (None if kwargs.get("snapshot_id") else 8), **kwargs)

    EBSBackend.create_volume = create_volume


def registries_allow_no_pull_through() -> None:
    """A registry's policy can also allow ecr:BatchImportUpstreamImage."""
    validate = ECRBackend._validate_registry_policy_action

    @functools.wraps(validate)
    def validated(self: Any, policy_text: str) -> None:
        validate(self, policy_text.replace("ecr:BatchImportUpstreamImage", "ecr:ReplicateImage"))

    ECRBackend._validate_registry_policy_action = validated


def registries_have_no_caches() -> None:
    """The calls about pull-through cache rules are missing."""
    _keep(
        "pull_through_cache_rule",
        key="ecrRepositoryPrefix",
        listed="pullThroughCacheRules",
        wanted="ecrRepositoryPrefixes",
        missing="PullThroughCacheRuleNotFoundException",
        wrapped=None,
    )


def registries_have_no_creation_templates() -> None:
    """The calls about repository creation templates are missing."""
    _keep(
        "repository_creation_template",
        key="prefix",
        listed="repositoryCreationTemplates",
        wanted="prefixes",
        missing="TemplateNotFoundException",
        wrapped="repositoryCreationTemplate",
    )


def _keep(name: str, *, key: str, listed: str, wanted: str, missing: str, wrapped: str | None) -> None:
    """Give ECR the four calls about a kind of thing that it keeps as it was given it."""
    kept: dict[str, dict[str, Any]] = {}

    def answer(self: Any, one: dict[str, Any]) -> ActionResult:
        found = {"registryId": self.current_account, **one}
        return ActionResult({"registryId": self.current_account, wrapped: found} if wrapped else found)

    def put(self: Any) -> ActionResult:
        given = json.loads(self.body)
        kept[given[key]] = {**kept.get(given[key], {}), **given}
        return answer(self, kept[given[key]])

    def describe(self: Any) -> ActionResult:
        names = self._get_param(wanted) or list(kept)
        if any(one not in kept for one in names):
            raise JsonRESTError(missing, f"there is no {names}")
        return ActionResult({"registryId": self.current_account, listed: [kept[one] for one in names]})

    def delete(self: Any) -> ActionResult:
        return answer(self, kept.pop(self._get_param(key)))

    for call, function in (("create", put), ("update", put), ("delete", delete)):
        setattr(ECRResponse, f"{call}_{name}", function)
    setattr(ECRResponse, f"describe_{name}s", describe)


def queues_forget_who_may_use_them() -> None:
    """No queue has a RedriveAllowPolicy, any change removes its policy, and a RedrivePolicy comes back with spaces."""
    change, tell = Queue._set_attributes, Queue.attributes.fget
    Queue.redrive_allow_policy = None
    Queue.BASE_ATTRIBUTES.append("RedriveAllowPolicy")

    def keep(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
        policy = getattr(self, "policy", None)
        change(self, {"Policy": policy, **attributes}, now)

    def told(self: Queue) -> dict[str, Any]:
        found: dict[str, Any] = tell(self)
        if found.get("RedrivePolicy"):
            found["RedrivePolicy"] = json.dumps(json.loads(found["RedrivePolicy"]), separators=(",", ":"))
        if not found["RedriveAllowPolicy"]:
            del found["RedriveAllowPolicy"]  # the provider waits until it is gone
        return found

    Queue._set_attributes = keep
    Queue.attributes = property(told)


def what_is_gone_leaves_its_tags() -> None:
    """A log group or a group of schedules has the tags of the one that had its name before."""

    def with_tags(delete: Any, of: str) -> Any:
        @functools.wraps(delete)
        def deleted(self: Any, name: str) -> None:
            gone = getattr(self, of).get(name)
            delete(self, name)
            self.tagger.delete_all_tags_for_resource(gone.arn)

        return deleted

    LogsBackend.delete_log_group = with_tags(LogsBackend.delete_log_group, "groups")
    scheduler = EventBridgeSchedulerBackend
    scheduler.delete_schedule_group = with_tags(scheduler.delete_schedule_group, "schedule_groups")


def the_accounts_key_for_volumes_is_the_customers() -> None:
    """The key that AWS makes for an account's encrypted volumes looks like one that a customer made, and left."""
    make = EBSBackend._create_default_encryption_key

    @functools.wraps(make)
    def create_default_encryption_key(self: Any) -> Any:
        arn = make(self)
        kms_backends[self.account_id][self.region_name].describe_key(arn).key_manager = "AWS"
        return arn

    EBSBackend._create_default_encryption_key = create_default_encryption_key


def tables_forget_their_limits() -> None:
    """A table that is paid by request, and an index of one, forgets the limits of its requests."""
    describe_table, describe_index = Table.describe, GlobalSecondaryIndex.describe
    create_index, update_index = GlobalSecondaryIndex.create, GlobalSecondaryIndex.update

    def keep(one: Any, given: dict[str, Any]) -> Any:
        if "OnDemandThroughput" in given:
            one.limits = given["OnDemandThroughput"]
        return one

    def shown(one: Any) -> dict[str, Any]:
        provisioned = one.throughput["ReadCapacityUnits"]
        return {"OnDemandThroughput": one.limits} if getattr(one, "limits", None) and not provisioned else {}

    def described(self: Any, base_key: str = "TableDescription") -> dict[str, Any]:
        found: dict[str, Any] = describe_table(self, base_key=base_key)
        found[base_key].update(shown(self))
        return found

    for name in ("create_table", "update_table"):
        answer = getattr(DynamoHandler, name)

        def kept(self: Any, answer: Any = answer) -> Any:
            made = answer(self)
            keep(self.dynamodb_backend.get_table(self.body["TableName"]), self.body)
            return made

        setattr(DynamoHandler, name, kept)
    Table.describe = described
    GlobalSecondaryIndex.describe = lambda self: {**describe_index(self), **shown(self)}
    GlobalSecondaryIndex.create = staticmethod(lambda given, keys: keep(create_index(given, keys), given))
    GlobalSecondaryIndex.update = lambda self, given: (keep(self, given), update_index(self, given))[1]


def tables_are_restored_by_name_only() -> None:
    """RestoreTableToPointInTime takes no ARN, and forgets how its source is paid."""
    restore = DynamoHandler.restore_table_to_point_in_time

    @functools.wraps(restore)
    def restore_table_to_point_in_time(self: Any) -> Any:
        if "SourceTableArn" in self.body:
            self.body["SourceTableName"] = self.body["SourceTableArn"].rpartition("/")[2]
        answer = restore(self)
        made, source = (self.dynamodb_backend.get_table(self.body[f"{one}TableName"]) for one in ("Target", "Source"))
        made.billing_mode = source.billing_mode
        return answer

    DynamoHandler.restore_table_to_point_in_time = restore_table_to_point_in_time


def parameters_have_no_source() -> None:
    """DescribeDBParameters does not say which parameters somebody set, which are all that the provider reads."""
    update = DBParameterGroup.update_parameters

    @functools.wraps(update)
    def update_parameters(self: Any, new_parameters: Any) -> None:
        given = list(new_parameters)
        update(self, given)
        for one in given:
            self.parameters[one["ParameterName"]]["Source"] = "user"

    DBParameterGroup.update_parameters = update_parameters


def parameters_are_never_reset() -> None:
    """ResetDBParameterGroup and ResetDBClusterParameterGroup are lacking."""

    def reset(self: Any, kind: str) -> ActionResult:
        name = self.params[f"{kind}ParameterGroupName"]
        groups = self.backend.db_parameter_groups if kind == "DB" else self.backend.db_cluster_parameter_groups
        for one in self.params.get("Parameters", []):
            groups[name].parameters.pop(one["ParameterName"], None)
        return ActionResult({f"{kind}ParameterGroupName": name})

    RDSResponse.reset_db_parameter_group = lambda self: reset(self, "DB")
    RDSResponse.reset_db_cluster_parameter_group = lambda self: reset(self, "DBCluster")


def databases_share_an_id() -> None:
    """Every instance has the same resource id, by which the provider waits for changes of one."""
    make = DBInstance.__init__

    @functools.wraps(make)
    def started(self: Any, *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        self.dbi_resource_id = f"db-{secrets.token_hex(13).upper()}"

    DBInstance.__init__ = started


def every_cluster_scales_as_the_first_serverless_did() -> None:
    """A cluster has a configuration of Aurora Serverless v1, whatever its mode."""
    told = DBCluster.scaling_configuration_info.fget
    DBCluster.scaling_configuration_info = property(lambda self: told(self) if self.scaling_configuration else None)
