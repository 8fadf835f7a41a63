"""A registry with everything that the emulated API has, on the real provider; what it lacks stands in gaps.py."""

import copy
import json
from typing import Any

from tests.engine.test_registry import OTHER, REGISTRY
from tests.integration.conftest import Deployment, Emulator
from tests.integration.gaps import NOT_EMULATED

_TYPES = {
    "aws:cloudcontrol/resource:Resource",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
    "aws:ecr/registryPolicy:RegistryPolicy",
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
    "aws:ecr/replicationConfiguration:ReplicationConfiguration",
    "aws:ecr/repository:Repository",
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    "aws:ecrpublic/repository:Repository",
    "aws:kms/alias:Alias",
    "aws:kms/key:Key",
    "aws:secretsmanager/secret:Secret",
    "aws:signer/signingProfile:SigningProfile",
}
"""What a stack with everything in its registry has for it."""

_NAME = "container-platform/dev/web"


def _registry() -> dict[str, Any]:
    registry = copy.deepcopy(REGISTRY)
    registry["repositories"]["web"] |= {
        "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
        "imageTagMutabilityExclusionFilters": ["latest"],
    }
    del registry["publicRepositories"]  # see NOT_EMULATED
    del registry["account"]["signing"]
    del registry["account"]["replication"][1]  # moto takes one rule
    return registry


class TestRegistry:
    """One stack that owns the registry, from nothing to nothing."""

    STACK = "dev"

    def test_it_comes_up(self, deployment: Deployment) -> None:
        file = deployment.copy.root / "Pulumi.dev.yaml"
        file.write_text(
            file.read_text().replace("config:\n", "config:\n  container-platform:dockerHubToken: a-token\n")
        )
        deployment.edit(lambda platform: platform.update(registry=_registry(), services={}))
        assert {step.split()[0] for step in deployment.run("up").steps} == {"create"}
        assert _TYPES - deployment.types == set(NOT_EMULATED), "left out here: gaps.py says so, and why"

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        deployment.unchanged()

    def test_a_repository_is_encrypted_with_the_key_that_was_made(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        (repository,) = emulator.client("ecr").describe_repositories(repositoryNames=[_NAME])["repositories"]
        kms = emulator.client("kms")
        key = kms.describe_key(KeyId="alias/container-platform/dev/images")["KeyMetadata"]
        assert repository["encryptionConfiguration"] == {"encryptionType": "KMS", "kmsKey": key["Arn"]}
        assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is True
        assert repository["imageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
        assert repository["imageTagMutabilityExclusionFilters"] == [{"filter": "latest", "filterType": "WILDCARD"}]

    def test_others_may_pull_and_push_as_the_settings_say(self, deployment: Deployment, emulator: Emulator) -> None:
        policy = json.loads(emulator.client("ecr").get_repository_policy(repositoryName=_NAME)["policyText"])
        statements = {statement["Sid"]: statement for statement in policy["Statement"]}
        assert set(statements) == {
            "PullByPrincipals",
            "PullByOrganizations",
            "PullByLambda",
            "PullByLambdaAccounts",
            "PushByPrincipals",
        }
        assert f"arn:aws:iam::{OTHER}:root" in statements["PullByPrincipals"]["Principal"]["AWS"]

    def test_the_registry_scans_replicates_and_lets_in(self, deployment: Deployment, emulator: Emulator) -> None:
        ecr = emulator.client("ecr")
        scanning = ecr.get_registry_scanning_configuration()["scanningConfiguration"]
        assert scanning["scanType"] == "ENHANCED"
        assert {rule["scanFrequency"] for rule in scanning["rules"]} == {"SCAN_ON_PUSH", "CONTINUOUS_SCAN"}
        (rule,) = ecr.describe_registry()["replicationConfiguration"]["rules"]
        assert rule["destinations"] == [{"region": "eu-west-1", "registryId": "123456789012"}]
        assert rule["repositoryFilters"] == [{"filter": "container-platform/dev", "filterType": "PREFIX_MATCH"}]
        policy = json.loads(ecr.get_registry_policy()["policyText"])
        assert {statement["Sid"] for statement in policy["Statement"]} == {"ReplicateFromAccounts", "PullThrough"}

    def test_a_cache_reads_its_user_from_the_secret(self, deployment: Deployment, emulator: Emulator) -> None:
        ecr = emulator.client("ecr")
        rules = {
            rule["ecrRepositoryPrefix"]: rule
            for rule in ecr.describe_pull_through_cache_rules()["pullThroughCacheRules"]
        }
        assert set(rules) == {"public", "docker-hub"}
        secret = emulator.client("secretsmanager").get_secret_value(SecretId=rules["docker-hub"]["credentialArn"])
        assert secret["Name"].startswith("ecr-pullthroughcache/")
        assert json.loads(secret["SecretString"]) == {"username": "acme", "accessToken": "a-token"}

    def test_what_ecr_makes_by_itself_is_immutable_and_expires(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        templates = emulator.client("ecr").describe_repository_creation_templates()["repositoryCreationTemplates"]
        found = {template["prefix"]: template for template in templates}
        assert set(found) == {"ROOT", "docker-hub"}
        assert all(template["imageTagMutability"] == "IMMUTABLE" for template in templates)
        rules = json.loads(found["docker-hub"]["lifecyclePolicy"])["rules"]
        assert rules[-1]["selection"]["countNumber"] == 20

    def test_a_change_touches_what_it_is_about(self, deployment: Deployment) -> None:
        def change(platform: dict[str, Any]) -> None:
            account = platform["registry"]["account"]
            account["replication"][0]["destinations"].append({"region": "eu-central-1"})
            account["creationTemplates"]["docker-hub"]["keepImages"] = 30
            account["pullThroughPrincipals"] = []
            platform["registry"]["repositories"]["web"]["imageTagMutabilityExclusionFilters"] = ["latest", "dev-*"]

        deployment.edit(change)
        assert set(deployment.run("up").steps) == {
            "update ecr/replicationConfiguration:ReplicationConfiguration registry-account",
            "update ecr/repositoryCreationTemplate:RepositoryCreationTemplate docker-hub",
            "update ecr/registryPolicy:RegistryPolicy registry-account",
            "update ecr/repository:Repository web",
        }
        assert deployment.run("preview").steps == []

    def test_nothing_is_left(self, deployment: Deployment, emulator: Emulator) -> None:
        assert {step.split()[0] for step in deployment.run("destroy").steps} == {"delete"}
        ecr = emulator.client("ecr")
        assert ecr.describe_repositories()["repositories"] == []
        assert ecr.describe_registry()["replicationConfiguration"]["rules"] == []
        assert ecr.describe_pull_through_cache_rules()["pullThroughCacheRules"] == []
        assert ecr.describe_repository_creation_templates()["repositoryCreationTemplates"] == []
        assert emulator.client("secretsmanager").list_secrets()["SecretList"] == []
        keys = [
            emulator.client("kms").describe_key(KeyId=key["KeyId"])
            for key in emulator.client("kms").list_keys()["Keys"]
        ]
        ours = [key["KeyMetadata"] for key in keys if key["KeyMetadata"]["KeyManager"] == "CUSTOMER"]
        assert {key["KeyState"] for key in ours} <= {"PendingDeletion"}

    def test_the_emulator_lacked_nothing_that_is_not_listed(self, emulator: Emulator) -> None:
        assert emulator.lacking() == []
