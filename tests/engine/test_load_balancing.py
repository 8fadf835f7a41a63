"""The Application Load Balancer on the real engine: domain, certificates, web ACL, logs, and one that is there."""

import json
from textwrap import dedent
from typing import Any

import pytest

from components.balancing import listener_rules

from .conftest import ROOT, Local
from .test_platform import touched

RECORD, LISTENER, RULE = "route53/record:Record", "lb/listener:Listener", "lb/listenerRule:ListenerRule"
_RULE = f"priority-{listener_rules.stable_priority('web', listener_rules.conditions())}"
BALANCER, CERTIFICATE = "lb/loadBalancer:LoadBalancer", "acm/certificate:Certificate"
DOMAIN = {"name": "shop.example.com", "zone": "example.com"}

ZONES = dedent("""
    import pulumi_aws as aws

    aws.route53.Zone("public", name="example.com")
    aws.route53.Zone("private", name="example.com", vpcs=[{"vpc_id": "vpc-0123456789abcdef0"}])
""")


def choose(project: Local, stack: str = "dev", **values: Any) -> None:
    """Change settings of the load balancer; None takes one out."""

    def change(platform: dict[str, Any]) -> None:
        section = {**platform.get("loadBalancer", {}), **values}
        platform["loadBalancer"] = {name: value for name, value in section.items() if value is not None}

    project.edit(change, stack=stack)


def names(project: Local, kind: str) -> set[str]:
    return {item["urn"].rpartition("::")[2] for item in project.find(kind)}


def steps(printed: str) -> list[str]:
    """Return what a run did, in its order."""
    lines = [line.partition("[")[0] for line in printed.splitlines() if line.startswith(("  + ", "  ~ ", "  - "))]
    return [" ".join(line.split()) for line in lines]


@pytest.fixture(scope="class")
def zones(project: Local, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A project of somebody else's, with a public and a private zone of one name."""
    root = tmp_path_factory.mktemp("zones")
    (root / "Pulumi.yaml").write_text("name: zones\nruntime: python\n")
    (root / "Pulumi.dev.yaml").write_text("config:\n  aws:region: us-east-1\n")
    (root / "__main__.py").write_text(ZONES)
    Local(ROOT).ok("up", "--root", str(root), "--home", str(project.root / ".local"))


class TestDomain:
    """Dev from HTTP to HTTPS on a domain, further names, and back."""

    def test_a_zone_that_is_not_there_is_named_and_nothing_is_made(self, project: Local) -> None:
        choose(project, domain=DOMAIN)
        assert "example.com: there is no public hosted zone of that name in this account" in project.fails("up")
        assert [item for item in project.state() if item["type"].startswith("aws:")] == []
        choose(project, domain=None)

    def test_http_serves_first(self, project: Local, zones: None) -> None:
        project.web(image="git-1")
        project.ok("up")
        (listener,) = project.find(LISTENER)
        assert listener["inputs"]["defaultActions"][0]["type"] == "fixed-response"

    def test_the_domain_comes_without_a_moment_in_which_nothing_serves(self, project: Local) -> None:
        choose(project, domain=DOMAIN)
        printed = project.ok("up")
        assert touched(printed) == {
            "+ create Certificate certificate",
            "+ create AliasRecords domain",
            "+ create acm.Certificate certificate",
            "+ create acm.CertificateValidation certificate",
            "+ create route53.Record certificate-shop.example.com",
            "+ create route53.Record domain-shop.example.com-A",
            "+ create lb.Listener load-balancer-https",
            "~ update lb.Listener load-balancer-http",
            "+ create vpc.SecurityGroupIngressRule load-balancer-443-0.0.0.0/0",
            f"+ create replacement lb.ListenerRule {_RULE}",
            f"- delete replaced lb.ListenerRule {_RULE}",
        }
        done = steps(printed)
        moved, gone = (
            done.index(f"{step} lb.ListenerRule {_RULE}") for step in ("+ create replacement", "- delete replaced")
        )
        assert moved < gone, "port 443 serves before port 80 ceases to"
        https = {item["inputs"]["port"]: item for item in project.find(LISTENER)}[443]
        (rule,) = project.find(RULE)
        assert rule["inputs"]["listenerArn"] == https["outputs"]["arn"]

    def test_records_are_in_the_public_zone_and_lead_to_the_load_balancer(self, project: Local) -> None:
        (balancer,) = project.find(BALANCER)
        alias = {item["inputs"]["type"]: item["inputs"] for item in project.find(RECORD)}["A"]
        assert alias["name"] == "shop.example.com"
        assert alias["aliases"][0]["name"] == balancer["outputs"]["dnsName"]
        assert alias["aliases"][0]["zoneId"] == balancer["outputs"]["zoneId"]

    def test_the_outputs_say_it(self, project: Local) -> None:
        published = json.loads(project.ok("outputs", "--json"))
        (certificate,) = project.find(CERTIFICATE)
        assert published["url"] == "https://shop.example.com"
        assert published["certificateArn"] == certificate["outputs"]["arn"]
        assert set(published["listenerArns"]) == {"80", "443"}
        assert published["listenerArn"] == published["listenerArns"]["443"]

    def test_a_second_up_changes_nothing(self, project: Local) -> None:
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_a_further_name_has_its_certificate_before_the_old_one_goes(self, project: Local) -> None:
        choose(project, domain={**DOMAIN, "alternativeNames": ["*.shop.example.com"]})
        printed = project.ok("up")
        assert touched(printed) == {
            "+ create replacement acm.Certificate certificate",
            "+ create replacement acm.CertificateValidation certificate",
            "- delete replaced acm.Certificate certificate",
            "- delete replaced acm.CertificateValidation certificate",
            "~ update lb.Listener load-balancer-https",
            "+ create route53.Record domain-*.shop.example.com-A",
        }, "the record that proves a name proves its wildcard too"
        done = steps(printed)
        assert done.index("~ update lb.Listener load-balancer-https") < done.index(
            "- delete replaced acm.Certificate certificate"
        )

    def test_without_the_domain_http_serves_again(self, project: Local) -> None:
        choose(project, domain=None)
        printed = project.ok("up")
        done = steps(printed)
        assert done.index(f"+ create replacement lb.ListenerRule {_RULE}") < done.index(
            "- delete lb.Listener load-balancer-https"
        )
        assert project.find(RECORD) == []
        assert project.find(CERTIFICATE) == []
        assert json.loads(project.ok("outputs", "--json"))["url"].startswith("http://load-balancer-")

    def test_down_leaves_nothing(self, project: Local) -> None:
        choose(project, domain=DOMAIN)
        project.ok("up")
        assert "nothing is left of dev" in project.ok("down")
        assert project.state() == []


class TestChoices:
    """What stands in front of dev's load balancer, and where it stands, one after the other."""

    def test_a_web_acl_comes_alone(self, project: Local) -> None:
        project.web(image="git-1")
        project.ok("up")
        choose(project, webAcl={"countOnly": True})
        assert touched(project.ok("up")) == {
            "+ create WebAcl web-acl",
            "+ create cloudwatch.LogGroup web-acl",
            "+ create wafv2.WebAcl web-acl",
            "+ create wafv2.WebAclAssociation load-balancer",
            "+ create wafv2.WebAclLoggingConfiguration web-acl",
        }
        project.unchanged()

    def test_it_begins_to_block_in_place(self, project: Local) -> None:
        choose(project, webAcl={})
        assert touched(project.ok("up")) == {"~ update wafv2.WebAcl web-acl"}

    def test_and_goes_alone(self, project: Local) -> None:
        choose(project, webAcl=None)
        assert {step.split()[1] for step in touched(project.ok("up"))} == {"delete"}
        assert project.find("wafv2/webAcl:WebAcl") == []

    def test_logs_go_with_their_bucket_and_come_again(self, project: Local) -> None:
        (bucket,) = project.find("s3/bucket:Bucket")
        assert bucket["inputs"]["forceDestroy"] is True, "dev's logs go with it"
        choose(project, accessLogs=False)
        done = steps(project.ok("up"))
        assert done[0] == "~ update lb.LoadBalancer load-balancer", "before the bucket goes"
        assert {step.split()[0] for step in done[1:]} == {"-"}
        assert project.find(BALANCER)[0]["inputs"]["accessLogs"] == {"bucket": "", "enabled": False}
        choose(project, accessLogs=None)
        assert "~ update lb.LoadBalancer load-balancer" in touched(project.ok("up"))

    def test_an_internal_one_takes_the_place_of_the_other(self, project: Local) -> None:
        (service,) = project.find("ecs/service:Service")
        choose(project, internal=True)
        printed = project.ok("up")
        done = steps(printed)
        deleted = next(at for at, step in enumerate(done) if "delete" in step and "lb.LoadBalancer" in step)
        created = next(at for at, step in enumerate(done) if "create" in step and "lb.LoadBalancer" in step)
        assert deleted < created, "a target group belongs to one load balancer"
        assert not [step for step in done if "ecs." in step or "TargetGroup" in step], done
        (balancer,) = project.find(BALANCER)
        private = json.loads(project.ok("outputs", "--json"))["privateSubnetIds"]
        assert sorted(balancer["inputs"]["subnets"]) == sorted(private)
        rules = project.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        assert {rule["inputs"]["cidrIpv4"] for rule in rules if "cidrIpv4" in rule["inputs"]} == {"10.10.0.0/16"}
        assert project.find("ecs/service:Service")[0]["id"] == service["id"]
        project.unchanged()

    def test_down_leaves_nothing(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")


PROTECTED = dedent("""
    import pulumi
    from components import LoadBalancer

    chosen = pulumi.Config("container-platform").require_object("platform")["loadBalancer"]
    network = {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": ["subnet-01", "subnet-02"]}
    LoadBalancer("load-balancer", {**network, "access_logs": False, **chosen})
""")


class TestProtected:
    """The component alone, protected, which the local engine lifts for whole stacks."""

    def test_a_replacement_is_refused_before_it_begins(self, project: Local) -> None:
        (project.root / "__main__.py").write_text(PROTECTED)
        choose(project, deletion_protection=True)
        project.ok("up")
        before = project.state()
        choose(project, internal=True)
        assert "protect" in project.fails("up")
        assert [item["id"] for item in before if "id" in item] == [
            item["id"] for item in project.state() if "id" in item
        ]
        (listener,) = project.find(LISTENER)
        assert listener["inputs"]["port"] == 80, "it serves as before"

    def test_lifting_the_protection_in_the_same_step_fails_and_can_be_put_back(self, project: Local) -> None:
        choose(project, deletion_protection=False)
        assert "cannot be deleted because deletion protection is enabled" in project.fails("up")
        choose(project, internal=None)
        project.ok("up")
        (listener,) = project.find(LISTENER)
        (balancer,) = project.find(BALANCER)
        assert listener["inputs"]["loadBalancerArn"] == balancer["id"]

    def test_in_two_steps_it_is_done(self, project: Local) -> None:
        choose(project, internal=True)
        project.ok("up")
        assert project.find(BALANCER)[0]["inputs"]["internal"] is True


class TestExisting:
    """Dev behind the load balancer of another stack, which stays what it is."""

    def _stand_behind(self, project: Local, listener: str, network: dict[str, Any] | None) -> None:
        def change(platform: dict[str, Any]) -> None:
            platform["loadBalancer"] = {"existing": {"listenerArn": listener}}
            if network:
                platform["network"] = network

        project.edit(change)

    def test_services_stand_behind_it(self, project: Local) -> None:
        project.ok("up", stack="prod")
        theirs = json.loads(project.ok("outputs", "--json", stack="prod"))
        self._stand_behind(project, theirs["listenerArn"], {"existing": {"vpcId": theirs["vpcId"]}})
        project.web(image="git-1", paths=["/dev/*"])
        project.ok("up")
        assert project.find(BALANCER) == []
        assert project.find(LISTENER) == []
        (rule,) = project.find(RULE)
        assert rule["inputs"]["listenerArn"] == theirs["listenerArn"]
        ours = json.loads(project.ok("outputs", "--json"))
        for name in (
            *("loadBalancerArn", "loadBalancerDnsName", "loadBalancerZoneId", "loadBalancerSecurityGroupId"),
            *("listenerArn", "url"),
        ):
            assert ours[name] == theirs[name], name
        egress = project.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule")
        assert theirs["loadBalancerSecurityGroupId"] in {rule["inputs"]["securityGroupId"] for rule in egress}

    def test_a_second_up_changes_nothing(self, project: Local) -> None:
        project.unchanged()
        project.unchanged("prod")

    def test_one_that_is_not_there_or_in_another_vpc_is_refused(self, project: Local) -> None:
        before = project.state()
        theirs = json.loads(project.ok("outputs", "--json", stack="prod"))
        missing = theirs["listenerArn"][:-4] + "0000"
        self._stand_behind(project, missing, None)
        assert f"{missing}: there is no such listener in this region and account" in project.fails("up")
        assert project.state() == before
        self._stand_behind(project, theirs["listenerArn"], None)

    def test_down_leaves_the_other_stack_as_it_is(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")
        project.unchanged("prod")
