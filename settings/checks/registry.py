"""Checks of the registry's settings across fields that are each well-formed."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Final

from components.registry import lifecycle
from components.registry.args import SECRET_PREFIX, EncryptionType, ScanType, TagMutability

from ..problems import Path, Problem
from ..sections.registry import CreationTemplate, PullThroughCache, Registry, RegistryAccount, Repository
from ..surroundings import Surroundings


def registry_problems(registry: Registry, surroundings: Surroundings) -> Iterator[Problem]:
    """Find what is wrong between fields of the registry's settings."""
    for name, repository in registry.repositories.items():
        yield from _repository_problems(("registry", "repositories", name), repository)
    if registry.account:
        yield from _account_problems(("registry", "account"), registry.account, surroundings)


def _repository_problems(path: Path, repository: Repository) -> Iterator[Problem]:
    yield from _mutability_problems(path, repository)
    if repository.kms_key_arn and repository.encryption_type is EncryptionType.AES256:
        yield Problem(
            (*path, "encryptionType"),
            repository.encryption_type.value,
            "does not use kmsKeyArn: set KMS, or remove kmsKeyArn",
            ((*path, "kmsKeyArn"),),
        )
    yield from _lifecycle_problems(path, repository)


def _mutability_problems(path: Path, repository: Repository | CreationTemplate) -> Iterator[Problem]:
    mutability = repository.image_tag_mutability
    filters = repository.image_tag_mutability_exclusion_filters
    at = (*path, "imageTagMutabilityExclusionFilters")
    both = ((*path, "imageTagMutability"), at)
    excepting = mutability in (TagMutability.IMMUTABLE_WITH_EXCLUSION, TagMutability.MUTABLE_WITH_EXCLUSION)
    if filters and not excepting:
        yield Problem(at, filters, f"needs imageTagMutability: {mutability.value}_WITH_EXCLUSION", both)
    if excepting and not filters:
        advice = "needs imageTagMutabilityExclusionFilters, the tags that are the exception, such as [latest]"
        yield Problem((*path, "imageTagMutability"), mutability.value, advice, both)
    for index, pattern in enumerate(filters):
        if (wildcards := pattern.count("*")) > 2:
            yield Problem((*at, index), pattern, f"has {wildcards} wildcards, but ECR allows 2 in a filter")


def _lifecycle_problems(path: Path, repository: Repository) -> Iterator[Problem]:
    """Each rule must select images that no earlier rule selects. Otherwise it never acts; ECR refuses equal rules."""
    earlier: list[tuple[Path, list[str]]] = []
    for index, prefix in enumerate(repository.release_tag_prefixes):
        at = (*path, "releaseTagPrefixes", index)
        for other, patterns in earlier:
            longer = f"{prefix}*"
            if lifecycle.covers(patterns, [longer]) or lifecycle.covers([longer], patterns):
                yield Problem(at, prefix, f"overlaps {patterns[0][:-1]}; keep only the shorter one", (other,))
                break
        earlier.append((at, [f"{prefix}*"]))
    for index, rule in enumerate(repository.lifecycle_rules):
        at = (*path, "lifecycleRules", index)
        if (rule.keep_images is None) == (rule.expire_days is None):
            yield Problem(at, rule.model_dump(exclude_none=True), "needs either keepImages or expireDays")
        for number, pattern in enumerate(rule.tag_patterns):
            if (wildcards := pattern.count("*")) > 4:
                advice = f"has {wildcards} wildcards, but ECR allows 4 in a pattern"
                yield Problem((*at, "tagPatterns", number), pattern, advice)
        for other, patterns in earlier:
            if lifecycle.covers(patterns, rule.tag_patterns):
                advice = (
                    f"would never act: the rule for {' and '.join(patterns)} comes first and covers every image that "
                    "this one selects"
                )
                yield Problem((*at, "tagPatterns"), rule.tag_patterns, advice, (other,))
                break
        earlier.append((at, rule.tag_patterns))


def _account_problems(path: Path, account: RegistryAccount, surroundings: Surroundings) -> Iterator[Problem]:
    yield from _scanning_problems((*path, "scanning"), account)
    yield from _replication_problems((*path, "replication"), account, surroundings.region)
    for prefix, cache in account.pull_through_caches.items():
        yield from _cache_problems((*path, "pullThroughCaches", prefix), cache, surroundings)
    for prefix, template in account.creation_templates.items():
        yield from _template_problems((*path, "creationTemplates", prefix), template)
    if account.pull_through_principals and not account.pull_through_caches:
        yield Problem(
            (*path, "pullThroughPrincipals"),
            account.pull_through_principals,
            "has no effect without pullThroughCaches: add one, or remove this",
            ((*path, "pullThroughCaches"),),
        )


def _scanning_problems(path: Path, account: RegistryAccount) -> Iterator[Problem]:
    scanning = account.scanning
    if scanning is None:
        return
    if scanning.continuous and scanning.scan_type is ScanType.BASIC:
        yield Problem(
            (*path, "continuous"),
            scanning.continuous,
            "needs scanType: ENHANCED. BASIC scans an image only once, when it is pushed.",
            ((*path, "scanType"),),
        )
    if not scanning.scan_on_push and not scanning.continuous:
        advice = 'would leave every image unscanned: name repositories, or ["*"] for all'
        yield Problem((*path, "scanOnPush"), scanning.scan_on_push, advice, ((*path, "continuous"),))
    for pattern in sorted({*scanning.scan_on_push} & {*scanning.continuous}):
        advice = (
            "is listed under scanOnPush too; remove it there, because continuous scanning includes scanning on push"
        )
        yield Problem((*path, "continuous"), pattern, advice, ((*path, "scanOnPush"),))


def _replication_problems(path: Path, account: RegistryAccount, region: str | None) -> Iterator[Problem]:
    for number, rule in enumerate(account.replication):
        at = (*path, number)
        for index, destination in enumerate(rule.destinations):
            if destination.registry_id is None and destination.region == region:
                advice = "is this registry's own region: name another region, or the registryId of another account"
                yield Problem((*at, "destinations", index, "region"), destination.region, advice)
            if destination in rule.destinations[:index]:
                yield Problem(
                    (*at, "destinations", index),
                    destination.model_dump(exclude_none=True),
                    "is listed twice; remove one",
                )
        yield from _prefix_problems((*at, "repositoryPrefixes"), rule.repository_prefixes)


def _prefix_problems(path: Path, prefixes: Sequence[str]) -> Iterator[Problem]:
    for (_, one), (index, other) in itertools.combinations(enumerate(prefixes), 2):
        if one.startswith(other) or other.startswith(one):
            yield Problem((*path, index), other, f"overlaps {one}; keep only the shorter one")


# Host of an upstream → whether it requires a user ("Creating a pull through cache rule", Amazon ECR User Guide).
_UPSTREAMS: Final = {
    "public.ecr.aws": False,
    "registry.k8s.io": False,
    "quay.io": False,
    "registry-1.docker.io": True,
    "ghcr.io": True,
    "registry.gitlab.com": True,
    "cgr.dev": True,
}


def _cache_problems(path: Path, cache: PullThroughCache, surroundings: Surroundings) -> Iterator[Problem]:
    host = cache.upstream_registry_url
    at = (*path, "upstreamRegistryUrl")
    wants_user = True if host.endswith(".azurecr.io") else _UPSTREAMS.get(host)
    own_kind = ".dkr.ecr." in host
    places = ((*path, "credential"), (*path, "credentialArn"))
    user = cache.credential or cache.credential_arn
    if wants_user is None and not own_kind:
        known = ", ".join([*_UPSTREAMS, "<name>.azurecr.io", "<account>.dkr.ecr.<region>.amazonaws.com"])
        yield Problem(at, host, f"is not a registry that ECR can cache; choose one of {known}")
    elif wants_user and not user:
        yield Problem(at, host, "requires a user: add credential or credentialArn", places)
    elif not wants_user and user:
        yield Problem(at, host, "takes no user: remove credential and credentialArn", places)
    if cache.custom_role_arn and not own_kind:
        advice = "is only for an upstream ECR registry; remove it"
        yield Problem((*path, "customRoleArn"), cache.custom_role_arn, advice, (at,))
    if cache.credential and cache.credential_arn:
        yield Problem(
            (*path, "credentialArn"),
            cache.credential_arn,
            "names a second user; keep either this or credential",
            places,
        )
    if cache.credential_arn and f":secret:{SECRET_PREFIX}" not in cache.credential_arn:
        advice = f"is not a secret that ECR can read: its name must begin with {SECRET_PREFIX}"
        yield Problem((*path, "credentialArn"), cache.credential_arn, advice)
    if cache.credential and surroundings.find_secret:
        key = cache.credential.access_token_key
        if surroundings.find_secret(key) is None:
            advice = f"is not in the configuration. Run: pulumi config set --secret container-platform:{key}"
            yield Problem((*path, "credential", "accessTokenKey"), key, advice)


def _template_problems(path: Path, template: CreationTemplate) -> Iterator[Problem]:
    yield from _mutability_problems(path, template)
    if template.custom_role_arn is None:
        needing = {"kmsKeyArn": template.kms_key_arn, "resourceTags": template.resource_tags}
        for name, value in needing.items():
            if value:
                advice = "needs customRoleArn, the role with which ECR uses the key and sets the tags"
                yield Problem((*path, name), value, advice, ((*path, "customRoleArn"),))
