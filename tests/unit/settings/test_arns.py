"""ARNs: of the right service and resource, in the stack's partition, and in its region where that matters."""

import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from components.common.arn import parse
from settings import Surroundings, arns, regions

PLACE = "us-east-1:123456789012"
KEY = f"arn:aws:kms:{PLACE}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SECRET = f"arn:aws:secretsmanager:{PLACE}:secret:shop/db-a1B2c3"
PARAMETER = f"arn:aws:ssm:{PLACE}:parameter/shop/db"
CERTIFICATE = f"arn:aws:acm:{PLACE}:certificate/11111111-2222-3333-4444-555555555555"
SERVER_CERTIFICATE = "arn:aws:iam::123456789012:server-certificate/web/old"
CONNECTION = f"arn:aws:codeconnections:{PLACE}:connection/11111111-2222-3333-4444-555555555555"
ROLE = "arn:aws:iam::123456789012:role/team/creator"
GOOD = {
    "KeyArn": [KEY, KEY.replace("1234abcd-12ab-34cd-56ef-1234567890ab", "mrk-1234abcd12ab34cd56ef1234567890ab")],
    "KeyArnElsewhere": [KEY, KEY.replace("us-east-1", "eu-west-1")],
    "ContainerSecretArn": [
        SECRET.replace("shop/db", "rds!cluster-8f9e2b1c-0000-1111-2222-333344445555") + ":username::",
        *(SECRET, f"{SECRET}:password::", f"{SECRET}::AWSPREVIOUS:", f"{SECRET}:key::0a1b", f"{SECRET}:::", PARAMETER),
        *(PARAMETER.replace("us-east-1", "eu-west-1"), PARAMETER.replace("shop/db", "a")),
    ],
    "WholeSecretArn": [SECRET],
    "CertificateArn": [CERTIFICATE, SERVER_CERTIFICATE],
    "ListenerArn": [f"arn:aws:elasticloadbalancing:{PLACE}:listener/app/shared/0a1b/0c2d"],
    "WebAclArn": [f"arn:aws:wafv2:{PLACE}:regional/webacl/central/11111111-2222-3333-4444-555555555555"],
    "ConnectionArn": [
        *(CONNECTION, CONNECTION.replace("codeconnections", "codestar-connections")),
        CONNECTION.replace("us-east-1", "eu-west-1"),
    ],
    "BucketArn": ["arn:aws:s3:::uploads"],
    "RoleArn": [ROLE],
    "Principal": [ROLE, "arn:aws:iam::123456789012:user/ci", "123456789012"],
}
BAD = {
    "KeyArn": [
        *(KEY.replace("us-east-1", "eu-west-1"), KEY.replace("arn:aws:", "arn:aws-cn:"), "1234abcd", "alias/shop"),
        *(f"arn:aws:kms:{PLACE}:alias/shop", SECRET, KEY.replace("123456789012", "1"), KEY + "\n", f"{KEY} "),
    ],
    "KeyArnElsewhere": [KEY.replace("us-east-1", "cn-north-1"), f"arn:aws:kms:{PLACE}:alias/shop"],
    "ContainerSecretArn": [
        *(SECRET.removesuffix("-a1B2c3"), f"arn:aws:secretsmanager:{PLACE}:secret:shop-secret", f"{SECRET}:password"),
        *(f"{SECRET}:a:b:c", f"{SECRET}:a:b:c:d", SECRET.replace("us-east-1", "eu-west-1"), KEY, CERTIFICATE),
        *(PARAMETER.replace("arn:aws:", "arn:aws-us-gov:"), f"arn:aws:ssm:{PLACE}:document/x", f"{PARAMETER}:3"),
        *(PARAMETER + "/", "shop/db", f"arn:aws:secretsmanager:{PLACE}:secret:shop-secret:key::"),
    ],
    "WholeSecretArn": [f"{SECRET}:password::", SECRET.removesuffix("-a1B2c3"), PARAMETER],
    "CertificateArn": [
        *(CERTIFICATE.replace("us-east-1", "eu-west-1"), KEY, f"arn:aws:acm-pca:{PLACE}:certificate-authority/1"),
        SERVER_CERTIFICATE.replace("arn:aws:", "arn:aws-cn:"),
    ],
    "ListenerArn": [f"arn:aws:elasticloadbalancing:{PLACE}:listener/net/shared/0a1b/0c2d"],
    "WebAclArn": [f"arn:aws:wafv2:{PLACE}:global/webacl/central/1", f"arn:aws:waf:{PLACE}:webacl/1"],
    "ConnectionArn": [f"arn:aws:codecommit:{PLACE}:app", f"arn:aws:codeconnections:{PLACE}:host/1"],
    "BucketArn": ["arn:aws-cn:s3:::uploads", "arn:aws:s3:::Uploads", "uploads", "arn:aws:s3:::uploads/*"],
    "RoleArn": ["arn:aws:iam::123456789012:user/ci", "arn:aws-cn:iam::123456789012:role/x", "creator", SECRET],
    "Principal": ["arn:aws-cn:iam::123456789012:role/x", "arn:aws:iam::123456789012:root", "12345678901", "*"],
}


def fault(kind: str, value: str, region: str | None = "us-east-1") -> str | None:
    """Return what is said of an ARN in a stack of a region; None if it passes."""
    adapter: TypeAdapter[Any] = TypeAdapter(getattr(arns, kind))
    try:
        adapter.validate_python(value, context=Surroundings(region))
    except ValidationError as error:
        return str(error.errors()[0]["msg"])
    return None


@pytest.mark.parametrize(("kind", "arn"), [(kind, arn) for kind, listed in GOOD.items() for arn in listed])
def test_what_is_right_passes(kind: str, arn: str) -> None:
    assert fault(kind, arn) is None
    assert fault(kind, arn, None) is None, "a region that nobody knows is not compared"
    if arn.startswith("arn:"):
        assert parse(arn).partition == "aws"


@pytest.mark.parametrize(("kind", "arn"), [(kind, arn) for kind, listed in BAD.items() for arn in listed])
def test_what_is_wrong_is_told(kind: str, arn: str) -> None:
    assert fault(kind, arn)


def test_another_region_and_another_partition_are_named() -> None:
    assert fault("KeyArn", KEY, "eu-west-1") == "is in us-east-1, but must be in eu-west-1, as the stack is"
    assert "it begins with arn:aws-cn:" in str(fault("RoleArn", ROLE, "cn-north-1"))
    assert fault("RoleArn", ROLE.replace("arn:aws:", "arn:aws-cn:"), "cn-north-1") is None
    assert "us-east-1 is in aws" in str(fault("KeyArn", KEY.replace("arn:aws:", "arn:aws-cn:"), None))


def test_a_name_in_the_place_of_the_random_end_is_told() -> None:
    said = fault("ContainerSecretArn", f"arn:aws:secretsmanager:{PLACE}:secret:shop-secret")
    assert "six random characters" in str(said)


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_whatever_passes_can_be_taken_apart(kind: str, data: st.DataObject) -> None:
    arn = data.draw(st.sampled_from(GOOD[kind]))
    at = data.draw(st.integers(0, len(arn)))
    changed = (
        arn[:at]
        + data.draw(st.text(st.sampled_from(":/-aZ0* "), max_size=2))
        + arn[at + data.draw(st.integers(0, 2)) :]
    )
    if fault(kind, changed) is None and changed.startswith("arn:"):
        parts = parse(changed)
        assert parts.partition == "aws"
        assert parts.resource
        assert " " not in changed


def test_regions_and_partitions_are_those_of_botocore() -> None:
    known = json.loads(files("botocore").joinpath("data/partitions.json").read_text())["partitions"]
    there = {name: item["id"] for item in known for name in item["regions"] if not name.endswith("-global")}
    assert there == regions.REGIONS
    assert {name: regions.partition_of(name) for name in there} == there
