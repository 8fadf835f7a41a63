"""Where the emulated AWS API (moto 5.2.5) differs from AWS: one function mends one gap.

Nothing in the program changes for the emulator's sake. What cannot be mended stands in `UNREACHABLE`, which a test
reads.
"""

import functools
import json
import sys
from typing import Any, Final

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ecr.models import ECRBackend
from moto.ecr.responses import ECRResponse
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.moto_proxy.proxy3 import MotoRequestHandler

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


def mend_all() -> None:
    """Mend every gap, in the emulator's own process."""
    for mend in (
        unknown_actions_are_client_errors,
        services_forget_settings,
        services_run_no_tasks,
        deployments_cannot_be_read,
        rules_to_groups_forget_descriptions,
        scalable_targets_have_no_tags,
        registries_allow_no_pull_through,
        registries_have_no_caches,
        registries_have_no_creation_templates,
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
    """CreateService keeps few of the parameters that DescribeServices must give back."""
    create = EC2ContainerServiceResponse.create_service

    @functools.wraps(create)
    def create_service(self: Any) -> Any:
        answer = create(self)
        service = self.ecs_backend._get_service(self._get_param("cluster", "default"), self._get_param("serviceName"))
        for name, value in self._get_params().items():
            attribute = camelcase_to_underscores(name)
            if value is not None and not hasattr(service, attribute):
                setattr(service, attribute, value)
        return answer

    EC2ContainerServiceResponse.create_service = create_service


def services_run_no_tasks() -> None:
    """Nothing runs, so no deployment is ever done; here each is at once."""

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
            service: Service = change(self, *args, **kwargs)
            settle(service)
            return service

        return changed

    EC2ContainerServiceBackend.create_service = settled(EC2ContainerServiceBackend.create_service)
    EC2ContainerServiceBackend.update_service = settled(EC2ContainerServiceBackend.update_service)


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
            "status": "SUCCESSFUL",
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
    """The description of a rule that names a security group is kept with the group and never given back."""

    def description(rule: SecurityGroupRule) -> str | None:
        kept: str | None = rule.ip_range.get("Description") or rule.source_group.get("Description")
        return kept

    SecurityGroupRule.description = property(description)


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
