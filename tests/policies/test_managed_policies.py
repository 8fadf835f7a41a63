"""The table of AWS's managed policies is what its script makes of the installed documents."""

from pathlib import Path

import pytest

from policies import managed_policies, vendor
from policies._managed_policy_kinds import DATA_READS, OWN_REPORTS
from policies.rules.common.iam_documents import identity_document
from policies.rules.common.role_stacks import allow, document
from policies.rules.iam import _managed_policies


def test_the_table_is_up_to_date() -> None:
    assert managed_policies.main(["--check"]) == 0, "run `python -m policies.managed_policies`, and review what changes"


def test_the_check_notices_an_old_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "table.json"
    old.write_text("{}")
    monkeypatch.setattr(managed_policies, "generated", lambda: "new")
    monkeypatch.setattr(managed_policies, "TABLE", old)
    assert managed_policies.main(["--check"]) == 1
    assert managed_policies.main([]) == 0
    assert managed_policies.main(["--check"]) == 0


def test_a_vendored_pack_has_the_table_and_needs_no_moto(tmp_path: Path) -> None:
    folder = vendor.vendor("identity", tmp_path)
    assert list(folder.rglob(managed_policies.TABLE.name))
    assert not [path for path in folder.rglob("*.py") if "moto" in path.read_text().split()]


def test_every_action_of_the_lists_is_one_of_aws() -> None:
    for pattern in (*DATA_READS, *OWN_REPORTS):
        assert (managed_policies._matching(pattern) == {pattern}) == ("*" not in pattern)


def test_every_policy_that_is_accepted_is_in_the_table() -> None:
    for name in _managed_policies._FOR_AGENTS:
        assert _managed_policies._table()[name]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (allow("*"), ["every action on every resource"]),
        (allow(None, NotAction="iam:*"), ["every action but those that it lists"]),
        (allow(["s3:*", "sqs:*"]), ["every action of s3 and sqs"]),
        (allow("s3:*", "arn:aws:s3:::*"), ["every action of s3"]),
        (
            allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::*/*"),
            ["s3:GetObject on every bucket", "s3:PutObject on every bucket"],
        ),
        (allow("s3:GetObject", "arn:aws:s3:::aws-logs-*/*"), []),
        (allow("dynamodb:Query", "arn:aws:dynamodb:*:*:table/*/index/*"), ["dynamodb:Query on every table"]),
        (allow("ssm:GetParameter", "arn:aws:ssm:*:*:parameter/AmazonCloudWatch-*"), []),
        (allow("iam:PassRole"), ["iam:PassRole on every resource, to change permissions"]),
        (allow("iam:PassRole", "*", {"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}}), []),
        (allow("ec2:StopInstances", "*", {"StringEquals": {"ec2:ResourceTag/a": "b"}}), []),
        (allow("ec2:Describe*"), ["ec2:Describe*, with every action that AWS adds under that name"]),
        (allow("ec2:DescribeInstances"), []),
        (allow("logs:PutLogEvents"), []),
        (allow("s3:*", Effect="Deny"), []),
    ],
)
def test_what_a_document_allows(statement: dict[str, object], says: list[str]) -> None:
    assert list(managed_policies._allowed(identity_document(document(statement), "policy").statements)) == says
