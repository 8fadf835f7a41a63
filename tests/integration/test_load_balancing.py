"""The Application Load Balancer on the real provider: a domain, its logs, a web ACL, and what is read back of them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.integration.conftest import Deployment, Emulator
from tests.integration.gaps import NOT_BUILT
from tests.integration.test_network import Elsewhere, elsewhere

__all__ = ["elsewhere"]  # of use to pytest, as a fixture of this module too


@pytest.fixture(scope="class")
def zone(emulator: Emulator) -> Iterator[str]:
    """A public hosted zone."""
    route53 = emulator.client("route53")
    id_: str = route53.create_hosted_zone(Name="example.com", CallerReference="lane")["HostedZone"]["Id"]
    yield id_.rpartition("/")[2]
    records = route53.list_resource_record_sets(HostedZoneId=id_)["ResourceRecordSets"]
    proofs = [record for record in records if record["Type"] == "CNAME"]
    assert {record["Type"] for record in records} == {"NS", "SOA", "CNAME"}, "but for the proof, which others may need"
    changes = [{"Action": "DELETE", "ResourceRecordSet": record} for record in proofs]
    route53.change_resource_record_sets(HostedZoneId=id_, ChangeBatch={"Changes": changes})
    route53.delete_hosted_zone(Id=id_)


class TestLoadBalancing:
    """Dev on a domain, with logs and a web ACL."""

    STACK = "dev"

    def test_without_a_zone_it_is_refused_by_name(self, deployment: Deployment) -> None:
        self._choose(deployment, domain={"name": "shop.example.net", "zone": "example.net"})
        assert "example.net: there is no public hosted zone of that name" in deployment.fails("up")

    def test_it_comes_up(self, deployment: Deployment, zone: str) -> None:
        assert zone
        self._choose(
            deployment,
            domain={"name": "shop.example.com", "zone": "example.com", "alternativeNames": ["*.shop.example.com"]},
            webAcl={"countedRules": ["SizeRestrictions_BODY"]},
            connectionLogs=True,
        )
        done = deployment.run("up")
        assert {step.split()[0] for step in done.steps} == {"create"}
        assert done.outputs["url"] == "https://shop.example.com"

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        deployment.unchanged()

    def test_port_443_serves_with_an_issued_certificate(self, deployment: Deployment, emulator: Emulator) -> None:
        elb = emulator.client("elbv2")
        (balancer,) = self._balancers(emulator)
        found = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
        listeners = {one["Port"]: one for one in found}
        assert listeners[80]["DefaultActions"][0]["RedirectConfig"]["Protocol"] == "HTTPS"
        assert listeners[443]["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
        (held,) = listeners[443]["Certificates"]
        certificate = emulator.client("acm").describe_certificate(CertificateArn=held["CertificateArn"])["Certificate"]
        assert certificate["Status"] == "ISSUED"
        assert set(certificate["SubjectAlternativeNames"]) == {"shop.example.com", "*.shop.example.com"}
        assert deployment.run("preview").steps == []

    def test_both_names_lead_to_it_and_one_record_proves_them(self, emulator: Emulator, zone: str) -> None:
        found = emulator.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        (balancer,) = self._balancers(emulator)
        aliases = {one["Name"]: one["AliasTarget"] for one in found if "AliasTarget" in one}
        assert {name.replace("\\052", "*").rstrip(".") for name in aliases} == {
            "shop.example.com",
            "*.shop.example.com",
        }
        for alias in aliases.values():
            assert alias["DNSName"].rstrip(".").removeprefix("dualstack.") == balancer["DNSName"].lower()
        assert [one["Type"] for one in found].count("CNAME") == 1

    def test_logs_go_to_a_bucket_that_only_their_delivery_writes_to(self, emulator: Emulator) -> None:
        elb, s3 = emulator.client("elbv2"), emulator.client("s3")
        (balancer,) = self._balancers(emulator)
        listed = elb.describe_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"])["Attributes"]
        attributes = {one["Key"]: one["Value"] for one in listed}
        assert attributes["access_logs.s3.enabled"] == attributes["connection_logs.s3.enabled"] == "true"
        assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "true"
        bucket = attributes["access_logs.s3.bucket"]
        assert bucket == attributes["connection_logs.s3.bucket"]
        assert bucket.startswith("container-platform-dev-access-logs-")
        statements = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
        (deny,) = [one for one in statements if one["Effect"] == "Deny"]
        (allow,) = [one for one in statements if one["Effect"] == "Allow"]
        assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert allow["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
        assert allow["Action"] == "s3:PutObject"
        account = balancer["LoadBalancerArn"].split(":")[4]
        assert allow["Resource"] == [
            f"arn:aws:s3:::{bucket}/{attributes[f'{kind}_logs.s3.prefix']}/AWSLogs/{account}/*"
            for kind in ("access", "connection")
        ]
        (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
        (expiry,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        assert expiry["Expiration"]["Days"] == 90

    def test_the_web_acl_looks_at_its_requests(self, emulator: Emulator) -> None:
        (balancer,) = self._balancers(emulator)
        waf = emulator.client("wafv2")
        acl = waf.get_web_acl_for_resource(ResourceArn=balancer["LoadBalancerArn"])["WebACL"]
        found = waf.get_web_acl(Name=acl["Name"], Scope="REGIONAL", Id=acl["Id"])["WebACL"]
        rules = sorted(found["Rules"], key=lambda rule: rule["Priority"])
        assert [rule["Name"] for rule in rules] == [
            "RateLimit",
            "AWSManagedRulesAmazonIpReputationList",
            "AWSManagedRulesCommonRuleSet",
            "AWSManagedRulesKnownBadInputsRuleSet",
        ]
        assert "Block" in rules[0]["Action"]
        assert rules[2]["Statement"]["ManagedRuleGroupStatement"]["RuleActionOverrides"] == [
            {"Name": "SizeRestrictions_BODY", "ActionToUse": {"Count": {}}}
        ]

    def test_logs_can_be_turned_off(self, deployment: Deployment, emulator: Emulator) -> None:
        s3 = emulator.client("s3")
        (bucket,) = [one["Name"] for one in s3.list_buckets()["Buckets"] if "access-logs" in one["Name"]]
        self._choose(deployment, accessLogs=False)
        deployment.run("up")
        (balancer,) = self._balancers(emulator)
        elb = emulator.client("elbv2")
        listed = elb.describe_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"])["Attributes"]
        assert {one["Key"]: one["Value"] for one in listed}["access_logs.s3.enabled"] == "false"
        assert [one for one in s3.list_buckets()["Buckets"] if one["Name"] == bucket] == []
        assert deployment.run("preview").steps == []

    def test_nothing_is_left(self, deployment: Deployment, emulator: Emulator) -> None:
        done = deployment.run("destroy")
        assert {step.split()[0] for step in done.steps} == {"delete"}
        assert self._balancers(emulator) == []
        assert emulator.client("acm").list_certificates()["CertificateSummaryList"] == []
        assert emulator.client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"] == []

    def test_the_emulator_lacked_nothing_that_is_not_listed(self, emulator: Emulator) -> None:
        assert emulator.lacking() == []

    def _balancers(self, emulator: Emulator) -> Any:
        return emulator.client("elbv2").describe_load_balancers()["LoadBalancers"]

    def _choose(self, deployment: Deployment, **values: Any) -> None:
        def change(platform: dict[str, Any]) -> None:
            platform["loadBalancer"] = {
                **(platform.get("loadBalancer", {}) if "domain" not in values else {}),
                **values,
            }
            if values.get("accessLogs") is False:
                platform["loadBalancer"].pop("connectionLogs")

        deployment.edit(change)


class Shared(NamedTuple):
    """An Application Load Balancer that this program did not make, in a VPC with a way out."""

    vpc: str
    listener: str
    redirecting: str
    group: str


@pytest.fixture(scope="class")
def shared(emulator: Emulator, elsewhere: Elsewhere) -> Iterator[Shared]:
    """A load balancer with a listener that serves and one that redirects."""
    ec2, elb = emulator.client("ec2"), emulator.client("elbv2")
    ec2.modify_vpc_attribute(VpcId=elsewhere.vpc, EnableDnsHostnames={"Value": True})
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=elsewhere.public[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
    ec2.create_route(RouteTableId=elsewhere.table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    group = ec2.create_security_group(GroupName="shared", Description="shared", VpcId=elsewhere.vpc)["GroupId"]
    balancer = elb.create_load_balancer(Name="shared", Subnets=elsewhere.public, SecurityGroups=[group])
    arn = balancer["LoadBalancers"][0]["LoadBalancerArn"]
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    moved = {"Type": "redirect", "RedirectConfig": {"Port": "8080", "StatusCode": "HTTP_301"}}
    listeners = [
        elb.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=port, DefaultActions=[action])["Listeners"][0]
        for port, action in ((8080, fixed), (80, moved))
    ]
    serving, redirecting = (one["ListenerArn"] for one in listeners)
    yield Shared(elsewhere.vpc, serving, redirecting, group)
    elb.delete_load_balancer(LoadBalancerArn=arn)
    ec2.delete_security_group(GroupId=group)


@pytest.fixture
def reads_load_balancers(provider: Path) -> None:
    """A plugin that is built here lacks data sources, and says so in its schema."""
    schema = provider / "schema.json"
    if schema.exists():
        there = schema.read_text()
        for function, reason in NOT_BUILT.items():
            if f'"{function}"' not in there:
                pytest.skip(f"{function}: {reason}")


class TestExisting:
    """Dev behind a load balancer that a client no part of ours made."""

    STACK = "dev"

    def test_one_that_is_not_there_is_refused_by_name(self, deployment: Deployment, shared: Shared) -> None:
        missing = shared.listener[:-8] + "00000000"
        self._stand_behind(deployment, shared, missing)
        assert f"{missing}: there is no such listener in this region and account" in deployment.fails("up")
        assert [one for one in deployment.types if one.startswith("aws:")] == [], "nothing was made"

    @pytest.mark.usefixtures("reads_load_balancers")
    def test_one_that_redirects_is_refused(self, deployment: Deployment, shared: Shared) -> None:
        self._stand_behind(deployment, shared, shared.redirecting)
        assert "it redirects requests" in deployment.fails("up")

    @pytest.mark.usefixtures("reads_load_balancers")
    def test_the_service_has_its_rule_on_it(self, deployment: Deployment, shared: Shared, emulator: Emulator) -> None:
        self._stand_behind(deployment, shared, shared.listener)
        done = deployment.run("up")
        assert "aws:lb/loadBalancer:LoadBalancer" not in deployment.types
        assert done.outputs["url"].startswith("http://shared")
        assert done.outputs["url"].endswith(":8080")
        assert done.outputs["loadBalancerSecurityGroupId"] == shared.group
        rules = emulator.client("elbv2").describe_rules(ListenerArn=shared.listener)["Rules"]
        assert [rule["Actions"][0]["Type"] for rule in rules if not rule["IsDefault"]] == ["forward"]
        assert deployment.run("preview").steps == []

    @pytest.mark.usefixtures("reads_load_balancers")
    def test_it_is_left_as_it_was(self, deployment: Deployment, shared: Shared, emulator: Emulator) -> None:
        deployment.run("destroy")
        elb, ec2 = emulator.client("elbv2"), emulator.client("ec2")
        rules = elb.describe_rules(ListenerArn=shared.listener)["Rules"]
        assert [rule["IsDefault"] for rule in rules] == [True]
        found = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [shared.group]}])
        assert [
            rule for rule in found["SecurityGroupRules"] if rule["IsEgress"] and "ReferencedGroupInfo" in rule
        ] == []

    def _stand_behind(self, deployment: Deployment, shared: Shared, listener: str) -> None:
        def change(platform: dict[str, Any]) -> None:
            platform["network"] = {"existing": {"vpcId": shared.vpc}}
            platform["loadBalancer"] = {"existing": {"listenerArn": listener}}

        deployment.edit(change)
