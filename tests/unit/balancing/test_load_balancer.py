"""The Application Load Balancer: what serves, who may connect, certificates, logs."""

import json
from typing import Unpack

import pulumi
import pytest

from components import LoadBalancer
from components.balancing.access_log_bucket import delivery_statement
from components.balancing.args import LoadBalancerArgs, LoadBalancerChoices, LoadBalancerLinks
from components.network.existing_vpc import Subnet, one_a_zone

from ..conftest import ACCOUNT, REGION, Run, run_main, run_program, stack_config

KEY = "container-platform:platform"
ARN = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/"
INGRESS = "vpc/securityGroupIngressRule:SecurityGroupIngressRule"


class Changes(LoadBalancerChoices, LoadBalancerLinks):
    """Every argument that has a default."""


def balancer(**changes: Unpack[Changes]) -> LoadBalancer:
    args: LoadBalancerArgs = {"vpc_id": "vpc-0abc", "subnet_ids": ["subnet-a", "subnet-b"], **changes}
    return LoadBalancer("balancer", args)


def test_without_a_certificate_port_80_serves_and_answers_404(run: Run) -> None:
    engine = run(balancer)
    listener = engine.one("lb/listener:Listener")
    assert (listener["port"], listener["protocol"]) == (80, "HTTP")
    assert listener["defaultActions"][0]["fixedResponse"]["statusCode"] == "404"
    assert engine.one("vpc/securityGroupIngressRule:SecurityGroupIngressRule")["fromPort"] == 80


def test_with_a_certificate_port_443_serves_and_port_80_redirects(run: Run) -> None:
    certificate = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/1"
    engine = run(lambda: balancer(certificate_arns=[certificate]))
    listeners = {item["port"]: item for item in engine.find("lb/listener:Listener")}
    assert listeners[80]["defaultActions"][0]["redirect"] == {
        "port": "443",
        "protocol": "HTTPS",
        "statusCode": "HTTP_301",
    }
    assert listeners[443]["certificateArn"] == certificate
    assert listeners[443]["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    ports = {item["fromPort"] for item in engine.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule")}
    assert ports == {80, 443}


def test_only_the_ranges_named_may_connect(run: Run) -> None:
    engine = run(lambda: balancer(allowed_cidr_blocks=["192.0.2.0/24"]))
    ingress = engine.one("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert ingress["cidrIpv4"] == "192.0.2.0/24"
    assert engine.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule") == [], "services add theirs"


@pytest.mark.parametrize(
    ("changes", "admitted"),
    [
        ({}, ["::/0"]),
        ({"allowed_cidr_blocks": ["192.0.2.0/24"]}, []),
        ({"allowed_cidr_blocks": ["192.0.2.0/24"], "allowed_ipv6_cidr_blocks": ["2001:db8::/32"]}, ["2001:db8::/32"]),
        ({"allowed_ipv6_cidr_blocks": []}, []),
    ],
)
def test_ipv6_opens_no_door_that_ipv4_has_closed(run: Run, changes: Changes, admitted: list[str]) -> None:
    arguments: Changes = {**changes, "ipv6": True}
    engine = run(lambda: balancer(**arguments))
    assert engine.one("lb/loadBalancer:LoadBalancer")["ipAddressType"] == "dualstack"
    rules = engine.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert [rule["cidrIpv6"] for rule in rules if "cidrIpv6" in rule] == admitted


def test_a_load_balancer_without_ipv6_is_as_it_was(run: Run) -> None:
    engine = run(balancer)
    assert "ipAddressType" not in engine.one("lb/loadBalancer:LoadBalancer")
    rules = engine.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert [rule for rule in rules if "cidrIpv6" in rule] == []


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
    def test_who_may_connect(self, run: Run, changes: Changes, blocks: set[str]) -> None:
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
