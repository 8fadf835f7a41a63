"""Kinds of texts: what AWS and the program take passes, at its limits too, and the rest is told in words."""

import re
import shlex
from enum import Enum
from typing import Any

import pytest
from botocore.model import StringShape
from botocore.session import Session
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from components.capacity.args import CapacityOption, WarmPoolState
from components.common.architecture import Architecture
from components.pipelines.args import ComputeType, ConnectionProvider
from components.registry.args import AppliedFor, EncryptionType, ScanType, TagMutability
from components.services.placement import ConstraintType, StrategyType
from components.tasks.args import NetworkMode
from settings import kinds

LONG = "a" * 63


def fault(kind: Any, value: Any) -> str | None:
    """Return what is said of a value; None if it passes."""
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        return str(error.errors()[0]["msg"])
    return None


GOOD: dict[str, list[Any]] = {
    "HostPattern": [
        "shop.example.com",
        "*.example.com",
        "Shop.Example.COM",
        "a_b.example.com",
        "shop?.example.com",
        "www.*",
        f"{LONG}.{LONG[:-4]}.com",  # 127 characters
        f"{LONG}.{LONG[:-3]}.com",  # 128
    ],
    "PathPattern": [
        *("/", "/*", "*", "*.html", "/img/*/pics", "/a?b", "/a&b", "/~user/$x/\"'@:+_-.", "/" + "a" * 127),
    ],
    "HealthPath": ["/", "/health", "/health?a=1&b=2", "/a%20b", "/it's(ok)!", "/a;b,c", "/" + "a" * 1023],
    "ImageReference": [
        *("latest", "1.0", "git-abc1234", "_x", "a" * 128, "sha256:" + "0" * 64),
        *("docker.io/library/nginx:latest", "public.ecr.aws/nginx/nginx", "amazon/amazon-ecs-agent:v1"),
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b__c:git-1",
        "registry.example.com:5000/web@sha256:" + "f" * 64,
        "ghcr.io/a/b:1.0@sha256:" + "f" * 64,
        "x.io/" + "a" * 250,
        "x.io/" + "a" * 250 + "@sha256:" + "f" * 64,
    ],
    "UserName": ["1000", "1000:1000", "node", "node:node", "www-data", "1000:root", "1000:0", "rooter", "_app.x:9"],
    "HealthCommand": [[], ["CMD", "node", "healthcheck.js"], ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]],
    "SourceRepository": ["app", "a.b_c-d", "owner/name", "group/sub/name", "a" * 100],
    "BranchName": ["main", "release/1.0", "feature/ABC-1_x", "ümlaut", "a@b", "a" * 256, "a#b", "v1.0.x"],
    "StageName": ["test", "Test_unit-1.x", "t", "test-integration-with-a-long-name"],
    "Folder": [".", "services/web", "a..b", ".ci", "app/"],
    "CommonName": ["shop.example.com", f"{LONG[:52]}.example.com", "xn--e1afmkfd.xn--p1ai"],
    "DomainName": ["a.io", f"{LONG}.{LONG}.example.com"],
    "DomainNameOrWildcard": ["*.a.io"],
    "Region": ["eu-west-1", "us-gov-west-1", "cn-northwest-1", "eusc-de-east-1", "ap-southeast-7"],
    "BackendUrl": [
        *("s3://state?region=eu-west-1", "s3://state", "s3://my.state?region=eu-west-1&awssdk=v2"),
        *("https://api.pulumi.com", "https://pulumi.example.com:8443/x"),
    ],
    "TagKey": ["project", "a b:c/d=e+f-g@h.i_j", "ключ", "a" * 128, "awsome", "my:aws:x"],
    "TagValue": ["", "dev", "a" * 256, "größe 1"],
    "PublicRepositoryName": ["web", "team/web", "a.b_c-d"],
}
BAD: dict[str, list[Any]] = {
    "HostPattern": [
        *("", "https://shop.example.com", "shop.example.com:443", "shop example.com", "localhost", "*", "shop"),
        *("shop.example.com/", ".example.com", "shop..example.com", "shop.example.com.", "10.0.0.1", "münchen.de"),
        *(f"{LONG}.{LONG[:-2]}.com", "*.example.c0m", "shop.example.com\n"),
    ],
    "PathPattern": [
        *("", "api", "api/*", "?a=1", "/a b", "/a#b", "/a%20b", "/é", "/" + "a" * 128, "/a;b", "/[a-z]", "/a\n"),
    ],
    "HealthPath": [
        *("", "health", "/a b", "/a#b", "/`id`", '/"', "/{a,b}", "/[1-3]", "/a\\b", "/%", "/%2", "/é", "/a\n"),
        *("http://localhost/health", "/" + "a" * 1024, "/a|b", "/<a>", "/^"),
    ],
    "ImageReference": [
        *("", "nginx:latest", "nginx@sha256:" + "0" * 64, "a b", "-x", ".x", "a" * 129, "sha256:abc", "latest\n"),
        *("sha256:" + "F" * 64, "sha256:" + "0" * 65, "https://docker.io/nginx", "docker.io/Nginx", "docker.io/", "/x"),
        *("docker.io/library/nginx:", "docker.io/library/nginx:a b", "x/y@sha256:1", "a//b", "x.io/" + "a" * 251),
    ],
    "UserName": [
        *("", "root", "root:root", "root:1000", "0", "0:0", "00", "0:1000", "1000:", ":1000", "a b", "1000:1000:1000"),
        *("-1", "01", "root\n"),
    ],
    "HealthCommand": [
        *(["node", "healthcheck.js"], ["CMD"], ["CMD-SHELL"], ["CMD-SHELL", "curl", "-f"], ["cmd", "x"], ["NONE"]),
        *(["curl -f http://localhost/"], [""], ["CMD", ""], ["CMD-SHELL", " "]),
    ],
    "SourceRepository": [
        *("", "https://github.com/a/b", "git@github.com:a/b", "a/b.git", "/a", "a/", "a//b", "a b", "a" * 101),
    ],
    "BranchName": [
        *(
            "",
            "refs/heads/main",
            "a b",
            "-x",
            "a..b",
            "a~1",
            "a^",
            "a:b",
            "a?",
            "a*",
            "a[b",
            "a\\b",
            "/a",
            "a/",
            "a//b",
        ),
        *("a.lock", "a.lock/b", ".a", "a/.b", "a.", "@", "a@{b", "a\tb", "a\n", "a" * 257),
    ],
    "StageName": ["", "0", "a b", "-a", "a/b"],
    "Folder": ["", "/app", "../x", "a/../b", "a/..", "..", "a b", "$(id)"],
    "CommonName": [f"{LONG[:53]}.example.com", "*.example.com", "example", "a.b", "shop.example.com."],
    "DomainName": ["a.b", f"a{LONG}.example.com", "a." * 125 + "com.de"],
    "Region": [
        "",
        "europe",
        "eu-west",
        "eu-wst-1",
        "eu-west-1a",
        "EU-WEST-1",
        "moon-east-1",
        "eu-west-9",
        "aws-global",
    ],
    "BackendUrl": [
        "",
        "file:///x",
        "s3://",
        "s3://State",
        "s3://state?a b",
        "s3://state?x='$(id)'",
        "http://x.io",
        "https://a b",
    ],
    "TagKey": ["", "aws:x", "AWS:x", "a" * 129, "a,b", "a*b", "a\tb", "🙂"],
    "TagValue": ["aws:x", "a" * 257, "a;b", "a\nb"],
    "PublicRepositoryName": ["a--b", "a__b", "Web", "-a", "a/"],
}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in GOOD.items() for value in values])
def test_what_is_right_passes(kind: str, value: Any) -> None:
    assert fault(getattr(kinds, kind), value) is None


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in BAD.items() for value in values])
def test_what_is_wrong_is_told_in_words(kind: str, value: Any) -> None:
    said = fault(getattr(kinds, kind), value)
    assert said
    assert "String should" not in said
    assert "^" not in said, "no pattern is shown raw"


def test_an_image_by_its_bare_name_is_told_how_to_write_it() -> None:
    assert "docker.io/library/nginx:1.29, not nginx:1.29" in str(fault(kinds.ImageReference, "nginx:latest"))


def test_a_region_that_is_close_is_named() -> None:
    assert "Did you mean eu-west-1?" in str(fault(kinds.Region, "eu-wst-1"))


@given(st.from_regex(r"/[!-~]{0,40}", fullmatch=True))
def test_a_health_path_that_passes_is_one_word_that_the_shell_does_not_change(path: str) -> None:
    if fault(kinds.HealthPath, path) is None:
        command = f"curl -f {shlex.quote(f'http://localhost:80{path}')} || exit 1"
        assert shlex.split(command) == ["curl", "-f", f"http://localhost:80{path}", "||", "exit", "1"]


@given(st.from_regex(r"[a-zA-Z0-9*?.:/_-]{1,140}", fullmatch=True))
def test_a_host_that_passes_has_a_dot_and_neither_port_nor_path(host: str) -> None:
    if fault(kinds.HostPattern, host) is None:
        assert len(host) <= 128
        assert "." in host
        assert not set(host) & set(":/ ")


@given(st.text(st.sampled_from("/*?aZ0-.%& #"), min_size=1, max_size=140))
def test_a_path_is_refused_exactly_where_it_has_another_start_character_or_length(path: str) -> None:
    right = path[0] in "/*" and len(path) <= 128 and not set(path) & set("% #")
    assert (fault(kinds.PathPattern, path) is None) is right


@given(st.text(max_size=300))
def test_whatever_a_tag_holds_that_passes_is_of_the_characters_and_length_that_aws_takes(text: str) -> None:
    right = (
        len(text) <= 256 and not text.lower().startswith("aws:") and all(c.isalnum() or c in "_ .:/=+-@" for c in text)
    )
    assert (fault(kinds.TagValue, text) is None) is right


def test_the_days_of_log_retention_are_those_of_cloudwatch_logs() -> None:
    text = Session().get_service_model("logs").shape_for("Days").documentation
    assert re.findall(r"\d+", text.partition("Possible values are:")[2].partition("</p>")[0]) == [
        str(days) for days in kinds.RETENTION_DAYS
    ]


@pytest.mark.parametrize(
    ("ours", "service", "shape", "left_out"),
    [
        (TagMutability, "ecr", "ImageTagMutability", set()),
        (EncryptionType, "ecr", "EncryptionType", set()),
        (ScanType, "ecr", "ScanType", set()),
        (AppliedFor, "ecr", "RCTAppliedFor", set()),
        (ConnectionProvider, "codeconnections", "ProviderType", set()),
        (Architecture, "ecs", "CPUArchitecture", set()),
        (ConstraintType, "ecs", "PlacementConstraintType", set()),
        (StrategyType, "ecs", "PlacementStrategyType", set()),
        # Tasks behind a load balancer have a network, and ports that several tasks on an instance can share.
        (NetworkMode, "ecs", "NetworkMode", {"host", "none"}),
        # It needs a reservation to be named too.
        (CapacityOption, "ecs", "CapacityOptionType", {"RESERVED"}),
        # It needs instance types and images that can hibernate.
        (WarmPoolState, "autoscaling", "WarmPoolState", {"Hibernated"}),
        # Those for functions run no Docker, and the other two belong to fleets.
        (
            ComputeType,
            "codebuild",
            "ComputeType",
            {"ATTRIBUTE_BASED_COMPUTE", "CUSTOM_INSTANCE_TYPE"}
            | {f"BUILD_LAMBDA_{size}GB" for size in (1, 2, 4, 8, 10)},
        ),
    ],
)
def test_a_choice_has_all_that_the_service_has(ours: type[Enum], service: str, shape: str, left_out: set[str]) -> None:
    found = Session().get_service_model(service).shape_for(shape)
    assert isinstance(found, StringShape)
    assert {one.value for one in ours} == set(found.enum) - left_out
    assert left_out <= set(found.enum)
