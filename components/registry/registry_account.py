"""What a registry has once per account and region: scanning, replication, caches, templates, its policy, signing."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from ..common.arn import Arn
from . import ecr_access, lifecycle
from .args import (
    REGISTRY_ACCOUNT_DEFAULTS,
    REGISTRY_ACCOUNT_LINK_DEFAULTS,
    REPLICATION_DEFAULTS,
    SCANNING_DEFAULTS,
    SECRET_PREFIX,
    SIGNING_DEFAULTS,
    TEMPLATE_DEFAULTS,
    AppliedFor,
    CreationTemplateArgs,
    CredentialArgs,
    PullThroughCacheArgs,
    RegistryAccountArgs,
    ReplicationRuleArgs,
    ScanningArgs,
    ScanType,
    SigningRuleArgs,
    TagMutability,
)

_SIGNING_PLATFORM: Final = "Notation-OCI-SHA384-ECDSA"


class RegistryAccount(pulumi.ComponentResource):
    """`container-platform:index:RegistryAccount`: the settings of an account's registry in a region.

    Each of its parts exists once per account and region, so only one stack there may make it.

    Creates: nothing by default.
    Optional: `aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration`,
    `aws:ecr/replicationConfiguration:ReplicationConfiguration`, `aws:ecr/pullThroughCacheRule:PullThroughCacheRule`
    with its `aws:secretsmanager/secret:Secret`, `aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate`,
    `aws:ecr/registryPolicy:RegistryPolicy`, `aws:signer/signingProfile:SigningProfile` with an
    `aws:cloudcontrol/resource:Resource` for the signing configuration, for which the AWS provider has no resource.
    Needs: nothing.
    """

    signing_profile_arns: pulumi.Output[list[str]]
    """ARNs of the signing profiles, in the order of the rules. Roles that push need permission to sign with them."""

    def __init__(self, name: str, args: RegistryAccountArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(RegistryAccountArgs, args, REGISTRY_ACCOUNT_DEFAULTS, REGISTRY_ACCOUNT_LINK_DEFAULTS)
        super().__init__("container-platform:index:RegistryAccount", name, {}, opts)
        self._name = name
        self._child = pulumi.ResourceOptions(parent=self)
        if "scanning" in values:
            self._scanning(complete(ScanningArgs, values["scanning"], SCANNING_DEFAULTS))
        if values["replication"]:
            self._replication(
                [complete(ReplicationRuleArgs, rule, REPLICATION_DEFAULTS) for rule in values["replication"]]
            )
        templates = [
            self._creation_template(prefix, complete(CreationTemplateArgs, template, TEMPLATE_DEFAULTS))
            for prefix, template in values["creation_templates"].items()
        ]
        for prefix, cache in values["pull_through_caches"].items():
            self._pull_through_cache(prefix, cache, values, templates)
        if values["replication_accounts"] or values["pull_through_principals"]:
            self._policy(values)
        self.signing_profile_arns = pulumi.Output.all(*self._signing(values))
        self.register_outputs({"signing_profile_arns": self.signing_profile_arns})

    def _scanning(self, scanning: ScanningArgs) -> None:
        frequencies = {"SCAN_ON_PUSH": scanning["scan_on_push"], "CONTINUOUS_SCAN": scanning["continuous"]}
        aws.ecr.RegistryScanningConfiguration(
            self._name,
            scan_type=ScanType(scanning["scan_type"]).value,
            rules=[
                aws.ecr.RegistryScanningConfigurationRuleArgs(
                    scan_frequency=frequency,
                    repository_filters=[
                        aws.ecr.RegistryScanningConfigurationRuleRepositoryFilterArgs(
                            filter=pattern, filter_type="WILDCARD"
                        )
                        for pattern in sorted(set(filters))
                    ],
                )
                for frequency, filters in frequencies.items()
                if filters
            ],
            opts=self._child,
        )

    def _replication(self, rules: Sequence[ReplicationRuleArgs]) -> None:
        own = self._account()
        aws.ecr.ReplicationConfiguration(
            self._name,
            replication_configuration=aws.ecr.ReplicationConfigurationReplicationConfigurationArgs(
                rules=[
                    aws.ecr.ReplicationConfigurationReplicationConfigurationRuleArgs(
                        destinations=[
                            aws.ecr.ReplicationConfigurationReplicationConfigurationRuleDestinationArgs(
                                region=destination["region"], registry_id=destination.get("registry_id", own)
                            )
                            for destination in rule["destinations"]
                        ],
                        repository_filters=[
                            aws.ecr.ReplicationConfigurationReplicationConfigurationRuleRepositoryFilterArgs(
                                filter=prefix, filter_type="PREFIX_MATCH"
                            )
                            for prefix in rule["repository_prefixes"]
                        ]
                        or None,
                    )
                    for rule in rules
                ]
            ),
            opts=self._child,
        )

    def _account(self) -> pulumi.Output[str]:
        return aws.get_caller_identity_output(opts=pulumi.InvokeOptions(parent=self)).account_id

    def _pull_through_cache(
        self,
        prefix: str,
        cache: PullThroughCacheArgs,
        values: RegistryAccountArgs,
        templates: Sequence[aws.ecr.RepositoryCreationTemplate],
    ) -> None:
        credential_arn: pulumi.Input[str] | None = cache.get("credential_arn")
        made: list[pulumi.Resource] = [*templates]
        if "credential" in cache:
            secret, version = self._credential(prefix, cache["credential"], values)
            credential_arn = secret.arn
            made.append(version)
        aws.ecr.PullThroughCacheRule(
            _resource_name(prefix),
            ecr_repository_prefix=prefix,
            upstream_registry_url=cache["upstream_registry_url"],
            upstream_repository_prefix=cache.get("upstream_repository_prefix"),
            credential_arn=credential_arn,
            custom_role_arn=cache.get("custom_role_arn"),
            # The user must be in the secret before the rule is used, and the template before the first repository.
            opts=pulumi.ResourceOptions(parent=self, depends_on=made),
        )

    def _credential(
        self, prefix: str, credential: CredentialArgs, values: RegistryAccountArgs
    ) -> tuple[aws.secretsmanager.Secret, aws.secretsmanager.SecretVersion]:
        name = _resource_name(prefix)
        secret = aws.secretsmanager.Secret(
            name,
            name=f"{SECRET_PREFIX}{values['name_prefix']}/{prefix.strip('/')}",
            description=f"User of the registry that {prefix} caches",
            # Nothing is lost: the configuration has the content. A window would keep the name taken for 30 days.
            recovery_window_in_days=0,
            opts=self._child,
        )
        content = pulumi.Output.json_dumps(
            {"username": credential["username"], "accessToken": credential["access_token"]}
        )
        version = aws.secretsmanager.SecretVersion(
            name,
            secret_id=secret.id,
            secret_string=cast(pulumi.Output[str], pulumi.Output.secret(cast(Any, content))),
            opts=self._child,
        )
        return secret, version

    def _creation_template(self, prefix: str, template: CreationTemplateArgs) -> aws.ecr.RepositoryCreationTemplate:
        key = template.get("kms_key_arn")
        return aws.ecr.RepositoryCreationTemplate(
            _resource_name(prefix),
            prefix=prefix,
            applied_fors=sorted(AppliedFor(item).value for item in template["applied_for"]),
            description=template.get("description"),
            image_tag_mutability=TagMutability(template["image_tag_mutability"]).value,
            image_tag_mutability_exclusion_filters=[
                aws.ecr.RepositoryCreationTemplateImageTagMutabilityExclusionFilterArgs(
                    filter=pattern, filter_type="WILDCARD"
                )
                for pattern in template["image_tag_mutability_exclusion_filters"]
            ]
            or None,
            encryption_configurations=[
                aws.ecr.RepositoryCreationTemplateEncryptionConfigurationArgs(
                    encryption_type="KMS" if key else "AES256", kms_key=key
                )
            ],
            lifecycle_policy=lifecycle.policy(
                template["release_tag_prefixes"],
                template["keep_releases"],
                template["untagged_days"],
                template["keep_images"],
            ),
            custom_role_arn=template.get("custom_role_arn"),
            resource_tags=template["resource_tags"] or None,
            opts=self._child,
        )

    def _policy(self, values: RegistryAccountArgs) -> None:
        invoke = pulumi.InvokeOptions(parent=self)
        caller = aws.get_caller_identity_output(opts=invoke)
        document = pulumi.Output.all(
            account=caller.account_id,
            region=aws.get_region_output(opts=invoke).region,
            partition=aws.get_partition_output(opts=invoke).partition,
        ).apply(
            lambda known: (
                ecr_access.registry_policy(
                    Arn(known["partition"], "ecr", known["region"], known["account"], ""),
                    values["replication_accounts"],
                    values["pull_through_principals"],
                    list(values["pull_through_caches"]),
                )
                or ""
            )
        )
        aws.ecr.RegistryPolicy(self._name, policy=document, opts=self._child)

    def _signing(self, values: RegistryAccountArgs) -> list[pulumi.Output[str]]:
        rules = [complete(SigningRuleArgs, rule, SIGNING_DEFAULTS) for rule in values["signing"]]
        if not rules:
            return []
        # AWS cancels a profile instead of deleting it, and never frees its name: each gets a unique one.
        prefix = "".join(letter if letter.isalnum() else "_" for letter in values["name_prefix"])[:36]
        profiles = [
            aws.signer.SigningProfile(
                f"{self._name}-{number}",
                name_prefix=f"{prefix}_",
                platform_id=_SIGNING_PLATFORM,
                signature_validity_period=aws.signer.SigningProfileSignatureValidityPeriodArgs(
                    type="MONTHS", value=int(rule["validity_months"])
                ),
                opts=self._child,
            ).arn
            for number, rule in enumerate(rules, start=1)
        ]
        filters = [rule["repository_filters"] for rule in rules]
        aws.cloudcontrol.Resource(
            f"{self._name}-signing",
            type_name="AWS::ECR::SigningConfiguration",
            desired_state=pulumi.Output.all(*profiles).apply(lambda arns: _signing_configuration(arns, filters)),
            opts=self._child,
        )
        return profiles


def _signing_configuration(profile_arns: Sequence[str], filters: Sequence[Sequence[str]]) -> str:
    rules: list[Mapping[str, Any]] = []
    for arn, patterns in zip(profile_arns, filters, strict=True):
        rule: dict[str, Any] = {"SigningProfileArn": arn}
        if patterns:
            rule["RepositoryFilters"] = [
                {"Filter": pattern, "FilterType": "WILDCARD_MATCH"} for pattern in sorted(set(patterns))
            ]
        rules.append(rule)
    return json.dumps({"Rules": rules})


def _resource_name(prefix: str) -> str:
    return prefix.strip("/").lower()
