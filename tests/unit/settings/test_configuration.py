"""What a stack has beside its settings: names, region, default tags and keys are judged before anything is made."""

import copy
import json
import re
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

import settings
from release import names
from settings.checks.names import name_problems

from ..conftest import mistakes, run_main, stack_config

ECR = re.compile(r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*")
"""Names of repositories (ECR API, RepositoryName)."""


def problems(raw: dict[str, Any] | None = None, **around: Any) -> dict[str, str]:
    """Return path → advice of every mistake in the dev stack's settings, or others, with these surroundings."""
    return mistakes(raw or stack_config("dev")[settings.KEY], **{"region": "us-east-1", **around})


def with_web(**changes: Any) -> dict[str, Any]:
    """Return the dev stack's settings with its service changed."""
    raw: dict[str, Any] = copy.deepcopy(stack_config("dev")[settings.KEY])
    raw["services"]["web"].update(changes)
    return raw


class TestNames:
    @pytest.mark.parametrize("stack", ["dev", "eu-1", "spot-on-ec2", "2024", "a", "dev--eu", "a" * 100])
    def test_a_stack_that_aws_takes_passes(self, stack: str) -> None:
        assert problems(stack=stack) == {}

    @pytest.mark.parametrize("stack", ["Dev", "dev_eu", "dev.eu", "-dev", "dev-", "dév", "dev\n"])
    def test_a_stack_that_aws_does_not_take_is_told_once_with_what_it_would_make(self, stack: str) -> None:
        raw = stack_config("dev")[settings.KEY] | {"pipelines": {}}
        raw["registry"]["repositories"]["a" * 200] = {}
        found = problems(raw, stack=stack)
        assert list(found) == ["stack name"]
        assert f"container-platform/{stack}/web" in found["stack name"]
        assert f"container-platform-{stack}" in found["stack name"]
        assert "lower-case letters, digits and hyphens" in found["stack name"]

    @pytest.mark.parametrize(
        ("project", "said"),
        [
            ("Platform", "lower-case"),
            ("my.platform", "lower-case"),
            ("my_platform", "lower-case"),
            ("aws-platform", "Parameter Store keeps"),
            ("ssmtools", "Parameter Store keeps"),
            ("sthree-x", "S3 keeps"),
        ],
    )
    def test_a_project_that_aws_does_not_take_is_told_once(self, project: str, said: str) -> None:
        found = problems(project=project)
        assert list(found) == ["project name"]
        assert said in found["project name"]

    @given(st.text(st.sampled_from("aZ0-_."), min_size=1, max_size=8))
    def test_whatever_passes_makes_names_that_ecr_ecs_and_s3_take(self, stack: str) -> None:
        platform = settings.parse(stack_config("dev")[settings.KEY])
        around = settings.Surroundings(project="container-platform", stack=stack)
        if not list(name_problems(platform, around)):
            assert ECR.fullmatch(f"{names.repository_prefix('container-platform', stack)}/web")
            assert re.fullmatch("[A-Za-z0-9_-]{1,255}", names.cluster("container-platform", stack))
            assert re.fullmatch("[a-z0-9][a-z0-9.-]{1,61}", f"{names.cluster('container-platform', stack)}-x")

    @pytest.mark.parametrize(("length", "right"), [(10, True), (39, True), (40, False)])
    def test_a_joined_name_may_have_as_many_characters_as_ecr_takes(self, length: int, right: bool) -> None:
        raw = with_web()
        raw["registry"]["repositories"]["a" * 197] = {}  # 18 + 1 + 39 + 1 + 197 are 256
        found = problems(raw, stack="a" * length)
        assert (found == {}) is right
        if not right:
            (advice,) = found.values()
            assert "of 257 characters; a repository of ECR has at most 256" in advice
            assert names.repository_prefix("container-platform", "a" * length) in advice

    @pytest.mark.parametrize(("length", "right"), [(77, True), (78, False)])
    def test_a_pipeline_has_a_name_that_codepipeline_takes(self, length: int, right: bool) -> None:
        raw = with_web()
        raw["pipelines"] = {"web": {"source": {"repository": "app"}, "deploy": "ecs"}}
        found = problems(raw, stack="a" * length)  # 18 + 1 + 77 + 1 + 3 are 100
        assert list(found) == ([] if right else ["pipelines.web"])

    @pytest.mark.parametrize(("length", "right"), [(96, True), (97, False)])
    def test_a_group_has_a_launch_template_of_a_name_that_ec2_takes(self, length: int, right: bool) -> None:
        raw = with_web()
        raw["cluster"]["autoScalingGroups"] = {"apps": {}}
        found = problems(raw, stack="a" * length)  # 18 + 1 + 96 + 1 + 4 are 120, and 8 random characters follow
        assert list(found) == ([] if right else ["cluster.autoScalingGroups.apps"])

    def test_a_public_repository_has_single_separators(self) -> None:
        raw = with_web()
        raw["registry"]["publicRepositories"] = {"web": {}}
        assert problems(raw, stack="dev-eu") == {}
        assert "container-platform/dev--eu/web" in problems(raw, stack="dev--eu")["registry.publicRepositories.web"]

    def test_a_service_whose_security_group_ec2_would_refuse_is_refused(self) -> None:
        raw = with_web()
        raw["services"] = {"sg-web": raw["services"]["web"]}
        assert "EC2 keeps sg- for ids" in problems(raw)["services.sg-web"]
        raw["services"] = {"web-sg": raw["services"]["sg-web"]}
        assert problems(raw) == {}


class TestRegion:
    @pytest.mark.parametrize("region", ["europe", "eu-wst-1", "us-east-1a", "US-EAST-1", "", "us-east-9"])
    def test_what_is_no_region_is_refused(self, region: str) -> None:
        assert "aws:region" in problems(region=region)

    def test_a_wrong_region_makes_no_arn_wrong(self) -> None:
        raw = with_web(secrets={"A": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-AbCdEf"})
        raw["cluster"]["storageKmsKeyArn"] = "arn:aws-cn:kms:cn-north-1:123456789012:key/1"
        assert list(problems(raw, region="eu-wst-1")) == ["aws:region"]

    def test_a_new_region_can_be_let_through(self) -> None:
        assert "aws:skipRegionValidation: true" in problems(region="eu-west-9")["aws:region"]
        assert problems(region="eu-west-9", any_region=True) == {}

    def test_a_region_of_another_partition_gets_no_replicas(self) -> None:
        raw = with_web()
        raw["registry"]["account"] = {"replication": [{"destinations": [{"region": "cn-north-1"}]}]}
        at = "registry.account.replication[0].destinations[0].region"
        assert "is in the partition aws-cn, but the stack is in aws" in problems(raw)[at]
        assert problems(raw, region="cn-northwest-1") == {}


class TestArns:
    def test_the_region_of_each_is_compared_with_the_stacks(self) -> None:
        place = "eu-west-1:123456789012"
        key = f"arn:aws:kms:{place}:key/1"
        raw = with_web(secrets={"A": f"arn:aws:secretsmanager:{place}:secret:a-AbCdEf"}, secretKmsKeyArns=[key])
        raw["services"]["web"]["networkListener"] = {
            "port": 443,
            "protocol": "TLS",
            "certificateArn": f"arn:aws:acm:{place}:certificate/1",
        }
        raw["networkLoadBalancer"] = {}
        raw["cluster"] |= {"storageKmsKeyArn": key, "executeCommandLogging": {"kmsKeyArn": key}}
        raw["cluster"]["autoScalingGroups"] = {"apps": {"rootVolumeKmsKeyArn": key}}
        raw["network"]["flowLogKmsKeyArn"] = key
        raw["registry"]["repositories"]["web"] = {"kmsKeyArn": key}
        raw["pipelines"] = {
            "web": {
                "source": {"repository": "a/b", "connectionArn": f"arn:aws:codeconnections:{place}:connection/1"},
                "backendUrl": "https://api.pulumi.com",
                "accessTokenSecretArn": f"arn:aws:secretsmanager:{place}:secret:a-AbCdEf",
                "kmsKeyArn": key,
            }
        }
        assert problems(raw, region="eu-west-1") == {}
        found = problems(raw, region="us-east-1")
        assert set(found) == {
            "cluster.autoScalingGroups.apps.rootVolumeKmsKeyArn",
            "cluster.executeCommandLogging.kmsKeyArn",
            "cluster.storageKmsKeyArn",
            "network.flowLogKmsKeyArn",
            "pipelines.web.accessTokenSecretArn",
            "pipelines.web.kmsKeyArn",
            "registry.repositories.web.kmsKeyArn",
            "services.web.networkListener.certificateArn",
            "services.web.secrets.A",
        }, "a key follows its secret, a connection may be elsewhere"
        assert all(advice.startswith("is in eu-west-1, but") for advice in found.values())

    def test_a_key_is_where_a_secret_is(self) -> None:
        key = "arn:aws:kms:eu-west-1:123456789012:key/1"
        raw = with_web(secretKmsKeyArns=[key])
        assert "is in eu-west-1, but" in problems(raw)["services.web.secretKmsKeyArns[0]"]
        raw["services"]["web"]["secrets"] = {"A": "arn:aws:ssm:eu-west-1:123456789012:parameter/a"}
        assert problems(raw) == {}


class TestDefaultTags:
    @pytest.mark.parametrize(
        "tags",
        [
            None,
            {},
            {"tags": {}},
            {"tags": {"project": "container-platform", "environment": "dev", "team": "größe 1", "empty": ""}},
            {"tags": {f"key{number}": "x" for number in range(50)}},
        ],
    )
    def test_what_aws_takes_passes(self, tags: Any) -> None:
        assert problems(default_tags=tags) == {}

    @pytest.mark.parametrize(
        ("tags", "path", "advice"),
        [
            ({"environment": "prod"}, ".environment", "Write dev."),
            ({"environment": "dev", "project": "shop"}, ".project", "Write container-platform."),
            ({"aws:team": "x"}, ".aws:team", "not beginning with aws:"),
            ({"team": "aws:x"}, ".team", "not beginning with aws:"),
            ({"a" * 129: "x"}, f".{'a' * 129}", "at most 128 characters"),
            ({"team": "a" * 257}, ".team", "at most 256 characters"),
            ({"team": "a;b"}, ".team", "letters, digits, spaces"),
            ({"team": 7}, ".team", "put it in quotes"),
            ({"team": None}, ".team", "put it in quotes"),
            ({f"key{number}": "x" for number in range(51)}, "", "has 51 tags, but AWS takes 50"),
        ],
    )
    def test_what_aws_or_the_permissions_refuse_is_told(self, tags: Any, path: str, advice: str) -> None:
        found = problems(default_tags={"tags": tags})
        assert list(found) == [f"aws:defaultTags.tags{path}"]
        assert advice in found[f"aws:defaultTags.tags{path}"]

    def test_another_key_than_tags_is_unknown(self) -> None:
        assert "did you mean tags?" in problems(default_tags={"tag": {"team": "x"}})["aws:defaultTags.tag"]

    def test_a_name_that_cannot_be_used_is_no_reason_to_change_the_tags(self) -> None:
        assert list(problems(stack="Dev", default_tags={"tags": {"environment": "dev"}})) == ["stack name"]

    @pytest.mark.parametrize("tags", ["dev", ["dev"], {"tags": "dev"}, 3])
    def test_what_is_no_map_is_refused(self, tags: Any) -> None:
        assert "must be a map" in problems(default_tags=tags)["aws:defaultTags"]


class TestKeys:
    def test_keys_that_nothing_reads_are_named(self) -> None:
        keys = (settings.KEY, "aws:region", "other:thing", "container-platform:platfrom", "container-platform:size")
        found = problems(keys=keys)
        assert set(found) == {"container-platform:platfrom", "container-platform:size"}
        assert f"did you mean {settings.KEY}?" in found["container-platform:platfrom"]
        assert "pulumi config rm container-platform:size" in found["container-platform:size"]

    def test_a_secret_that_the_settings_name_is_read(self) -> None:
        raw = with_web()
        credential = {"username": "robot", "accessTokenKey": "hubToken"}
        cache = {"upstreamRegistryUrl": "registry-1.docker.io", "credential": credential}
        raw["registry"]["account"] = {"pullThroughCaches": {"hub": cache}}
        keys = (settings.KEY, "container-platform:hubToken")
        assert problems(raw, keys=keys) == {}
        assert "did you mean container-platform:hubToken?" in str(problems(raw, keys=("container-platform:hubTokens",)))
        raw["services"]["web"]["cpu"] = "x"
        assert set(problems(raw, keys=keys)) == {"services.web.cpu"}

    def test_a_token_that_is_not_read_any_more_may_stay(self) -> None:
        assert problems(keys=(settings.KEY, "container-platform:dockerHubToken")) == {}
        assert list(problems(keys=(settings.KEY, "container-platform:secrets"))) == ["container-platform:secrets"]

    def test_a_project_of_another_name_has_its_own_keys(self) -> None:
        assert set(problems(project="shop", keys=(settings.KEY, "shop:platform"))) == {"shop:platform"}


def test_the_heading_says_where_the_mistakes_are() -> None:
    with pytest.raises(pulumi.RunError, match=f"1 mistake in {settings.KEY}[.] Nothing"):
        run_main("dev", {**stack_config("dev"), settings.KEY: with_web(cpu=300)})
    with pytest.raises(pulumi.RunError, match=r"1 mistake[.] Nothing"):
        run_main("dev", {**stack_config("dev"), "aws:region": "europe"})


def test_the_program_reads_all_of_it_before_it_registers_anything() -> None:
    config = {
        **stack_config("dev"),
        "aws:region": "us-east-l",
        "aws:defaultTags": {"tags": {"environment": "prod"}},
        "container-platform:paltform": "x",
    }
    with pytest.raises(pulumi.RunError, match="3 mistakes") as caught:
        run_main("Dev", config)
    for said in ("aws:region", "stack name", "container-platform:paltform"):
        assert f"\n  {said}" in str(caught.value)
    assert json.dumps("Dev") in str(caught.value)
