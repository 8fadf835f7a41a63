"""A domain's certificate, and the records that point to the load balancer."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components import AliasRecords, Certificate
from components.balancing import domains
from components.balancing.args import CertificateArgs

from ..conftest import Engine, Run, run_main, run_program, stack_config
from .failing import failing

KEY = "container-platform:platform"
SHOP: CertificateArgs = {"name": "shop.example.com", "zone": "example.com"}


@pytest.fixture(scope="module")
def several_names() -> Engine:
    """Dev on a domain of three names."""
    return on_domain(alternativeNames=["*.shop.example.com", "example.com"])


def on_domain(**domain: Any) -> Engine:
    """Run dev on a domain."""
    config = stack_config("dev")
    config[KEY]["loadBalancer"] = {"domain": {"name": "shop.example.com", "zone": "example.com", **domain}}
    return run_main("dev", config).engine


class TestDomain:
    def test_each_name_is_proven_once_and_leads_to_the_load_balancer(self, several_names: Engine) -> None:
        engine = several_names
        assert engine.one("acm/certificate:Certificate")["subjectAlternativeNames"] == [
            "*.shop.example.com",
            "example.com",
        ]
        records = {item.name: item.inputs for item in engine.all("route53/record:Record")}
        assert set(records) == {
            "certificate-example.com",
            "certificate-shop.example.com",
            "domain-*.shop.example.com-A",
            "domain-example.com-A",
            "domain-shop.example.com-A",
        }
        assert {record["zoneId"] for record in records.values()} == {"Z0EXAMPLE"}
        proof = records["certificate-shop.example.com"]
        assert (proof["name"], proof["type"]) == ("_proof.shop.example.com.", "CNAME")
        assert "allowOverwrite" not in records["domain-example.com-A"], "an existing record is somebody else's"

    def test_the_listener_waits_for_the_certificate_to_be_issued(self, several_names: Engine) -> None:
        (listener,) = [i for i in several_names.all("lb/listener:Listener") if i.inputs["port"] == 443]
        assert any("CertificateValidation" in urn for urn in listener.depends_on)
        issued = several_names.one("acm/certificateValidation:CertificateValidation")
        assert issued["validationRecordFqdns"] == ["_proof.example.com", "_proof.shop.example.com"]

    def test_at_a_preview_no_record_is_missing(self, run: Run) -> None:
        """Records are known by names of the settings, not by what ACM answers."""
        args: CertificateArgs = {"name": "example.com", "zone": "example.com", "alternative_names": ["*.example.com"]}
        engine = run(lambda: Certificate("certificate", args))
        assert [item.name for item in engine.all("route53/record:Record")] == ["certificate-example.com"]

    def test_ipv6_has_records_of_its_own(self, run: Run) -> None:
        engine = run(
            lambda: AliasRecords(
                "domain",
                {"names": ["a.b"], "zone_id": "Z1", "target_dns_name": "lb", "target_zone_id": "Z2", "ipv6": True},
            )
        )
        assert {item["type"] for item in engine.find("route53/record:Record")} == {"A", "AAAA"}

    def test_a_zone_by_its_id_is_not_looked_up(self) -> None:
        engine = on_domain(zoneId="Z0OTHER")
        assert {item["zoneId"] for item in engine.find("route53/record:Record")} == {"Z0OTHER"}
        assert "aws:route53/getZone:getZone" not in [token for token, _ in engine.invokes]

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ("no matching Route 53 Hosted Zone found", "there is no public hosted zone of that name in this account"),
            ("multiple Route 53 Hosted Zones matched", "several public hosted zones have that name"),
        ],
    )
    def test_a_zone_that_is_none_or_several_is_named(
        self, monkeypatch: pytest.MonkeyPatch, words: str, said: str
    ) -> None:
        monkeypatch.setattr(aws.route53, "get_zone", failing(words))
        engine = Engine()
        with pytest.raises(pulumi.RunError, match=f"example.com: {said}"):
            run_program(lambda: Certificate("certificate", SHOP), engine=engine)
        assert [item for item in engine.resources if item.type.startswith("aws:")] == []

    def test_another_error_is_told_as_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(aws.route53, "get_zone", failing("AccessDenied: you may not"))
        with pytest.raises(RuntimeError, match="AccessDenied"):
            run_program(lambda: Certificate("certificate", SHOP))

    @pytest.mark.parametrize(
        ("name", "zone", "within"),
        [
            ("example.com", "example.com", True),
            ("*.example.com", "example.com", True),
            ("shop.example.com", "example.com", True),
            ("myexample.com", "example.com", False),
            ("example.com", "shop.example.com", False),
            ("*.example.org", "example.com", False),
        ],
    )
    def test_a_name_is_in_a_zone_or_not(self, name: str, zone: str, within: bool) -> None:
        assert domains.is_within(name, zone) is within

    def test_a_record_that_acm_does_not_ask_for_is_an_error(self) -> None:
        with pytest.raises(ValueError, match=r"no record of a\.b"):
            domains.record_of([], "a.b")
