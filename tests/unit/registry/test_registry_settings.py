"""The registry's settings: what AWS would refuse, or what would do nothing, is named before anything is made."""

import copy
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

import settings
from components.registry import lifecycle

from ..conftest import run_main, stack_config

KEY = "arn:aws:kms:us-east-1:123456789012:key/1"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ecr-pullthroughcache/hub-AbCdEf"
ROLE = "arn:aws:iam::123456789012:role/creator"


def platform(web: dict[str, Any] | None = None, **registry: Any) -> dict[str, Any]:
    """Return the dev stack's settings with another repository `web` and other things in the registry."""
    raw: dict[str, Any] = copy.deepcopy(stack_config("dev")[settings.KEY])
    raw["registry"]["repositories"]["web"] = web or {}
    raw["registry"].update(registry)
    return raw


def problems(raw: Any, **surroundings: Any) -> dict[str, str]:
    """Return path → advice of every mistake below `registry`."""
    around = settings.Surroundings(**{"region": "us-east-1", **surroundings})
    try:
        settings.parse(raw, around)
    except settings.SettingsError as error:
        found = {settings.path_text(problem.path): problem.advice for problem in error.problems}
        assert all(path.startswith("registry.") for path in found)
        return {path.removeprefix("registry."): advice for path, advice in found.items()}
    return {}


EVERYTHING: dict[str, Any] = {
    "repositories": {
        "web": {
            "encryptionType": "KMS",
            "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
            "imageTagMutabilityExclusionFilters": ["latest"],
            "lifecycleRules": [{"tagPatterns": ["pr-*"], "expireDays": 7}],
            "pullPrincipals": ["210987654321"],
            "pullOrganizations": ["o-a1b2c3d4e5"],
            "pullLambdaAccounts": ["210987654321"],
            "pushPrincipals": [ROLE],
        },
        "team/api_v2.x": {"kmsKeyArn": KEY},
    },
    "publicRepositories": {"web": {"description": "Our web server"}},
    "account": {
        "scanning": {"scanType": "ENHANCED", "continuous": ["container-platform/prod/*"]},
        "replication": [{"destinations": [{"region": "eu-west-1"}], "repositoryPrefixes": ["container-platform/"]}],
        "pullThroughCaches": {
            "docker-hub": {"upstreamRegistryUrl": "registry-1.docker.io", "credentialArn": SECRET},
            "public": {"upstreamRegistryUrl": "public.ecr.aws"},
        },
        "creationTemplates": {"ROOT": {"kmsKeyArn": KEY, "customRoleArn": ROLE, "resourceTags": {"made-by": "ecr"}}},
        "replicationAccounts": ["210987654321"],
        "pullThroughPrincipals": ["210987654321"],
        "signing": [{"repositoryFilters": ["container-platform/prod/*"]}],
    },
}


def test_everything_together_is_right() -> None:
    assert problems(platform(**EVERYTHING)) == {}


def test_many_mistakes_are_reported_together() -> None:
    web = {"encryptionType": "AES256", "kmsKeyArn": KEY, "lifecycleRules": [{"tagPatterns": ["prod-*"]}]}
    account = {
        "scanning": {"continuous": ["*"]},
        "replication": [{"destinations": [{"region": "us-east-1"}]}],
        "pullThroughCaches": {"hub": {"upstreamRegistryUrl": "registry-1.docker.io"}},
    }
    assert set(problems(platform(web, account=account))) == {
        "repositories.web.encryptionType",
        "repositories.web.lifecycleRules[0]",
        "repositories.web.lifecycleRules[0].tagPatterns",
        "account.scanning.continuous",
        "account.replication[0].destinations[0].region",
        "account.pullThroughCaches.hub.upstreamRegistryUrl",
    }


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("web", True),
        ("team/web", True),
        ("a_b", True),
        ("a__b", True),
        ("a--b", True),
        ("1st.x", True),
        ("Web", False),
        ("web-", False),
        ("/web", False),
        ("team//web", False),
        ("a___b", False),
        ("w", False),
        ("a" * 201, False),
    ],
)
def test_repositories_have_names_that_ecr_takes(name: str, allowed: bool) -> None:
    raw = platform()
    raw["registry"]["repositories"][name] = {}
    assert (problems(raw) == {}) is allowed


@pytest.mark.parametrize(
    ("web", "path", "advice"),
    [
        ({"encryptionType": "AES256", "kmsKeyArn": KEY}, "encryptionType", "takes no kmsKeyArn"),
        ({"kmsKeyArn": SECRET}, "kmsKeyArn", "is no KMS key"),
        ({"imageTagMutabilityExclusionFilters": ["latest"]}, "imageTagMutabilityExclusionFilters", "_WITH_EXCLUSION"),
        ({"imageTagMutability": "IMMUTABLE_WITH_EXCLUSION"}, "imageTagMutability", "the tags that are the exception"),
        (
            {
                "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
                "imageTagMutabilityExclusionFilters": ["latest", "*a*b*"],
            },
            "imageTagMutabilityExclusionFilters[1]",
            "2 wildcards",
        ),
        (
            {"imageTagMutability": "IMMUTABLE_WITH_EXCLUSION", "imageTagMutabilityExclusionFilters": ["a b"]},
            "imageTagMutabilityExclusionFilters[0]",
            "a tag of at most 128",
        ),
        ({"releaseTagPrefixes": ["prod", "prod-eu"]}, "releaseTagPrefixes[1]", "overlaps prod"),
        ({"releaseTagPrefixes": ["prod-eu", "prod"]}, "releaseTagPrefixes[1]", "overlaps prod-eu"),
        ({"releaseTagPrefixes": ["prod*"]}, "releaseTagPrefixes[0]", "the start of a tag"),
        ({"lifecycleRules": [{"tagPatterns": ["a"]}]}, "lifecycleRules[0]", "either keepImages or expireDays"),
        (
            {"lifecycleRules": [{"tagPatterns": ["a"], "keepImages": 1, "expireDays": 1}]},
            "lifecycleRules[0]",
            "either keepImages or expireDays",
        ),
        (
            {"lifecycleRules": [{"tagPatterns": ["*a*b*c*d*"], "keepImages": 1}]},
            "lifecycleRules[0].tagPatterns[0]",
            "4 wildcards",
        ),
        (
            {"lifecycleRules": [{"tagPatterns": ["prod-*"], "expireDays": 3}]},
            "lifecycleRules[0].tagPatterns",
            "one of the rule for prod*",
        ),
        (
            {
                "lifecycleRules": [
                    {"tagPatterns": ["pr-*"], "expireDays": 3},
                    {"tagPatterns": ["pr-*"], "keepImages": 3},
                ]
            },
            "lifecycleRules[1].tagPatterns",
            "would never act",
        ),
        ({"pullPrincipals": ["1234"]}, "pullPrincipals[0]", "an account id in quotes"),
        ({"pullOrganizations": ["ou-1"]}, "pullOrganizations[0]", "o-a1b2c3d4e5"),
        ({"pullLambdaAccounts": ["12345678901"]}, "pullLambdaAccounts[0]", "twelve digits"),
    ],
)
def test_a_mistake_of_a_repository_is_named(web: dict[str, Any], path: str, advice: str) -> None:
    found = problems(platform(web))
    assert list(found) == [f"repositories.web.{path}"]
    assert advice in found[f"repositories.web.{path}"]


def cache(**values: Any) -> dict[str, Any]:
    return {"pullThroughCaches": {"up": values}}


@pytest.mark.parametrize(
    ("account", "path", "advice"),
    [
        ({"scanning": {"continuous": ["prod"]}}, "scanning.continuous", "needs scanType ENHANCED"),
        ({"scanning": {"scanOnPush": []}}, "scanning.scanOnPush", "every image unscanned"),
        ({"scanning": {"scanType": "ENHANCED", "continuous": ["*"]}}, "scanning.continuous", "under scanOnPush too"),
        ({"scanning": {"scanOnPush": ["A"]}}, "scanning.scanOnPush[0]", "a repository name or a part"),
        ({"replication": [{"destinations": []}]}, "replication[0].destinations", "at least 1"),
        (
            {"replication": [{"destinations": [{"region": "us-east-1"}]}]},
            "replication[0].destinations[0].region",
            "the region of this registry itself",
        ),
        (
            {"replication": [{"destinations": [{"region": "eu-west-1"}, {"region": "eu-west-1"}]}]},
            "replication[0].destinations[1]",
            "stands twice",
        ),
        (
            {"replication": [{"destinations": [{"region": "eu-west-1"}], "repositoryPrefixes": ["prod", "prod/web"]}]},
            "replication[0].repositoryPrefixes[1]",
            "overlaps prod",
        ),
        (
            {"replication": [{"destinations": [{"region": "eu-west-1"}], "repositoryPrefixes": ["Prod"]}]},
            "replication[0].repositoryPrefixes[0]",
            "the start of repository names",
        ),
        (cache(upstreamRegistryUrl="https://quay.io"), "pullThroughCaches.up.upstreamRegistryUrl", "without https://"),
        (cache(upstreamRegistryUrl="docker.io"), "pullThroughCaches.up.upstreamRegistryUrl", "registry-1.docker.io"),
        (cache(upstreamRegistryUrl="ghcr.io"), "pullThroughCaches.up.upstreamRegistryUrl", "wants a user"),
        (cache(upstreamRegistryUrl="x.azurecr.io"), "pullThroughCaches.up.upstreamRegistryUrl", "wants a user"),
        (
            cache(upstreamRegistryUrl="quay.io", credentialArn=SECRET),
            "pullThroughCaches.up.upstreamRegistryUrl",
            "takes no user",
        ),
        (
            cache(upstreamRegistryUrl="ghcr.io", credentialArn=SECRET.replace("ecr-pullthroughcache/", "")),
            "pullThroughCaches.up.credentialArn",
            "its name must begin with ecr-pullthroughcache/",
        ),
        (
            cache(
                upstreamRegistryUrl="ghcr.io",
                credentialArn=SECRET,
                credential={"username": "a", "accessTokenKey": "there"},
            ),
            "pullThroughCaches.up.credentialArn",
            "a second user",
        ),
        (
            cache(upstreamRegistryUrl="ghcr.io", credential={"username": "a", "accessTokenKey": "missing"}),
            "pullThroughCaches.up.credential.accessTokenKey",
            "pulumi config set --secret container-platform:missing",
        ),
        (
            cache(upstreamRegistryUrl="quay.io", customRoleArn=ROLE),
            "pullThroughCaches.up.customRoleArn",
            "upstream ECR registry",
        ),
        ({"creationTemplates": {"x/y": {"kmsKeyArn": KEY}}}, "creationTemplates.x/y.kmsKeyArn", "needs customRoleArn"),
        (
            {"creationTemplates": {"x": {"resourceTags": {"a": "b"}}}},
            "creationTemplates.x.resourceTags",
            "needs customRoleArn",
        ),
        (
            {"creationTemplates": {"x": {"imageTagMutabilityExclusionFilters": ["a"]}}},
            "creationTemplates.x.imageTagMutabilityExclusionFilters",
            "_WITH_EXCLUSION",
        ),
        ({"creationTemplates": {"x": {"appliedFor": []}}}, "creationTemplates.x.appliedFor", "at least 1"),
        ({"pullThroughPrincipals": ["210987654321"]}, "pullThroughPrincipals", "there are no pullThroughCaches"),
        ({"signing": [{"repositoryFilters": ["A"]}]}, "signing[0].repositoryFilters[0]", "a repository name"),
        ({"signing": [{"validityMonths": 136}]}, "signing[0].validityMonths", "135"),
    ],
)
def test_a_mistake_of_the_accounts_registry_is_named(account: dict[str, Any], path: str, advice: str) -> None:
    found = problems(platform(account=account), find_secret=lambda key: key if key == "there" else None)
    assert list(found) == [f"account.{path}"]
    assert advice in found[f"account.{path}"]


def test_another_account_may_be_in_the_own_region() -> None:
    account = {"replication": [{"destinations": [{"region": "us-east-1", "registryId": "210987654321"}]}]}
    assert problems(platform(account=account)) == {}


def test_a_public_repository_has_what_the_gallery_knows() -> None:
    found = problems(platform(publicRepositories={"web": {"architectures": ["riscv"]}}))
    assert "'x86-64'" in found["publicRepositories.web.architectures[0]"]


_PATTERN = st.from_regex(r"[ab*-]{1,4}", fullmatch=True)


@given(
    st.lists(st.from_regex(r"[ab][ab-]{0,2}", fullmatch=True), max_size=3),
    st.lists(st.lists(_PATTERN, min_size=1, max_size=2), max_size=3),
)
def test_rules_are_refused_exactly_where_one_would_never_act(prefixes: list[str], rules: list[list[str]]) -> None:
    in_order = [*([f"{prefix}*"] for prefix in sorted(prefixes)), *rules]
    idle = any(
        lifecycle.covers(earlier, later) for number, later in enumerate(in_order) for earlier in in_order[:number]
    )
    web = {
        "releaseTagPrefixes": prefixes,
        "lifecycleRules": [{"tagPatterns": patterns, "keepImages": 1} for patterns in rules],
    }
    assert bool(problems(platform(web))) is idle


class TestProgram:
    """The whole program with everything that the registry can have."""

    def config(self, **keys: str) -> dict[str, Any]:
        config = copy.deepcopy(stack_config("dev"))
        config[settings.KEY]["registry"] = copy.deepcopy(EVERYTHING)
        return {**config, **keys}

    def test_what_only_one_stack_may_have_is_made_by_the_one_that_owns_it(self) -> None:
        engine, published = run_main("dev", self.config())
        kinds = {item.type.removeprefix("aws:") for item in engine.resources}
        assert {
            "ecr/registryScanningConfiguration:RegistryScanningConfiguration",
            "ecr/replicationConfiguration:ReplicationConfiguration",
            "ecr/pullThroughCacheRule:PullThroughCacheRule",
            "ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
            "ecr/registryPolicy:RegistryPolicy",
            "signer/signingProfile:SigningProfile",
            "cloudcontrol/resource:Resource",
            "ecrpublic/repository:Repository",
            "kms/key:Key",
        } <= kinds
        assert set(published["repositoryUrls"]) == {"web", "team/api_v2.x"}
        assert set(published["publicRepositoryUris"]) == {"web"}
        assert len(published["signingProfileArns"]) == 1

    @pytest.mark.parametrize("stack", ["dev", "prod"])
    def test_the_committed_stacks_own_nothing(self, stack: str) -> None:
        engine, published = run_main(stack, stack_config(stack))
        owned = ("registry", "ReplicationConfiguration", "PullThrough", "CreationTemplate", "signer", "ecrpublic")
        assert not [
            item.type
            for item in engine.resources
            if item.type.startswith("aws:") and any(part in item.type.partition(":")[2] for part in owned)
        ]
        assert published["publicRepositoryUris"] == {}
        assert published["signingProfileArns"] == []

    def test_a_users_token_comes_from_the_configuration(self) -> None:
        config = self.config(**{"container-platform:hubToken": "from the configuration"})
        hub = config[settings.KEY]["registry"]["account"]["pullThroughCaches"]["docker-hub"]
        hub.pop("credentialArn")
        hub["credential"] = {"username": "acme", "accessTokenKey": "hubToken"}
        engine = run_main("dev", config).engine
        contents = [item["secretString"] for item in engine.find("secretsmanager/secretVersion:SecretVersion")]
        assert '{"username": "acme", "accessToken": "from the configuration"}' in contents

    def test_without_the_token_nothing_is_registered(self) -> None:
        config = self.config()
        caches = config[settings.KEY]["registry"]["account"]["pullThroughCaches"]
        caches["docker-hub"] = {
            "upstreamRegistryUrl": "registry-1.docker.io",
            "credential": {"username": "acme", "accessTokenKey": "hubToken"},
        }
        with pytest.raises(pulumi.RunError, match="config set --secret container-platform:hubToken"):
            run_main("dev", config)

    def test_replication_into_the_stacks_own_region_is_refused(self) -> None:
        config = self.config()
        rules = config[settings.KEY]["registry"]["account"]["replication"]
        rules[0]["destinations"] = [{"region": config["aws:region"]}]
        with pytest.raises(pulumi.RunError, match="is the region of this registry itself"):
            run_main("dev", config)
