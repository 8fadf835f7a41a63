"""What is more than AWS takes is refused beforehand, at exactly the number; what AWS can raise is a setting."""

import ipaddress
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import settings
from components.capacity import instance_sizes

from ..conftest import run_main, stack_config
from .test_settings import problems

ACCOUNT = "123456789012"


def dev(**sections: Any) -> dict[str, Any]:
    """Return dev's settings with some sections replaced."""
    raw: dict[str, Any] = {**stack_config("dev")[settings.KEY], **sections}
    return raw


def ranges(count: int, start: str = "198.18.0.0") -> list[str]:
    """Return ranges that do not adjoin."""
    first = int(ipaddress.IPv4Address(start))
    return [f"{ipaddress.IPv4Address(first + 512 * number)}/24" for number in range(count)]


def services(count: int, **values: Any) -> dict[str, Any]:
    """Return services that differ in their hosts and ports."""
    made = {}
    for number in range(count):
        own = {key: value(number) if callable(value) else value for key, value in values.items()}
        made[f"s{number}"] = {"repository": "web", "maxTasks": 2, "hosts": [f"s{number}.example.com"], **own}
    return made


def ordered(count: int, **values: Any) -> dict[str, Any]:
    return services(count, priority=lambda number: number + 1, **values)


def behind_network_balancer(count: int) -> dict[str, Any]:
    return services(count, hosts=[], networkListener=lambda number: {"port": 1000 + number})


CERTIFICATE = {"certificateArns": [f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1"]}


class TestSecurityGroups:
    """60 rules each way, for each IP version."""

    @pytest.mark.parametrize(
        ("balancer", "most"),
        [({}, 60), (CERTIFICATE, 30), ({"domain": {"name": "a.example.com", "zone": "example.com"}}, 30)],
    )
    def test_ranges_of_the_load_balancer(self, balancer: dict[str, Any], most: int) -> None:
        assert settings.parse(dev(loadBalancer={**balancer, "allowedCidrBlocks": ranges(most)}))
        raw = dev(loadBalancer={**balancer, "allowedCidrBlocks": ranges(most + 1)})
        (told,) = problems(raw).items()
        assert told[0] == "loadBalancer.allowedCidrBlocks"
        assert "has at most 60" in told[1]
        assert f"List at most {most} ranges" in told[1]
        assert settings.parse({**raw, "quotas": {"securityGroupRules": 62}})

    def test_ranges_that_adjoin_are_told_how_many_they_are(self) -> None:
        blocks = [str(one) for one in ipaddress.ip_network("198.18.0.0/18").subnets(new_prefix=24)]
        found = problems(dev(loadBalancer={"allowedCidrBlocks": blocks}))
        assert "merged where they adjoin, they are 1" in found["loadBalancer.allowedCidrBlocks"]

    def test_ipv6_has_sixty_of_its_own(self) -> None:
        network = {**stack_config("dev")[settings.KEY]["network"], "ipv6": True}
        six = [f"2001:db8:{number:x}::/48" for number in range(61)]
        both = {"allowedCidrBlocks": ranges(60), "allowedIpv6CidrBlocks": six[:60]}
        assert settings.parse(dev(network=network, loadBalancer=both))
        found = problems(dev(network=network, loadBalancer={**both, "allowedIpv6CidrBlocks": six}))
        assert set(found) == {"loadBalancer.allowedIpv6CidrBlocks"}

    def test_services_behind_the_load_balancer(self) -> None:
        assert settings.parse(dev(services=ordered(60)))
        told = problems(dev(services=ordered(61)))["services"]
        assert "61 egress rules" in told
        assert "quotas.securityGroupRules" in told
        raised = {"securityGroupRules": 200}
        assert settings.parse(dev(services=ordered(100), quotas=raised))
        assert "at most 100 target groups" in problems(dev(services=ordered(101), quotas=raised))["services"]

    def test_bridge_tasks_share_one_rule_of_their_group(self) -> None:
        group = {"autoScalingGroups": {"apps": {"bridgeTasks": True}}}
        assert settings.parse(dev(cluster=group, services=ordered(99, networkMode="bridge")))

    def test_listeners_of_the_network_load_balancer(self) -> None:
        assert settings.parse(dev(services=behind_network_balancer(50), networkLoadBalancer={}))
        told = problems(dev(services=behind_network_balancer(51), networkLoadBalancer={}))
        assert "at most 50" in told["services"]

    def test_ranges_of_the_network_load_balancer_for_every_port(self) -> None:
        two = behind_network_balancer(2)
        assert settings.parse(dev(services=two, networkLoadBalancer={"allowedCidrBlocks": ranges(30)}))
        found = problems(dev(services=two, networkLoadBalancer={"allowedCidrBlocks": ranges(31)}))
        assert "62 rules" in found["networkLoadBalancer.allowedCidrBlocks"]
        many = behind_network_balancer(21)
        internal = {"internal": True, "allowedCidrBlocks": ["10.0.0.0/8"]}
        assert settings.parse(dev(services=many, networkLoadBalancer=internal))
        found = problems(dev(services=many, networkLoadBalancer={"internal": True}))
        assert "63 rules" in found["networkLoadBalancer.allowedCidrBlocks"]

    @pytest.mark.parametrize(("endpoints", "most"), [("gateway", 60), ("private", 58)])
    def test_egress(self, endpoints: str, most: int) -> None:
        network = {**stack_config("dev")[settings.KEY]["network"], "endpoints": endpoints}

        def raw(count: int) -> dict[str, Any]:
            rules = [{"port": 443, "cidrBlock": "0.0.0.0/0"}]
            rules += [{"port": 5432, "cidrBlock": block} for block in ranges(count - 1)]
            made = dev(network=network, cluster={"autoScalingGroups": {"apps": {"egress": rules}}})
            made["cluster"] |= {"managedInstances": {"more": {"egress": rules}}}
            made["services"]["web"] |= {"egress": rules, "capacityProviderStrategy": [{"capacityProvider": "apps"}]}
            return made

        assert settings.parse(raw(most))
        assert set(problems(raw(most + 1))) == {
            "services.web.egress",
            "cluster.autoScalingGroups.apps.egress",
            "cluster.managedInstances.more.egress",
        }

    def test_callers_of_the_endpoints(self) -> None:
        network = {"cidrBlock": "10.0.0.0/16", "endpoints": "private", "natGateways": "none"}
        cluster = {
            "autoScalingGroups": {"apps": {}},
            "capacityProviderStrategy": [{"capacityProvider": "FARGATE"}],
        }
        assert settings.parse(dev(network=network, cluster=cluster, services=ordered(59)))
        told = problems(dev(network=network, cluster=cluster, services=ordered(60)))
        assert "61 rules of the endpoints' security group" in told["network.endpoints"]
        existing = {"existing": {"vpcId": "vpc-0abc", "endpointSecurityGroupId": "sg-0abc"}}
        told = problems(dev(network=existing, cluster=cluster, services=ordered(60)))
        assert "61 rules" in told["network.existing.endpointSecurityGroupId"]


def test_interface_endpoints() -> None:
    network = {"endpoints": "private", "endpointServices": [f"x{number}" for number in range(44)]}
    assert settings.parse(dev(network=network))
    network["endpointServices"] = [f"x{number}" for number in range(45)]
    assert "51 interface endpoints" in problems(dev(network=network))["network.endpointServices"]
    assert settings.parse(dev(network=network, quotas={"interfaceEndpoints": 51}))


def test_elastic_addresses() -> None:
    network = {"availabilityZoneCount": 3, "natGateways": "single"}
    balancer = {"staticAddresses": True}
    assert settings.parse(dev(network=network, networkLoadBalancer=balancer))
    network["natGateways"] = "perZone"
    told = problems(dev(network=network, networkLoadBalancer=balancer))["networkLoadBalancer.staticAddresses"]
    assert "needs 3 addresses, beside 3" in told
    assert settings.parse(dev(network=network, networkLoadBalancer=balancer, quotas={"elasticAddresses": 6}))


def test_names_on_a_certificate() -> None:
    def domain(count: int) -> dict[str, Any]:
        names = [f"n{number}.example.com" for number in range(count - 1)]
        return {"domain": {"name": "a.example.com", "zone": "example.com", "alternativeNames": names}}

    assert settings.parse(dev(loadBalancer=domain(10)))
    told = problems(dev(loadBalancer=domain(11)))["loadBalancer.domain.alternativeNames"]
    assert "at most 10" in told
    assert settings.parse(dev(loadBalancer=domain(100), quotas={"certificateNames": 100}))


def test_capacity_providers() -> None:
    groups: dict[str, Any] = {f"g{number}": {} for number in range(10)}
    managed: dict[str, Any] = {f"m{number}": {} for number in range(8)}
    strategy = [{"capacityProvider": "FARGATE"}]
    cluster = {"autoScalingGroups": groups, "managedInstances": managed, "capacityProviderStrategy": strategy}
    network = {"cidrBlock": "10.0.0.0/16"}
    assert settings.parse(dev(cluster=cluster, network=network))
    managed["m8"] = {}
    assert "21 capacity providers" in problems(dev(cluster=cluster, network=network))["cluster"]


@pytest.mark.parametrize(
    "quotas", [{"securityGroupRules": 59}, {"securityGroupRules": 1001}, {"certificateNames": 101}]
)
def test_a_quota_is_no_less_than_the_default_and_no_more_than_aws_gives(quotas: dict[str, int]) -> None:
    assert set(problems(dev(quotas=quotas))) == {f"quotas.{next(iter(quotas))}"}


class TestDocuments:
    """What grows with a list has a size."""

    @given(st.integers(0, 70_000), st.sampled_from("xä\u20ac"))
    def test_a_task_definition_is_refused_where_it_cannot_fit(self, length: int, letter: str) -> None:
        raw = dev()
        raw["services"]["web"]["environment"] = {"A": letter * (length // len(letter.encode()))}
        size = len(letter.encode()) * (length // len(letter.encode()))
        if size > 65_536:
            assert "ECS takes 65536" in problems(raw)["services.web.environment"]
        elif size < 64_000:
            assert settings.parse(raw)

    @pytest.mark.parametrize("command", [None, ["CMD", "true"]])
    def test_what_is_judged_is_what_is_sent_to_the_byte(self, command: list[str] | None) -> None:
        raw = stack_config("dev")
        web = raw[settings.KEY]["services"]["web"]
        web |= {"image": "git-abc1234", "healthCheckCommand": command, "environment": {"A": "x"}}
        if command is None:
            del web["healthCheckCommand"]
        del web["generatedSecret"]  # its name has a random end
        sent = run_main("dev", raw).engine.one("ecs/taskDefinition:TaskDefinition")["containerDefinitions"]
        room = 65_536 - len(json.dumps(json.loads(sent), separators=(",", ":")))
        web["environment"] = {"A": "x" * (1 + room)}
        run_main("dev", raw)
        web["environment"] = {"A": "x" * (2 + room)}
        with pytest.raises(Exception, match="makes a task definition of 65537 bytes, but ECS takes 65536"):
            run_main("dev", raw)

    def test_the_policy_of_the_role_that_reads_secrets(self) -> None:
        def raw(count: int) -> dict[str, Any]:
            made = dev()
            made["services"]["web"]["secrets"] = {
                f"S{number}": f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:prod/shop/{number:03}-AbCdEf"
                for number in range(count)
            }
            return made

        assert settings.parse(raw(100))
        assert "IAM takes 10240" in problems(raw(140))["services.web.secrets"]
        keys = dev()
        keys["services"]["web"]["secrets"] = {
            f"S{number}": f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:prod-AbCdEf:{number}::"
            for number in range(300)
        }
        assert settings.parse(keys), "many keys of one secret are one resource"

    def test_the_policy_of_a_repository(self) -> None:
        def raw(count: int) -> dict[str, Any]:
            roles = [f"arn:aws:iam::{ACCOUNT}:role/path/to/a/role/{number:04}" for number in range(count)]
            return dev(registry={"repositories": {"web": {"pullPrincipals": roles}}})

        assert settings.parse(raw(150))
        assert "ECR takes 10240" in problems(raw(220))["registry.repositories.web"]

    def test_the_policy_of_the_registry(self) -> None:
        def raw(count: int) -> dict[str, Any]:
            accounts = [f"{number:012}" for number in range(count)]
            return dev(registry={"repositories": {"web": {}}, "account": {"replicationAccounts": accounts}})

        assert settings.parse(raw(200))
        assert "ECR takes 10240" in problems(raw(400))["registry.account"]

    def test_rules_of_a_lifecycle(self) -> None:
        def raw(count: int) -> dict[str, Any]:
            rules = [{"tagPatterns": [f"p{number}x*"], "expireDays": 3} for number in range(count)]
            web = {"releaseTagPrefixes": ["v"], "lifecycleRules": rules}
            return dev(registry={"repositories": {"web": web}})

        assert settings.parse(raw(47))
        assert "51 rules" in problems(raw(48))["registry.repositories.web.lifecycleRules"]
        prefixes = [f"p{number}x" for number in range(49)]
        template = {"creationTemplates": {"x": {"releaseTagPrefixes": prefixes}}}
        found = problems(dev(registry={"repositories": {"web": {}}, "account": template}))
        assert "51 rules" in found["registry.account.creationTemplates.x.releaseTagPrefixes"]

    def test_the_policy_of_the_endpoint_for_s3(self) -> None:
        def raw(count: int) -> dict[str, Any]:
            return dev(network={"endpointBucketArns": [f"arn:aws:s3:::bucket-{number:04}" for number in range(count)]})

        assert settings.parse(raw(300))
        assert "takes 20480" in problems(raw(400))["network.endpointBucketArns"]

    def test_lists_that_an_api_limits(self) -> None:
        subnets = {"existing": {"vpcId": "vpc-0abc", "privateSubnetIds": [f"subnet-{number}" for number in range(17)]}}
        assert set(problems(dev(network=subnets))) == {"network.existing.privateSubnetIds"}
        caches = {f"p{number}": {"upstreamRegistryUrl": "public.ecr.aws"} for number in range(51)}
        registry = {"repositories": {"web": {}}, "account": {"pullThroughCaches": caches}}
        assert set(problems(dev(registry=registry))) == {"registry.account.pullThroughCaches"}
        rules = {"webAcl": {"countedRules": [f"R{number}" for number in range(101)]}}
        assert set(problems(dev(loadBalancer=rules))) == {"loadBalancer.webAcl.countedRules"}


class TestSizes:
    """Tasks must fit on some instance of each capacity provider."""

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("t3.medium", (2, 4096)),
            ("t2.micro", (1, 1024)),
            ("t4g.nano", (2, 512)),
            ("m7g.medium", (1, 4096)),
            ("m5.large", (2, 8192)),
            ("c7i-flex.4xlarge", (16, 32_768)),
            ("r6gd.16xlarge", (64, 524_288)),
            ("c5.18xlarge", (72, 147_456)),
            ("g5.48xlarge", (192, 786_432)),
            ("m7i.metal-24xl", (96, 393_216)),
            ("x2iedn.xlarge", (4, 131_072)),
            ("m5.metal", None),
            ("c4.8xlarge", None),
            ("c5n.large", None),
            ("u7i-12tb.224xlarge", None),
            ("hpc7g.4xlarge", None),
            ("zz9.large", None),
            ("t3.metal", None),
        ],
    )
    def test_the_size_of_a_type(self, name: str, expected: tuple[int, int] | None) -> None:
        assert instance_sizes.size(name) == expected

    @staticmethod
    def raw(cpu: int, memory: int, **capacity: Any) -> dict[str, Any]:
        made = dev(cluster=capacity)
        made["services"]["web"] |= {"cpu": cpu, "memory": memory}
        return made

    @pytest.mark.parametrize(
        ("cpu", "memory", "at"),
        [(2048, 4095, None), (2049, 512, "cpu"), (256, 4096, "memory"), (4096, 8192, "memory"), (2048, 8000, "memory")],
    )
    def test_on_a_group(self, cpu: int, memory: int, at: str | None) -> None:
        raw = self.raw(cpu, memory, autoScalingGroups={"apps": {"instanceTypes": ["t3.medium", "t3.small"]}})
        if at is None:
            assert settings.parse(raw)
            return
        ((path, told),) = problems(raw).items()
        assert path == f"services.web.{at}"
        assert "apps: the largest, t3.medium, has 2 vCPUs and 4096 MiB" in told

    def test_one_type_that_is_large_enough_or_unknown_will_do(self) -> None:
        for other in ("m5.2xlarge", "c5n.large"):
            groups = {"apps": {"instanceTypes": ["t3.medium", other]}}
            assert settings.parse(self.raw(4096, 16_384, autoScalingGroups=groups))

    def test_a_provider_that_gets_no_task_is_not_judged(self) -> None:
        groups = {"apps": {"instanceTypes": ["m5.2xlarge"]}, "small": {}}
        strategy = [{"capacityProvider": "apps"}, {"capacityProvider": "small", "weight": 0}]
        assert settings.parse(self.raw(4096, 16_384, autoScalingGroups=groups, capacityProviderStrategy=strategy))

    @pytest.mark.parametrize(
        ("managed", "at"),
        [
            ({"maxVcpus": 2}, "cpu"),
            ({"maxVcpus": 4}, None),
            ({"maxMemory": 8192}, "memory"),
            ({"maxMemory": 8193}, None),
            ({"instanceTypes": ["m7i.large"]}, "memory"),
            ({"instanceTypes": ["m7i.*"]}, None),
            ({}, None),
        ],
    )
    def test_on_managed_instances(self, managed: dict[str, Any], at: str | None) -> None:
        raw = self.raw(4096, 8192, managedInstances={"more": managed})
        if at is None:
            assert settings.parse(raw)
        else:
            assert f"services.web.{at}" in problems(raw)
