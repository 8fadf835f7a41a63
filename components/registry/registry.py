"""The image registry: one private ECR repository for each configured name, and who may pull and push."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from ..common import images
from ..common.arguments import complete
from . import ecr_access, lifecycle
from .args import (
    REGISTRY_LINK_DEFAULTS,
    REPOSITORY_DEFAULTS,
    EncryptionType,
    RegistryArgs,
    RepositoryArgs,
    TagMutability,
)


class Registry(pulumi.ComponentResource):
    """`container-platform:index:Registry`: private image repositories.

    Creates: for each name an `aws:ecr/repository:Repository` and its `aws:ecr/lifecyclePolicy:LifecyclePolicy`.
    Optional: a rotated `aws:kms/key:Key` with its `aws:kms/alias:Alias`, if a repository uses KMS without naming a
    key; an `aws:ecr/repositoryPolicy:RepositoryPolicy`, if others may pull or push.
    Needs: nothing.
    """

    repository_urls: pulumi.Output[dict[str, str]]
    """URL of each repository by its configured name: `docker push <url>:<tag>`."""
    repository_arns: pulumi.Output[dict[str, str]]
    """ARN of each repository by its configured name."""
    kms_key_arn: pulumi.Output[str]
    """ARN of the key that was made; empty if none was."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(RegistryArgs, args, REGISTRY_LINK_DEFAULTS)
        wanted = {
            repository: complete(RepositoryArgs, given, REPOSITORY_DEFAULTS)
            for repository, given in values["repositories"].items()
        }
        super().__init__("container-platform:index:Registry", name, {}, opts)
        self._name = name
        self._prefix = values["name_prefix"]
        self._keeps = values["protect"]
        self._existing = values["existing"]
        key = self._key() if any(_asks_for_a_key(item) for item in wanted.values()) else None
        repositories = {repository: self._repository(repository, item, key) for repository, item in wanted.items()}
        self.repository_urls = pulumi.Output.all(**{key: item.repository_url for key, item in repositories.items()})
        self.repository_arns = pulumi.Output.all(**{key: item.arn for key, item in repositories.items()})
        self.kms_key_arn = key.arn if key else pulumi.Output.from_input("")
        self.register_outputs(
            {
                "repository_urls": self.repository_urls,
                "repository_arns": self.repository_arns,
                "kms_key_arn": self.kms_key_arn,
            }
        )

    def image_uri(self, repository: str, image: str) -> pulumi.Output[str]:
        """Return the reference that a task or function needs to run an image: a tag or digest (`sha256:...`)."""
        return self.repository_urls.apply(lambda urls: images.reference(urls[repository], image))

    def grant_pull(self, role: aws.iam.Role, repositories: Sequence[str] | None = None) -> aws.iam.RolePolicy:
        """Let a role of this account pull, from all repositories unless some are named.

        On EKS, that is the node role or the Fargate pod execution role.
        """
        document = self._arns(repositories).apply(ecr_access.pull_permissions)
        return self._grant(role, "pull", document)

    def grant_push(
        self,
        role: aws.iam.Role,
        repositories: Sequence[str] | None = None,
        signing_profile_arns: Sequence[pulumi.Input[str]] = (),
    ) -> aws.iam.RolePolicy:
        """Let a role of this account push, to all repositories unless some are named.

        Args:
            role: the role, such as a pipeline's.
            repositories: configured names of repositories.
            signing_profile_arns: the profiles with which the registry signs images, if it does.
        """
        document = pulumi.Output.all(self._arns(repositories), list(signing_profile_arns)).apply(
            lambda known: ecr_access.push_permissions(known[0], known[1])
        )
        return self._grant(role, "push", document)

    def _arns(self, repositories: Sequence[str] | None) -> pulumi.Output[list[str]]:
        return self.repository_arns.apply(
            lambda arns: list(arns.values()) if repositories is None else [arns[name] for name in repositories]
        )

    def _grant(self, role: aws.iam.Role, what: str, document: pulumi.Output[str]) -> aws.iam.RolePolicy:
        return aws.iam.RolePolicy(
            f"{role.pulumi_resource_name}-{what}",
            role=role.name,
            policy=document,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _key(self) -> aws.kms.Key:
        key = aws.kms.Key(
            self._name,
            description=f"Images of {self._prefix}",
            enable_key_rotation=True,
            deletion_window_in_days=30 if self._keeps else 7,
            opts=self._kept(),
        )
        aws.kms.Alias(
            self._name,
            name=f"alias/{self._prefix}/images",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return key

    def _kept(self, existing: str | None = None) -> pulumi.ResourceOptions:
        # What is in the state already is never imported again.
        return pulumi.ResourceOptions(parent=self, protect=self._keeps, retain_on_delete=self._keeps, import_=existing)

    def _repository(self, name: str, values: RepositoryArgs, made_key: aws.kms.Key | None) -> aws.ecr.Repository:
        kms_key: pulumi.Input[str] | None = values.get("kms_key_arn")
        twice = values.get("encryption_type") == EncryptionType.KMS_DSSE
        if made_key and _asks_for_a_key(values):
            kms_key = made_key.arn
        repository = aws.ecr.Repository(
            name,
            name=f"{self._prefix}/{name}",
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(
                scan_on_push=values["scan_on_push"]
            ),
            image_tag_mutability=TagMutability(values["image_tag_mutability"]).value,
            image_tag_mutability_exclusion_filters=[
                aws.ecr.RepositoryImageTagMutabilityExclusionFilterArgs(filter=pattern, filter_type="WILDCARD")
                for pattern in values["image_tag_mutability_exclusion_filters"]
            ]
            or None,
            encryption_configurations=[
                aws.ecr.RepositoryEncryptionConfigurationArgs(
                    encryption_type=("KMS_DSSE" if twice else "KMS") if kms_key else "AES256", kms_key=kms_key
                )
            ],
            force_delete=not self._keeps,
            opts=self._kept(f"{self._prefix}/{name}" if name in self._existing else None),
        )
        aws.ecr.LifecyclePolicy(
            name,
            repository=repository.name,
            policy=lifecycle.lifecycle_policy(values),
            opts=pulumi.ResourceOptions(parent=self),
        )
        if any(values[key] for key in _ACCESS):
            aws.ecr.RepositoryPolicy(
                name,
                repository=repository.name,
                policy=repository.arn.apply(lambda arn: ecr_access.repository_policy(arn, values) or ""),
                opts=pulumi.ResourceOptions(parent=self),
            )
        return repository


_ACCESS: Final = ("pull_principals", "pull_organizations", "pull_lambda_accounts", "push_principals")


def _asks_for_a_key(values: RepositoryArgs) -> bool:
    return (
        values.get("encryption_type") in (EncryptionType.KMS, EncryptionType.KMS_DSSE) and "kms_key_arn" not in values
    )
