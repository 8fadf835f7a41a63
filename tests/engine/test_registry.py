"""Everything that the registry can have, on the real engine: made, unchanged, changed, taken down."""

import json
from typing import Any

from .conftest import Local
from .test_platform import touched

OTHER = "210987654321"
REGISTRY: dict[str, Any] = {
    "repositories": {
        "web": {
            "encryptionType": "KMS",
            "lifecycleRules": [{"tagPatterns": ["pr-*"], "expireDays": 7}],
            "pullPrincipals": [OTHER, f"arn:aws:iam::{OTHER}:role/eks-nodes"],
            "pullOrganizations": ["o-a1b2c3d4e5"],
            "pullLambdaAccounts": ["123456789012", OTHER],
            "pushPrincipals": [f"arn:aws:iam::{OTHER}:role/pipeline"],
        },
        "team/api": {},
    },
    "publicRepositories": {"web": {"description": "Our web server"}},
    "account": {
        "scanning": {"scanType": "ENHANCED", "scanOnPush": ["*"], "continuous": ["container-platform/dev/*"]},
        "replication": [
            {"destinations": [{"region": "eu-west-1"}], "repositoryPrefixes": ["container-platform/dev"]},
            {"destinations": [{"region": "us-east-1", "registryId": OTHER}]},
        ],
        "pullThroughCaches": {
            "public": {"upstreamRegistryUrl": "public.ecr.aws"},
            "docker-hub": {
                "upstreamRegistryUrl": "registry-1.docker.io",
                "credential": {"username": "acme", "accessTokenKey": "dockerHubToken"},
            },
        },
        "creationTemplates": {"docker-hub": {"keepImages": 20}, "ROOT": {"appliedFor": ["CREATE_ON_PUSH"]}},
        "replicationAccounts": [OTHER],
        "pullThroughPrincipals": [OTHER],
        "signing": [{"repositoryFilters": ["container-platform/dev/*"]}],
    },
}


class TestRegistry:
    """One dev stack that owns the registry, from nothing to nothing."""

    def test_without_the_token_of_its_user_nothing_is_made(self, project: Local) -> None:
        project.edit(lambda platform: platform.update(registry=REGISTRY))
        printed = project.fails("up")
        assert "pulumi config set --secret container-platform:dockerHubToken" in printed
        assert [item for item in project.state() if item["type"].startswith("aws:")] == []

    def test_everything_comes_up_and_keeps_the_policies(self, project: Local) -> None:
        file = project.root / "Pulumi.dev.yaml"
        file.write_text(
            file.read_text().replace("config:\n", "config:\n  container-platform:dockerHubToken: a-token\n")
        )
        printed = project.ok("up")
        assert "✓ kept      ecr-scan-on-push" in printed
        assert "✓ kept      ecr-immutable-tags" in printed
        assert len(project.find("ecr/repository:Repository")) == 2
        (key,) = project.find("kms/key:Key")
        (web,) = [item for item in project.find("ecr/repository:Repository") if "/web" in item["outputs"]["name"]]
        assert web["inputs"]["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": key["outputs"]["arn"]}]
        (rule,) = [
            item
            for item in project.find("ecr/pullThroughCacheRule:PullThroughCacheRule")
            if item["outputs"]["ecrRepositoryPrefix"] == "docker-hub"
        ]
        assert ":secret:ecr-pullthroughcache/container-platform/dev/docker-hub-" in rule["inputs"]["credentialArn"]
        assert "a-token" not in (project.root / ".local/state/.pulumi/stacks/container-platform/dev.json").read_text()

    def test_images_are_signed_with_the_profile_that_was_made(self, project: Local) -> None:
        (profile,) = project.find("signer/signingProfile:SigningProfile")
        (configuration,) = project.find("cloudcontrol/resource:Resource")
        (rule,) = json.loads(configuration["inputs"]["desiredState"])["Rules"]
        assert rule["SigningProfileArn"] == profile["outputs"]["arn"]
        published = json.loads(project.ok("outputs", "--json"))
        assert published["signingProfileArns"] == [profile["outputs"]["arn"]]
        assert published["publicRepositoryUris"]["web"].startswith("public.ecr.aws/")

    def test_another_provider_changes_nothing_for_the_rest(self, project: Local) -> None:
        """The public registry's is in us-east-1, with tags of its own."""
        tags = {"project": "container-platform", "environment": "dev"}
        assert all(item["outputs"]["tagsAll"] == tags for item in project.find("ecr/repository:Repository"))
        (public,) = project.find("ecrpublic/repository:Repository")
        assert "us-east-1" in public["provider"]

    def test_a_second_up_and_a_refresh_change_nothing(self, project: Local) -> None:
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_a_change_touches_what_it_is_about(self, project: Local) -> None:
        def change(platform: dict[str, Any]) -> None:
            account = platform["registry"]["account"]
            account["replication"][0]["destinations"].append({"region": "eu-central-1"})
            account["signing"][0]["repositoryFilters"] = ["container-platform/*"]
            account["replicationAccounts"].append("109876543210")
            platform["registry"]["repositories"]["web"]["pullOrganizations"] = []

        project.edit(change)
        assert touched(project.ok("up")) == {
            "~ update ecr.ReplicationConfiguration registry-account",
            "~ update cloudcontrol.Resource registry-account-signing",
            "~ update ecr.RegistryPolicy registry-account",
            "~ update ecr.RepositoryPolicy web",
        }

    def test_a_registry_that_scans_other_repositories_breaks_the_policy(self, project: Local) -> None:
        scanning = {"scanType": "ENHANCED", "scanOnPush": ["container-platform/prod/*"]}
        project.edit(lambda platform: platform["registry"]["account"].update(scanning=scanning))
        printed = project.fails("up")
        assert "ecr-scan-on-push" in printed
        assert "none of its rules covers" in printed

    def test_with_nothing_asked_for_only_the_repositories_stay(self, project: Local) -> None:
        project.edit(lambda platform: platform.update(registry={"repositories": {"web": {"encryptionType": "KMS"}}}))
        project.ok("up")
        kinds = {item["type"] for item in project.state() if item["type"].startswith(("aws:ecr", "aws:signer"))}
        assert kinds == {"aws:ecr/repository:Repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy"}

    def test_down_leaves_nothing(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")
        assert project.state() == []
