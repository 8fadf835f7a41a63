"""The Application Load Balancer and what belongs to it: certificates, domain, logs, web ACL, one that is there."""

import json
from collections.abc import Callable
from typing import Any, cast

import pulumi
import pulumi_aws as aws
import pytest

from components import AliasRecords, Certificate, ExistingLoadBalancer, LoadBalancer, WebAcl
from components.balancing import domains, web_acl_rules
from components.balancing.access_log_bucket import delivery_statement
from components.balancing.args import LoadBalancerArgs, WebAclArgs
from components.balancing.existing_balancer import Facts, faults
from components.network.existing_vpc import Subnet, one_a_zone

from ..conftest import ACCOUNT, REGION, Engine, Run, run_main, run_program, stack_config

KEY = "container-platform:platform"
ARN = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/"
INGRESS = "vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def balancer(**changes: Any) -> LoadBalancer:
    arguments = {"vpc_id": "vpc-0abc", "subnet_ids": ["subnet-a", "subnet-b"]}
    return LoadBalancer("balancer", cast(LoadBalancerArgs, {**arguments, **changes}))


def on_domain(**domain: Any) -> Engine:
    """Run dev on a domain."""
    config = stack_config("dev")
    config[KEY]["loadBalancer"] = {"domain": {"name": "shop.example.com", "zone": "example.com", **domain}}
    return run_main("dev", config).engine


def failing(words: str) -> Callable[..., None]:
    """Return a data source that fails."""

    def fail(**_: object) -> None:
        raise RuntimeError(words)

    return fail


class TestCertificates:
    def test_the_first_is_the_default_and_the_others_are_chosen_by_name(self, run: Run) -> None:
        engine = run(lambda: balancer(certificate_arns=[f"{ARN}1", f"{ARN}2", f"{ARN}3"]))
        (https,) = [item for item in engine.find("lb/listener:Listener") if item["port"] == 443]
        assert https["certificateArn"] == f"{ARN}1"
        others = engine.all("lb/listenerCertificate:ListenerCertificate")
        assert {item.name: item.inputs["certificateArn"] for item in others} == {
            "balancer-2": f"{ARN}2",
            "balancer-3": f"{ARN}3",
        }

    def test_the_domains_comes_before_them(self, run: Run) -> None:
        domain = pulumi.Output.from_input(f"{ARN}domain")
        engine = run(lambda: balancer(domain_certificate_arn=domain, certificate_arns=[f"{ARN}1"]))
        (https,) = [item for item in engine.find("lb/listener:Listener") if item["port"] == 443]
        assert https["certificateArn"] == f"{ARN}domain"
        assert engine.one("lb/listenerCertificate:ListenerCertificate")["certificateArn"] == f"{ARN}1"

    def test_the_policy_for_tls_is_a_choice(self, run: Run) -> None:
        policy = "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"
        engine = run(lambda: balancer(certificate_arns=[f"{ARN}1"], tls_policy=policy))
        assert [item["sslPolicy"] for item in engine.find("lb/listener:Listener") if "sslPolicy" in item] == [policy]


class TestInternal:
    @pytest.mark.parametrize(
        ("changes", "blocks"),
        [
            ({}, {"0.0.0.0/0"}),
            ({"internal": True, "vpc_cidr_block": "10.1.0.0/16"}, {"10.1.0.0/16"}),
            ({"internal": True}, {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}),
            ({"internal": True, "allowed_cidr_blocks": ["10.9.0.0/16"]}, {"10.9.0.0/16"}),
        ],
    )
    def test_who_may_connect(self, run: Run, changes: dict[str, Any], blocks: set[str]) -> None:
        engine = run(lambda: balancer(**changes))
        assert {item["cidrIpv4"] for item in engine.find(INGRESS)} == blocks
        assert engine.one("lb/loadBalancer:LoadBalancer")["internal"] is changes.get("internal", False)

    def test_over_ipv6_it_opens_to_nobody_by_itself(self, run: Run) -> None:
        engine = run(lambda: balancer(internal=True, ipv6=True, vpc_cidr_block="10.1.0.0/16"))
        assert [item for item in engine.find(INGRESS) if "cidrIpv6" in item] == []

    def test_it_stands_in_the_private_subnets(self) -> None:
        config = stack_config("dev")
        config[KEY]["loadBalancer"] = {"internal": True}
        engine = run_main("dev", config).engine
        assert engine.one("lb/loadBalancer:LoadBalancer")["subnets"] == ["subnet-private-a", "subnet-private-b"]
        from_ranges = [item for item in engine.find(INGRESS) if "cidrIpv4" in item]
        assert {item["cidrIpv4"] for item in from_ranges} == {"10.10.0.0/16"}

    def test_in_a_vpc_that_is_there_it_takes_one_subnet_of_each_zone(self) -> None:
        subnets = [Subnet(id_, zone, 1, 1, "rtb", ()) for id_, zone in (("s1", "a"), ("s2", "a"), ("s3", "b"))]
        assert one_a_zone(subnets) == ["s1", "s3"]


class TestLogs:
    def test_they_go_to_a_closed_bucket_that_expires_and_waits_for_its_policy(self, run: Run) -> None:
        engine = run(lambda: balancer(log_bucket_prefix="platform-dev-access-logs", log_days=7))
        bucket = engine.one("s3/bucket:Bucket")
        assert bucket["bucketPrefix"] == "platform-dev-access-logs-"
        assert bucket["forceDestroy"] is False
        (encryption,) = engine.one(
            "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
        )["rules"]
        assert encryption["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}, "ALBs write to no other"
        expiry = engine.one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")["rules"][0]
        assert expiry["expiration"] == {"days": 7}
        closed = engine.one("s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
        assert all(closed[key] for key in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls"))
        (made,) = engine.all("lb/loadBalancer:LoadBalancer")
        assert any("BucketPolicy" in urn for urn in made.depends_on)
        assert made.inputs["accessLogs"]["prefix"] == "access"
        assert made.inputs["connectionLogs"] == {"bucket": "", "enabled": False}

    @pytest.mark.parametrize(
        ("partition", "region"), [("aws", REGION), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")]
    )
    def test_only_their_delivery_writes_and_only_for_this_account(self, partition: str, region: str) -> None:
        group = f"arn:{partition}:ec2:{region}:{ACCOUNT}:security-group/sg-1"
        statement = delivery_statement(f"arn:{partition}:s3:::logs", group)
        assert statement["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
        assert statement["Action"] == "s3:PutObject"
        assert statement["Resource"] == [
            f"arn:{partition}:s3:::logs/access/AWSLogs/{ACCOUNT}/*",
            f"arn:{partition}:s3:::logs/connections/AWSLogs/{ACCOUNT}/*",
        ]

    def test_the_bucket_refuses_what_is_not_encrypted_on_its_way(self) -> None:
        engine = run_program(balancer)
        statements = json.loads(engine.one("s3/bucketPolicy:BucketPolicy")["policy"])["Statement"]
        assert [one["Sid"] for one in statements] == ["TlsOnly", "DeliverLogs"]

    def test_turned_off_they_are_off_in_so_many_words(self, run: Run) -> None:
        engine = run(lambda: balancer(access_logs=False))
        made = engine.one("lb/loadBalancer:LoadBalancer")
        assert made["accessLogs"] == made["connectionLogs"] == {"bucket": "", "enabled": False}
        assert engine.find("s3/bucket:Bucket") == []

    @pytest.mark.parametrize("protect", [True, False])
    def test_what_is_protected_goes_by_no_edit(self, run: Run, protect: bool) -> None:
        engine = run(lambda: balancer(deletion_protection=protect))
        for kind in ("lb/loadBalancer:LoadBalancer", "s3/bucket:Bucket"):
            assert engine.all(kind)[0].protect is protect


class TestDomain:
    def test_each_name_is_proven_once_and_leads_to_the_load_balancer(self) -> None:
        engine = on_domain(alternativeNames=["*.shop.example.com", "example.com"])
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
        assert "allowOverwrite" not in records["domain-example.com-A"], "what is there is somebody's"

    def test_the_listener_waits_for_the_certificate_to_be_issued(self) -> None:
        engine = on_domain()
        (listener,) = [i for i in engine.all("lb/listener:Listener") if i.inputs["port"] == 443]
        assert any("CertificateValidation" in urn for urn in listener.depends_on)
        issued = engine.one("acm/certificateValidation:CertificateValidation")
        assert issued["validationRecordFqdns"] == ["_proof.shop.example.com"]

    def test_at_a_preview_no_record_is_missing(self, run: Run) -> None:
        """Records are known by names of the settings, not by what ACM answers."""
        arguments: Any = {"name": "example.com", "zone": "example.com", "alternative_names": ["*.example.com"]}
        engine = run(lambda: Certificate("certificate", arguments))
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
        arguments: Any = {"name": "shop.example.com", "zone": "example.com"}
        with pytest.raises(pulumi.RunError, match=f"example.com: {said}"):
            run_program(lambda: Certificate("certificate", arguments), engine=engine)
        assert [item for item in engine.resources if item.type.startswith("aws:")] == []

    def test_another_error_is_told_as_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(aws.route53, "get_zone", failing("AccessDenied: you may not"))
        arguments: Any = {"name": "shop.example.com", "zone": "example.com"}
        with pytest.raises(RuntimeError, match="AccessDenied"):
            run_program(lambda: Certificate("certificate", arguments))

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
    def test_names_belong_into_zones(self, name: str, zone: str, within: bool) -> None:
        assert domains.is_within(name, zone) is within

    def test_a_record_that_acm_does_not_ask_for_is_an_error(self) -> None:
        with pytest.raises(ValueError, match=r"no record of a\.b"):
            domains.record_of([], "a.b")


class TestWebAcl:
    def acl(self, **changes: Any) -> Callable[[], WebAcl]:
        arguments = cast(WebAclArgs, {"log_group_name": "aws-waf-logs-platform-dev", **changes})
        return lambda: WebAcl("acl", arguments)

    def test_it_blocks_by_default_and_counts_when_told(self) -> None:
        blocking, counting = (web_acl_rules.rules(500, count_only=count) for count in (False, True))
        assert blocking[0]["action"] == {"block": {}}
        assert [rule["override_action"] for rule in blocking[1:]] == [{"none": {}}] * 3
        assert counting[0]["action"] == {"count": {}}
        assert [rule["override_action"] for rule in counting[1:]] == [{"count": {}}] * 3

    def test_rules_have_priorities_of_their_own(self) -> None:
        priorities = [rule["priority"] for rule in web_acl_rules.rules(500, count_only=False)]
        assert priorities == sorted(set(priorities))

    def test_single_rules_of_the_common_group_may_only_count(self) -> None:
        groups = web_acl_rules.rules(500, count_only=False, counted=["SizeRestrictions_BODY"])[1:]
        overrides = {
            group["name"]: group["statement"]["managed_rule_group_statement"].get("rule_action_overrides")
            for group in groups
        }
        assert overrides[web_acl_rules.COMMON] == [{"name": "SizeRestrictions_BODY", "action_to_use": {"count": {}}}]
        assert [value for name, value in overrides.items() if name != web_acl_rules.COMMON] == [None, None]

    def test_what_it_blocks_is_logged_without_secrets(self, run: Run) -> None:
        engine = run(self.acl(rate_limit=100))
        assert engine.one("wafv2/webAcl:WebAcl")["scope"] == "REGIONAL"
        assert engine.one("wafv2/webAcl:WebAcl")["rules"][0]["statement"]["rateBasedStatement"]["limit"] == 100
        logging = engine.one("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration")
        assert logging["loggingFilter"]["defaultBehavior"] == "DROP"
        assert {field["singleHeader"]["name"] for field in logging["redactedFields"]} == {"authorization", "cookie"}

    def test_logs_are_a_choice(self, run: Run) -> None:
        engine = run(self.acl(log_retention_days=0))
        assert engine.find("cloudwatch/logGroup:LogGroup") == []
        assert engine.find("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration") == []

    @pytest.mark.parametrize("setting", ["webAcl", "webAclArn"])
    def test_made_here_or_elsewhere_it_is_put_in_front(self, setting: str) -> None:
        config = stack_config("dev")
        arn = f"arn:aws:wafv2:us-east-1:{ACCOUNT}:regional/webacl/central/1"
        config[KEY]["loadBalancer"] = {setting: {} if setting == "webAcl" else arn}
        engine = run_main("dev", config).engine
        association = engine.one("wafv2/webAclAssociation:WebAclAssociation")
        made = engine.find("wafv2/webAcl:WebAcl")
        assert len(made) == (1 if setting == "webAcl" else 0)
        if setting == "webAclArn":
            assert association["webAclArn"] == arn


LISTENER = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:listener/app/shared/0a/0b"
GOOD = Facts(
    listener_arn=LISTENER,
    port=443,
    protocol="HTTPS",
    default_action="fixed-response",
    load_balancer_arn=LISTENER.replace("listener", "loadbalancer").rpartition("/")[0],
    kind="application",
    vpc_id="vpc-1",
    dns_name="shared.example",
    zone_id="Z1",
    security_group_ids=("sg-1",),
)


class TestExisting:
    @pytest.mark.parametrize(
        ("changes", "group", "said"),
        [
            ({}, None, None),
            ({}, "sg-1", None),
            ({"security_group_ids": ("sg-1", "sg-2")}, "sg-2", None),
            ({"kind": "network"}, None, "is of the type network"),
            ({"vpc_id": "vpc-2"}, None, "is in vpc-2, and the services are in vpc-1"),
            ({"default_action": "redirect"}, None, "redirects what it is asked"),
            ({}, "sg-2", "is without the security group sg-2 (there: sg-1)"),
            ({"security_group_ids": ("sg-1", "sg-2")}, None, "say to which rules may be added (there: sg-1, sg-2)"),
        ],
    )
    def test_why_services_cannot_stand_behind_it(
        self, changes: dict[str, Any], group: str | None, said: str | None
    ) -> None:
        found = faults(GOOD._replace(**changes), "vpc-1", group)
        assert len(found) == (1 if said else 0)
        assert said is None or said in found[0]

    def test_all_of_it_is_said_at_once(self) -> None:
        assert len(faults(GOOD._replace(vpc_id="vpc-2", default_action="redirect"), "vpc-1", "sg-9")) == 3

    def read(self, facts: Facts, seen: dict[str, Any]) -> Engine:
        class Answering(Engine):
            def call(self, args: Any) -> Any:
                if args.token == "aws:lb/getListener:getListener":
                    action = {"type": facts.default_action}
                    listener = {"port": facts.port, "protocol": facts.protocol, "defaultActions": [action]}
                    return {**listener, "loadBalancerArn": facts.load_balancer_arn}, []
                return {
                    "loadBalancerType": facts.kind,
                    "vpcId": facts.vpc_id,
                    "dnsName": facts.dns_name,
                    "zoneId": facts.zone_id,
                    "securityGroups": list(facts.security_group_ids),
                }, []

        def program() -> None:
            made = ExistingLoadBalancer("balancer", {"listener_arn": LISTENER, "vpc_id": "vpc-1"})
            pulumi.Output.all(url=made.url, group=made.security_group_id, listeners=made.listener_arns).apply(
                seen.update
            )

        return run_program(program, engine=Answering())

    @pytest.mark.parametrize(
        ("port", "protocol", "url"),
        [
            (443, "HTTPS", "https://shared.example"),
            (80, "HTTP", "http://shared.example"),
            (8443, "HTTPS", "https://shared.example:8443"),
        ],
    )
    def test_it_gives_what_services_need_and_makes_nothing(self, port: int, protocol: str, url: str) -> None:
        seen: dict[str, Any] = {}
        engine = self.read(GOOD._replace(port=port, protocol=protocol), seen)
        assert seen == {"url": url, "group": "sg-1", "listeners": {str(port): LISTENER}}
        assert [item for item in engine.resources if item.type.startswith("aws:")] == []

    @pytest.mark.parametrize("words", ["reading ELBv2 Listener (x): couldn't find resource", "ListenerNotFound: none"])
    def test_one_that_is_not_there_is_named(self, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
        monkeypatch.setattr(aws.lb, "get_listener", failing(words))
        with pytest.raises(pulumi.RunError, match="there is no such listener in this region and account"):
            self.read(GOOD, {})

    def test_another_error_is_told_as_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(aws.lb, "get_listener", failing("AccessDenied: you may not"))
        with pytest.raises(RuntimeError, match="AccessDenied"):
            self.read(GOOD, {})

    def test_what_is_wrong_is_one_message(self) -> None:
        with pytest.raises(pulumi.RunError, match=r"cannot stand behind .*\n  - its load balancer is in vpc-2"):
            self.read(GOOD._replace(vpc_id="vpc-2"), {})
