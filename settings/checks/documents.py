"""Checks of documents that the settings make, whose size AWS limits: policies, task definitions.

What is not known here counts as short, so that nothing is refused that AWS would take.
"""

import json
from collections.abc import Iterator
from typing import Final

from components.common.arguments import complete
from components.common.arn import Arn
from components.network import endpoint_services
from components.network.args import VpcEndpoints
from components.registry import ecr_access, lifecycle
from components.registry.args import LifecycleRuleArgs, RepositoryArgs
from components.tasks import containers, role_documents
from components.tasks.args import TASK_DEFAULTS, TASK_LINK_DEFAULTS, TaskArgs, TaskChoices

from ..platform import Platform
from ..problems import Path, Problem
from ..sections.jobs import Job
from ..sections.registry import CreationTemplate, Repository
from ..sections.services import Service, WebService
from ..surroundings import Surroundings

_TASK_DEFINITION: Final = 64 * 1024
"""Bytes of a task definition ("Amazon ECS service quotas")."""
_ROLE_POLICIES: Final = 10_240
"""Characters of a role's inline policies, without white space ("IAM and AWS STS quotas")."""
_ECR_POLICY: Final = 10_240
"""Characters of the policy of a repository or registry (ECR API, RepositoryPolicyText and RegistryPolicyText)."""
_LIFECYCLE_RULES: Final = 50
"""Rules of a lifecycle policy ("Amazon ECR service quotas")."""
_LIFECYCLE_POLICY: Final = 30_720
"""Characters of a lifecycle policy (ECR API, LifecyclePolicyText)."""
_ENDPOINT_POLICY: Final = 20_480
"""Characters of an endpoint's policy ("AWS PrivateLink quotas")."""

_PLACE: Final = Arn("aws", "ecr", "us-east-1", "123456789012", "repository/x")


def document_problems(platform: Platform, surroundings: Surroundings) -> Iterator[Problem]:
    """Find documents that are larger than AWS takes."""
    yield from _endpoint_problems(platform)
    yield from _registry_problems(platform)
    for path, runs in platform.runs.items():
        yield from _task_problems(path, runs, surroundings)


def _endpoint_problems(platform: Platform) -> Iterator[Problem]:
    network, cluster = platform.network, platform.cluster
    if network.existing or network.endpoints is VpcEndpoints.NONE:
        return
    policy = endpoint_services.s3_policy(
        _PLACE, _PLACE.region, network.endpoint_bucket_arns, instances=cluster.has_instances
    )
    if (length := len(_compact(policy))) > _ENDPOINT_POLICY:
        advice = (
            f"makes a policy of {length} characters for the endpoint, which takes {_ENDPOINT_POLICY}. List fewer "
            "buckets, or none, which means all."
        )
        yield Problem(("network", "endpointBucketArns"), network.endpoint_bucket_arns, advice)


def _registry_problems(platform: Platform) -> Iterator[Problem]:
    registry = platform.registry
    for name, repository in registry.repositories.items():
        path: Path = ("registry", "repositories", name)
        policy = ecr_access.repository_policy(
            str(_PLACE.with_resource("ecr", "repository/x")), repository.given(RepositoryArgs)
        )
        if policy and (length := len(_compact(policy))) > _ECR_POLICY:
            advice = (
                f"gets a policy of {length} characters, but ECR takes {_ECR_POLICY}. Name fewer principals: whole "
                "accounts, or an organisation in pullOrganizations."
            )
            yield Problem(path, None, advice)
        yield from _lifecycle_problems(path, repository)
    account = registry.account
    if account is None:
        return
    for prefix, template in account.creation_templates.items():
        yield from _lifecycle_problems(("registry", "account", "creationTemplates", prefix), template)
    policy = ecr_access.registry_policy(
        _PLACE, account.replication_accounts, account.pull_through_principals, [*account.pull_through_caches]
    )
    if policy and (length := len(_compact(policy))) > _ECR_POLICY:
        advice = (
            f"gets a policy of {length} characters, but ECR takes {_ECR_POLICY}. Name fewer replicationAccounts and "
            "pullThroughPrincipals: whole accounts instead of roles."
        )
        yield Problem(("registry", "account"), None, advice)


def _lifecycle_problems(path: Path, of: Repository | CreationTemplate) -> Iterator[Problem]:
    further: list[LifecycleRuleArgs] = [
        {"tag_patterns": rule.tag_patterns, "keep_images": rule.keep_images or 1}
        for rule in (of.lifecycle_rules if isinstance(of, Repository) else [])
    ]
    text = lifecycle.policy(of.release_tag_prefixes, of.keep_releases, of.untagged_days, of.keep_images, further)
    rules, length = len(json.loads(text)["rules"]), len(_compact(text))
    key = "lifecycleRules" if further else "releaseTagPrefixes"
    if rules > _LIFECYCLE_RULES:
        advice = (
            f"makes {rules} rules, one for each of releaseTagPrefixes and lifecycleRules and two for other images, but "
            f"a lifecycle policy has at most {_LIFECYCLE_RULES}. Remove some."
        )
        yield Problem((*path, key), None, advice)
    elif length > _LIFECYCLE_POLICY:
        advice = (
            f"makes a lifecycle policy of {length} characters, but ECR takes {_LIFECYCLE_POLICY}. Remove tag patterns."
        )
        yield Problem((*path, key), None, advice)


def _task_problems(path: Path, service: Service | Job, surroundings: Surroundings) -> Iterator[Problem]:
    name = path[-1]
    place = _PLACE._replace(region=surroundings.region or _PLACE.region)
    project, stack = surroundings.project or "", surroundings.stack or ""
    repository, log_group = f"{project}/{stack}/{service.repository}", f"/ecs/{project}/{stack}/{name}"
    host = f"{place.account_id}.dkr.ecr.{place.region}.amazonaws.com"
    secrets = dict(service.secrets)
    if generated := service.generated_secret:
        secret = place.with_resource("secretsmanager", f"secret:{name}-0000000-000000")
        secrets[generated.environment_variable] = f"{secret}:password::"
    required: TaskArgs = {
        "service_name": f"{stack}-{name}",
        "cluster_arn": place.with_resource("ecs", "cluster/x"),
        "execute_command": isinstance(service, Service) and service.execute_command,
    }
    by_release: TaskChoices = {"image": f"sha256:{'0' * 64}"}
    values = complete(TaskArgs, required, TASK_DEFAULTS, TASK_LINK_DEFAULTS, by_release, service.given(TaskChoices))
    text = containers.containers(
        values,
        {"container_port": service.container_port, "health_check_path": service.checked_path}
        if isinstance(service, WebService)
        else None,
        repository_url=f"{host}/{repository}",
        log_group=log_group,
        region=place.region,
        secrets=secrets,
    )
    if (length := len(_compact(text).encode())) > _TASK_DEFINITION:
        parts = {"environment": service.environment, "secrets": secrets, "containers": values["containers"]}
        largest = max(parts, key=lambda part: len(json.dumps(parts[part])))
        advice = (
            f"makes a task definition of {length} bytes, but ECS takes {_TASK_DEFINITION}. Keep large values in "
            "Parameter Store, Secrets Manager or S3, and let the application read them."
        )
        yield Problem((*path, largest), None, advice)
    registries = containers.registries(values)
    policy = role_documents.execution_permissions(
        place.with_resource("ecr", f"repository/{repository}") if service.repository else "",
        place.with_resource("logs", f"log-group:{log_group}"),
        [*secrets.values(), *containers.secrets_beside(values), *(one["secret_arn"] for one in registries)],
        [*service.secret_kms_key_arns, *(one["kms_key_arn"] for one in registries if "kms_key_arn" in one)],
        [service.image or "", *containers.images_beside(values)],
        containers.environment_files(values),
    )
    if (length := len(_compact(policy).replace(" ", ""))) > _ROLE_POLICIES:
        advice = (
            f"makes a policy of {length} characters for the role that reads them, but IAM takes {_ROLE_POLICIES}. Put "
            "several values into one secret, and name its keys: <arn>:<json key>::"
        )
        yield Problem((*path, "secrets"), None, advice)


def _compact(text: str) -> str:
    return json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False)
