"""References to images: what a container definition needs, and what is pulled from elsewhere."""

import pytest

from components.common import images


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("v1", "host/web:v1"),
        ("sha256:" + "a" * 64, "host/web@sha256:" + "a" * 64),
        ("public.ecr.aws/nginx/nginx:1", "public.ecr.aws/nginx/nginx:1"),
    ],
)
def test_an_image_is_a_tag_a_digest_or_a_whole_reference(image: str, expected: str) -> None:
    assert images.reference("host/web", image) == expected


@pytest.mark.parametrize(
    ("image", "foreign"),
    [
        ("git-abc1234", False),
        ("sha256:0123", False),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b:1", False),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1", False),
        ("123456789012.dkr-ecr.eu-west-1.on.aws/a:1", False),
        ("nginx/nginx:1", True),
        ("docker.io/library/nginx:1", True),
        ("public.ecr.aws/nginx/nginx:1", True),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com.example.org/a:1", True),
    ],
)
def test_only_private_ecr_is_reached_through_its_endpoints(image: str, foreign: bool) -> None:
    assert images.is_foreign(image) is foreign


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b:1", ("123456789012", "eu-west-1", "a/b")),
        ("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a", ("123456789012", "us-gov-west-1", "a")),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a@sha256:0", ("123456789012", "cn-north-1", "a")),
        ("123456789012.dkr-ecr.eu-west-1.on.aws/a/b/c:1@sha256:0", ("123456789012", "eu-west-1", "a/b/c")),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/", None),
        ("public.ecr.aws/nginx/nginx:1", None),
        ("git-1", None),
        ("", None),
    ],
)
def test_a_whole_reference_names_its_repository(image: str, expected: tuple[str, str, str] | None) -> None:
    assert images.ecr_repository(image) == expected
