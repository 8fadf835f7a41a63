"""The registry under mocks: repositories, keys, who may pull and push, and what an account's registry has once."""

import json
from collections.abc import Callable
from typing import Any, Unpack, cast

import pulumi
import pulumi_aws as aws
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import PublicRegistry, Registry, RegistryAccount
from components.common.arn import parse
from components.registry import ecr_access, lifecycle
from components.registry.args import (
    EncryptionType,
    LifecycleRuleArgs,
    PullThroughCacheArgs,
    RegistryAccountChoices,
    RegistryAccountLinks,
    ReplicationRuleArgs,
    RepositoryArgs,
    ScanningArgs,
    ScanType,
    SigningRuleArgs,
    TagMutability,
)
from outputs.registry import RegistryOutputs
from wiring.registry import Registries, registry_outputs

from ..conftest import ACCOUNT, REGION, Engine, Run, run_program

OTHER = "210987654321"
ROLE = f"arn:aws:iam::{OTHER}:role/eks-nodes"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
WITH_KMS: RepositoryArgs = {"encryption_type": EncryptionType.KMS}


def arn(name: str) -> str:
    return f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{name}"


def registry(protect: bool = True, **repositories: RepositoryArgs) -> Registry:
    return Registry("registry", {"name_prefix": "platform/dev", "repositories": repositories, "protect": protect})


def rules(engine: Engine) -> list[dict[str, Any]]:
    found = json.loads(engine.one("ecr/lifecyclePolicy:LifecyclePolicy")["policy"])["rules"]
    return cast(list[dict[str, Any]], found)


def by_sid(text: str) -> dict[str, dict[str, Any]]:
    return {statement.pop("Sid"): statement for statement in json.loads(text)["Statement"]}


class TestRepositories:
    def test_one_key_is_made_rotated_and_named_for_all_that_ask_for_kms(self, run: Run) -> None:
        engine = run(lambda: registry(web=WITH_KMS, api=WITH_KMS, plain={}))
        (key,) = engine.all("kms/key:Key")
        assert key.inputs["enableKeyRotation"] is True
        assert key.inputs["deletionWindowInDays"] == 30
        assert key.protect
        assert engine.one("kms/alias:Alias")["name"] == "alias/platform/dev/images"
        made = f"arn:aws:kms:{REGION}:{ACCOUNT}:registry"
        kinds = {item.name: item.inputs["encryptionConfigurations"] for item in engine.all("ecr/repository:Repository")}
        assert kinds["plain"] == [{"encryptionType": "AES256"}]
        assert kinds["web"] == kinds["api"]
        assert kinds["web"][0]["encryptionType"] == "KMS"
        assert kinds["web"][0].get("kmsKey") in (made, None), "at a preview the key is not known yet"

    @pytest.mark.parametrize("said", [WITH_KMS, {}], ids=["KMS", "key only"])
    def test_with_a_key_of_ones_own_none_is_made(self, said: RepositoryArgs) -> None:
        engine = run_program(lambda: registry(web={**said, "kms_key_arn": KEY}))
        assert engine.find("kms/key:Key") == []
        assert engine.one("ecr/repository:Repository")["encryptionConfigurations"] == [
            {"encryptionType": "KMS", "kmsKey": KEY}
        ]

    @pytest.mark.parametrize("key", [{}, {"kms_key_arn": KEY}], ids=["made", "given"])
    def test_images_can_be_encrypted_twice(self, key: RepositoryArgs) -> None:
        engine = run_program(lambda: registry(web={"encryption_type": EncryptionType.KMS_DSSE, **key}))
        (encryption,) = engine.one("ecr/repository:Repository")["encryptionConfigurations"]
        assert encryption["encryptionType"] == "KMS_DSSE"
        assert len(engine.find("kms/key:Key")) == (0 if key else 1)

    def test_tags_are_immutable_but_for_the_exceptions(self) -> None:
        except_latest: RepositoryArgs = {
            "image_tag_mutability": TagMutability.IMMUTABLE_WITH_EXCLUSION,
            "image_tag_mutability_exclusion_filters": ["latest", "promoted-*"],
        }
        repository = run_program(lambda: registry(web=except_latest)).one("ecr/repository:Repository")
        assert repository["imageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
        assert repository["imageTagMutabilityExclusionFilters"] == [
            {"filter": "latest", "filterType": "WILDCARD"},
            {"filter": "promoted-*", "filterType": "WILDCARD"},
        ]

    def test_by_default_tags_are_immutable_images_scanned_and_releases_kept(self, run: Run) -> None:
        engine = run(lambda: registry(web={}))
        repository = engine.one("ecr/repository:Repository")
        assert repository["name"] == "platform/dev/web"
        assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
        assert repository["imageTagMutability"] == "IMMUTABLE"
        assert repository["encryptionConfigurations"] == [{"encryptionType": "AES256"}]
        assert repository["forceDelete"] is False
        found = rules(engine)
        assert [rule["selection"]["tagStatus"] for rule in found] == ["tagged", "untagged", "any"]
        assert found[0]["selection"]["tagPrefixList"] == ["prod"]
        assert found[0]["selection"]["countNumber"] == 10
        assert (found[1]["selection"]["countNumber"], found[1]["selection"]["countUnit"]) == (1, "days")

    def test_by_default_there_are_no_exceptions_no_key_and_no_access(self, run: Run) -> None:
        engine = run(lambda: registry(web={}))
        assert {item.type for item in engine.resources if item.type.startswith("aws:")} == {
            "aws:ecr/repository:Repository",
            "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        }
        assert set(engine.one("ecr/repository:Repository")) == {
            "encryptionConfigurations",
            "forceDelete",
            "imageScanningConfiguration",
            "imageTagMutability",
            "name",
        }
        assert [rule["description"] for rule in rules(engine)] == [
            "keep the last 10 images tagged prod...",
            "expire untagged images after 1 days",
            "keep the last 100 other images",
        ]

    def test_further_rules_are_between_releases_and_the_rest(self) -> None:
        further: list[LifecycleRuleArgs] = [
            {"tag_patterns": ["pr-*"], "expire_days": 7},
            {"tag_patterns": ["b*", "a"], "keep_images": 3},
        ]
        found = rules(run_program(lambda: registry(web={"lifecycle_rules": further})))
        assert [rule["rulePriority"] for rule in found] == [1, 2, 3, 4, 5]
        assert [rule["selection"]["tagStatus"] for rule in found] == ["tagged", "tagged", "tagged", "untagged", "any"]
        assert found[1]["selection"] == {
            "tagStatus": "tagged",
            "tagPatternList": ["pr-*"],
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": 7,
        }
        assert found[2]["selection"]["tagPatternList"] == ["a", "b*"]
        assert found[2]["selection"]["countType"] == "imageCountMoreThan"

    @pytest.mark.parametrize("protect", [True, False])
    def test_repositories_are_protected_and_kept_together(self, run: Run, protect: bool) -> None:
        engine = run(lambda: registry(protect, web={}))
        (repository,) = engine.all("ecr/repository:Repository")
        assert (repository.protect, repository.retained) == (protect, protect)
        assert repository.inputs["forceDelete"] is not protect
        assert not any(item.protect for item in engine.all("ecr/lifecyclePolicy:LifecyclePolicy"))


def test_without_a_registry_of_the_account_or_a_public_one_their_outputs_are_empty() -> None:
    published: list[RegistryOutputs] = []
    run_program(lambda: published.append(registry_outputs(Registries(registry(web={}), None, None))))
    assert published[0]["publicRepositoryUris"] == {}
    assert published[0]["signingProfileArns"] == []


class TestAccess:
    def policy(self, **access: Unpack[RepositoryArgs]) -> dict[str, dict[str, Any]]:
        engine = run_program(lambda: registry(web=access))
        return by_sid(engine.one("ecr/repositoryPolicy:RepositoryPolicy")["policy"])

    def test_an_account_and_a_role_may_pull_and_no_more(self) -> None:
        assert self.policy(pull_principals=[ROLE, OTHER]) == {
            "PullByPrincipals": {
                "Effect": "Allow",
                "Principal": {"AWS": [ROLE, f"arn:aws:iam::{OTHER}:root"]},
                "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            }
        }

    def test_an_organisation_may_pull_and_nobody_outside_of_it(self) -> None:
        assert self.policy(pull_organizations=["o-a1b2c3d4e5"]) == {
            "PullByOrganizations": {
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5"]}},
            }
        }

    def test_functions_of_named_accounts_may_be_made_of_the_images(self) -> None:
        actions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        assert self.policy(pull_lambda_accounts=[ACCOUNT, OTHER]) == {
            "PullByLambda": {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": actions,
                "Condition": {
                    "ArnLike": {
                        "aws:SourceArn": [
                            f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*",
                            f"arn:aws:lambda:{REGION}:{OTHER}:function:*",
                        ]
                    }
                },
            },
            "PullByLambdaAccounts": {
                "Effect": "Allow",
                "Principal": {"AWS": [f"arn:aws:iam::{OTHER}:root"]},
                "Action": actions,
            },
        }

    def test_a_pipelines_role_may_push(self) -> None:
        statement = self.policy(push_principals=[ROLE])["PushByPrincipals"]
        assert statement["Principal"] == {"AWS": [ROLE]}
        assert statement["Action"] == sorted(ecr_access.PUSH)

    def test_grants_are_exact_and_can_be_for_some_repositories(self, run: Run) -> None:
        def program() -> None:
            made = registry(web={}, api={})
            role = aws.iam.Role("builder", assume_role_policy="{}")
            made.grant_pull(role)
            made.grant_push(role, ["api"], [f"arn:aws:signer:{REGION}:{ACCOUNT}:/signing-profiles/ours"])

        engine = run(program)
        log_in = {"Effect": "Allow", "Action": ["ecr:GetAuthorizationToken"], "Resource": ["*"]}
        assert by_sid(engine.one("iam/rolePolicy:RolePolicy", "builder-pull")["policy"]) == {
            "LogInToRegistry": log_in,
            "PullImages": {
                "Effect": "Allow",
                "Action": sorted(ecr_access.PULL),
                "Resource": [arn("platform/dev/api"), arn("platform/dev/web")],
            },
        }
        assert by_sid(engine.one("iam/rolePolicy:RolePolicy", "builder-push")["policy"]) == {
            "LogInToRegistry": log_in,
            "PushImages": {
                "Effect": "Allow",
                "Action": sorted(ecr_access.PUSH),
                "Resource": [arn("platform/dev/api")],
            },
            "SignImages": {
                "Effect": "Allow",
                "Action": ["signer:SignPayload"],
                "Resource": [f"arn:aws:signer:{REGION}:{ACCOUNT}:/signing-profiles/ours"],
            },
        }

    def test_an_image_is_named_by_tag_or_digest(self) -> None:
        seen: list[str] = []

        def program() -> None:
            made = registry(web={})
            for image in ("git-1", f"sha256:{'a' * 64}"):
                made.image_uri("web", image).apply(seen.append)

        run_program(program)
        url = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/platform/dev/web"
        assert seen == [f"{url}:git-1", f"{url}@sha256:{'a' * 64}"]

    @given(
        st.fixed_dictionaries(
            {
                "pull_principals": st.lists(st.sampled_from([OTHER, ROLE]), max_size=2),
                "pull_organizations": st.lists(st.just("o-a1b2c3d4e5"), max_size=2),
                "pull_lambda_accounts": st.lists(st.sampled_from([ACCOUNT, OTHER]), max_size=3),
                "push_principals": st.lists(st.sampled_from([OTHER, ROLE]), max_size=2),
            }
        ),
        st.sampled_from(["aws", "aws-cn"]),
    )
    def test_whoever_is_named_nobody_else_gets_in(self, access: RepositoryArgs, partition: str) -> None:
        place = f"arn:{partition}:ecr:{REGION}:{ACCOUNT}:repository/web"
        text = ecr_access.repository_policy(place, access)
        assert (text is None) == (not any(access.values()))
        for statement in json.loads(text or '{"Statement": []}')["Statement"]:
            assert all("*" not in action for action in statement["Action"])
            if statement["Principal"].get("AWS") == "*":
                assert statement["Condition"]["StringEquals"]["aws:PrincipalOrgID"]
            if "Service" in statement["Principal"]:
                assert statement["Condition"]["ArnLike"]["aws:SourceArn"]
            assert "ecr:PutImage" not in statement["Action"] or access["push_principals"]
        assert partition == "aws-cn" or "aws-cn" not in (text or "")


class Chosen(RegistryAccountChoices, RegistryAccountLinks):
    """What a test sets."""


def account(**choices: Unpack[Chosen]) -> RegistryAccount:
    return RegistryAccount("account", {**choices, "name_prefix": "platform/dev"})


class TestAccount:
    def test_nothing_is_made_unasked(self) -> None:
        assert [item for item in run_program(account).resources if item.type.startswith("aws:")] == []

    def test_scanning_covers_everything_unless_told_otherwise(self) -> None:
        engine = run_program(lambda: account(scanning={}))
        assert engine.one("ecr/registryScanningConfiguration:RegistryScanningConfiguration") == {
            "scanType": "BASIC",
            "rules": [
                {"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}
            ],
        }

    def test_enhanced_scanning_has_a_rule_for_each_frequency(self) -> None:
        scanning: ScanningArgs = {
            "scan_type": ScanType.ENHANCED,
            "scan_on_push": ["*"],
            "continuous": ["prod/*"],
        }
        configuration = run_program(lambda: account(scanning=scanning)).one(
            "ecr/registryScanningConfiguration:RegistryScanningConfiguration"
        )
        assert configuration["scanType"] == "ENHANCED"
        frequencies = {rule["scanFrequency"]: rule["repositoryFilters"][0]["filter"] for rule in configuration["rules"]}
        assert frequencies == {"SCAN_ON_PUSH": "*", "CONTINUOUS_SCAN": "prod/*"}

    def test_replication_goes_to_this_account_unless_another_is_named(self, run: Run) -> None:
        rule: ReplicationRuleArgs = {
            "destinations": [{"region": "eu-central-1"}, {"region": REGION, "registry_id": OTHER}],
            "repository_prefixes": ["platform/prod"],
        }
        (made,) = run(lambda: account(replication=[rule])).one("ecr/replicationConfiguration:ReplicationConfiguration")[
            "replicationConfiguration"
        ]["rules"]
        assert made["destinations"] == [
            {"region": "eu-central-1", "registryId": ACCOUNT},
            {"region": REGION, "registryId": OTHER},
        ]
        assert made["repositoryFilters"] == [{"filter": "platform/prod", "filterType": "PREFIX_MATCH"}]

    def test_a_cache_has_its_user_in_a_secret_that_ecr_may_read(self, run: Run) -> None:
        cache: PullThroughCacheArgs = {
            "upstream_registry_url": "registry-1.docker.io",
            "credential": {"username": "acme", "access_token": pulumi.Output.secret("token")},
        }
        engine = run(lambda: account(pull_through_caches={"docker-hub": cache}, creation_templates={"docker-hub": {}}))
        secret = engine.one("secretsmanager/secret:Secret")
        assert secret["name"] == "ecr-pullthroughcache/platform/dev/docker-hub"
        content = engine.one("secretsmanager/secretVersion:SecretVersion")["secretString"]
        assert json.loads(content) == {"username": "acme", "accessToken": "token"}
        (rule,) = engine.all("ecr/pullThroughCacheRule:PullThroughCacheRule")
        assert rule.inputs["ecrRepositoryPrefix"] == "docker-hub"
        assert rule.inputs["upstreamRegistryUrl"] == "registry-1.docker.io"
        waits_for = {urn.split("::")[2].rpartition("$")[2] for urn in rule.depends_on}
        assert "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate" in waits_for
        assert "aws:secretsmanager/secretVersion:SecretVersion" in waits_for

    def test_a_cache_without_a_user_makes_no_secret(self) -> None:
        engine = run_program(
            lambda: account(pull_through_caches={"public": {"upstream_registry_url": "public.ecr.aws"}})
        )
        assert engine.find("secretsmanager/secret:Secret") == []
        assert "credentialArn" not in engine.one("ecr/pullThroughCacheRule:PullThroughCacheRule")

    def test_what_ecr_makes_by_itself_is_like_what_is_made_here(self, run: Run) -> None:
        template = run(lambda: account(creation_templates={"ROOT": {}})).one(
            "ecr/repositoryCreationTemplate:RepositoryCreationTemplate"
        )
        assert template["appliedFors"] == ["PULL_THROUGH_CACHE", "REPLICATION"]
        assert template["imageTagMutability"] == "IMMUTABLE"
        assert template["encryptionConfigurations"] == [{"encryptionType": "AES256"}]
        assert template["lifecyclePolicy"] == lifecycle.policy(["prod"], 10, 1, 100)

    def test_the_registry_lets_in_exactly_those_named(self, run: Run) -> None:
        engine = run(
            lambda: account(
                replication_accounts=[OTHER],
                pull_through_principals=[ROLE],
                pull_through_caches={"public": {"upstream_registry_url": "public.ecr.aws"}},
            )
        )
        assert by_sid(engine.one("ecr/registryPolicy:RegistryPolicy")["policy"]) == {
            "ReplicateFromAccounts": {
                "Effect": "Allow",
                "Principal": {"AWS": [f"arn:aws:iam::{OTHER}:root"]},
                "Action": ["ecr:CreateRepository", "ecr:ReplicateImage"],
                "Resource": [arn("*")],
            },
            "PullThrough": {
                "Effect": "Allow",
                "Principal": {"AWS": [ROLE]},
                "Action": ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
                "Resource": [arn("public/*")],
            },
        }

    def test_the_root_prefix_is_every_repository(self) -> None:
        text = ecr_access.registry_policy(parse(arn("x")), [], [ROLE], ["ROOT"])
        assert by_sid(text or "")["PullThrough"]["Resource"] == [arn("*")]

    def test_images_are_signed_with_a_profile_for_each_rule(self, run: Run) -> None:
        signing: list[SigningRuleArgs] = [{"repository_filters": ["platform/prod/*"]}, {"validity_months": 12}]
        engine = run(lambda: account(signing=signing))
        profiles = engine.find("signer/signingProfile:SigningProfile")
        assert {profile["platformId"] for profile in profiles} == {"Notation-OCI-SHA384-ECDSA"}
        assert {profile["signatureValidityPeriod"]["value"] for profile in profiles} == {135, 12}
        assert all(profile["namePrefix"] == "platform_dev_" for profile in profiles), "hyphens are refused"
        configuration = engine.one("cloudcontrol/resource:Resource")
        assert configuration["typeName"] == "AWS::ECR::SigningConfiguration"
        if "desiredState" in configuration:  # at a preview the profiles are not known yet
            first, second = json.loads(configuration["desiredState"])["Rules"]
            assert first["RepositoryFilters"] == [{"Filter": "platform/prod/*", "FilterType": "WILDCARD_MATCH"}]
            assert set(second) == {"SigningProfileArn"}, "no filter means every repository"
            assert first["SigningProfileArn"] != second["SigningProfileArn"]


def test_public_repositories_are_in_us_east_1_with_their_catalogue(run: Run) -> None:
    def program() -> None:
        PublicRegistry(
            "public",
            {
                "name_prefix": "platform/dev",
                "repositories": {"web": {"description": "Our web server", "usage_text": "docker run ..."}},
                "tags": {"project": "platform"},
            },
        )

    engine = run(program)
    (provider,) = [item for item in engine.resources if item.type == "pulumi:providers:aws"]
    assert provider.inputs["region"] == "us-east-1"
    assert json.loads(provider.inputs["defaultTags"]) == {"tags": {"project": "platform"}}
    (repository,) = engine.all("ecrpublic/repository:Repository")
    assert repository.protect
    assert repository.inputs["repositoryName"] == "platform/dev/web"
    assert repository.inputs["forceDestroy"] is False
    assert repository.inputs["catalogData"] == {
        "description": "Our web server",
        "usageText": "docker run ...",
        "architectures": ["x86-64"],
        "operatingSystems": ["Linux"],
    }


TAGS = st.text(alphabet="ab-1", min_size=1, max_size=4)
PATTERNS = st.text(alphabet="ab-*", min_size=1, max_size=4)


@given(st.lists(PATTERNS, min_size=1, max_size=3), st.lists(PATTERNS, min_size=1, max_size=3), st.lists(TAGS))
def test_a_rule_that_covers_another_selects_all_that_the_other_does(
    earlier: list[str], later: list[str], tags: list[str]
) -> None:
    def selects(patterns: list[str]) -> bool:
        return all(any(lifecycle.tag_matches(pattern, tag) for tag in tags) for pattern in patterns)

    if lifecycle.covers(earlier, later) and selects(later):
        assert selects(earlier)


@pytest.mark.parametrize(
    ("earlier", "later", "covered"),
    [
        (["prod*"], ["prod-eu*"], True),
        (["prod-eu*"], ["prod*"], False),
        (["prod*"], ["prod*", "eu*"], True),
        (["prod*", "eu*"], ["prod*"], False),
        (["*"], ["anything"], True),
        (["a*c"], ["abc"], True),
        (["a*c"], ["a*"], False),
        (["latest"], ["latest"], True),
    ],
)
def test_which_rules_cover_which(earlier: list[str], later: list[str], covered: bool) -> None:
    assert lifecycle.covers(earlier, later) is covered


def test_numbers_may_arrive_as_floats() -> None:
    """As they do from programs in other languages."""
    values: Any = {"keep_images": 5.0, "lifecycle_rules": [{"tag_patterns": ["a"], "keep_images": 2.0}]}
    assert ".0" not in lifecycle.lifecycle_policy(values)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (
            lambda: registry(web=_untyped({"keep_image": 5})),
            r"repositories\.web\.keep_image is unknown; did you mean keep_images\?",
        ),
        (
            lambda: account(pull_through_caches={"hub": _untyped({})}),
            r"pull_through_caches\.hub\.upstream_registry_url is missing",
        ),
        (
            lambda: PublicRegistry("public", {"name_prefix": "a", "repositories": {"web": _untyped({"about": "x"})}}),
            r"repositories\.web\.about is unknown",
        ),
    ],
    ids=["Registry", "RegistryAccount", "PublicRegistry"],
)
def test_a_misspelt_argument_stops_the_program_before_anything_is_registered(
    make: Callable[[], object], said: str
) -> None:
    engine = Engine()
    with pytest.raises(TypeError, match=said):
        run_program(make, engine=engine)
    assert [item.type for item in engine.resources if item.type != "pulumi:pulumi:Stack"] == []


def _untyped(values: Any) -> Any:
    """Hide a mistake from the type checker, as from a program without one."""
    return values
