"""An Auto Scaling group: what its instances are made of, and what they may and may not do."""

import base64
import json
import re
import tomllib
from typing import Any, Unpack

import pytest

from components import AutoScalingGroup, AutoScalingGroupArgs
from components.capacity import ec2_instances
from components.capacity.args import AutoScalingGroupChoices, AutoScalingGroupLinks
from components.capacity.ec2_instances import OperatingSystem
from components.common.architecture import Architecture

from ..conftest import Engine, Run, run_program

GROUP, TEMPLATE, PROVIDER = (
    "autoscaling/group:Group",
    "ec2/launchTemplate:LaunchTemplate",
    "ecs/capacityProvider:CapacityProvider",
)
INGRESS, EGRESS = (
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)
NEEDED: AutoScalingGroupArgs = {"cluster_name": "demo", "vpc_id": "vpc-1", "subnet_ids": ["subnet-a", "subnet-b"]}


class Changes(AutoScalingGroupChoices, AutoScalingGroupLinks, total=False):
    """What a test may change."""


def make(**changes: Unpack[Changes]) -> Engine:
    """Run a group with changes and return what it registered."""
    return run_program(lambda: AutoScalingGroup("apps", {**NEEDED, **changes}))


@pytest.fixture(scope="module")
def apps() -> Engine:
    """What a group without changes registers."""
    return make()


def user_data(engine: Engine) -> str:
    return base64.b64decode(engine.one(TEMPLATE)["userData"]).decode()


class TestTheGroup:
    """What the instances are, and who decides how many there are."""

    def test_it_stands_in_private_subnets_and_nobody_reaches_it(self, run: Run) -> None:
        engine = run(lambda: AutoScalingGroup("apps", NEEDED))
        assert engine.one(GROUP)["vpcZoneIdentifiers"] == ["subnet-a", "subnet-b"]
        (interface,) = engine.one(TEMPLATE)["networkInterfaces"]
        assert interface["associatePublicIpAddress"] == "false"
        assert engine.find(INGRESS) == []
        (way_out,) = engine.find(EGRESS)
        assert (way_out["cidrIpv4"], way_out["fromPort"], way_out["toPort"]) == ("0.0.0.0/0", 443, 443)

    def test_sizes_are_the_courses_and_ecs_owns_the_desired_one(self, apps: Engine) -> None:
        (group,) = apps.all(GROUP)
        assert (group.inputs["minSize"], group.inputs["desiredCapacity"], group.inputs["maxSize"]) == (1, 3, 10)
        assert group.ignore_changes == ["desiredCapacity"]

    def test_a_task_that_is_not_well_ends_no_instance(self, apps: Engine) -> None:
        group = apps.one(GROUP)
        assert group["healthCheckType"] == "EC2"
        assert group["healthCheckGracePeriod"] == 300
        assert "targetGroupArns" not in group
        assert "trafficSources" not in group

    def test_ecs_scales_it_and_ends_only_instances_without_tasks(self, apps: Engine) -> None:
        provider = apps.one(PROVIDER)["autoScalingGroupProvider"]
        assert provider["managedTerminationProtection"] == "ENABLED"
        assert provider["managedDraining"] == "ENABLED"
        scaling = provider["managedScaling"]
        assert scaling["status"] == "ENABLED"
        assert scaling["targetCapacity"] == 80
        assert (scaling["minimumScalingStepSize"], scaling["maximumScalingStepSize"]) == (1, 10)
        assert apps.one(GROUP)["protectFromScaleIn"] is True, "ECS refuses termination protection without it"

    def test_a_new_template_replaces_protected_instances_too_one_more_at_a_time(self, apps: Engine) -> None:
        group = apps.one(GROUP)
        preferences = group["instanceRefresh"]["preferences"]
        assert preferences["scaleInProtectedInstances"] == "Refresh"
        assert preferences["minHealthyPercentage"] == 100
        assert 100 < preferences["maxHealthyPercentage"] <= 200

    def test_the_group_names_the_templates_version_by_number(self) -> None:
        """By `$Latest` a new version would be no change of the group, and replace no instance."""
        engine = Engine()
        answer = engine.new_resource

        def with_version(args: Any) -> Any:
            id_, state = answer(args)
            return id_, {**state, **({"latestVersion": 7} if args.typ.endswith(":LaunchTemplate") else {})}

        engine.new_resource = with_version  # type: ignore[method-assign]
        run_program(lambda: AutoScalingGroup("apps", NEEDED), engine=engine)
        assert engine.one(GROUP)["launchTemplate"]["version"] == "7"

    @pytest.mark.parametrize("protect", [True, False])
    def test_only_an_unprotected_group_ends_its_instances_at_once(self, protect: bool) -> None:
        assert make(protect=protect).one(GROUP)["forceDelete"] is not protect

    def test_tags_reach_instances_volumes_and_interfaces(self) -> None:
        engine = make(name_prefix="demo-apps", tags={"project": "p", "environment": "e"})
        expected = {"Name": "demo-apps", "project": "p", "environment": "e"}
        specifications = {item["resourceType"]: item["tags"] for item in engine.one(TEMPLATE)["tagSpecifications"]}
        assert specifications == dict.fromkeys(("instance", "volume", "network-interface"), expected)
        tags = engine.one(GROUP)["tags"]
        assert {item["key"]: item["value"] for item in tags} == {**expected, "AmazonECSManaged": ""}
        assert all(item["propagateAtLaunch"] is True for item in tags)

    def test_one_type_stands_in_the_template_and_needs_no_policy(self) -> None:
        engine = make(instance_types=["t3.large"])
        assert engine.one(TEMPLATE)["instanceType"] == "t3.large"
        assert "mixedInstancesPolicy" not in engine.one(GROUP)

    @pytest.mark.parametrize(
        ("args", "base", "percentage"),
        [
            (Changes(instance_types=["m7i.large", "m6i.large"]), 0, 100),
            (Changes(instance_types=["m7i.large"], on_demand_percentage=0), 0, 0),
            (Changes(instance_types=["m7i.large"], on_demand_percentage=50, on_demand_base=2), 2, 50),
        ],
    )
    def test_several_types_or_spot_make_a_mixed_policy(self, args: Changes, base: int, percentage: int) -> None:
        engine = make(**args)
        assert "instanceType" not in engine.one(TEMPLATE)
        group = engine.one(GROUP)
        assert "launchTemplate" not in group
        policy = group["mixedInstancesPolicy"]
        assert [item["instanceType"] for item in policy["launchTemplate"]["overrides"]] == args["instance_types"]
        distribution = policy["instancesDistribution"]
        assert distribution["onDemandBaseCapacity"] == base
        assert distribution["onDemandPercentageAboveBaseCapacity"] == percentage
        assert distribution["spotAllocationStrategy"] == "price-capacity-optimized"

    def test_a_warm_pool_never_takes_an_instance_back(self, apps: Engine) -> None:
        engine = make(warm_pool={"min_size": 2})
        pool = engine.one(GROUP)["warmPool"]
        assert (pool["minSize"], pool["poolState"]) == (2, "Stopped")
        assert pool["instanceReusePolicy"] == {"reuseOnScaleIn": False}, "ECS refuses it"
        assert "ECS_WARM_POOLS_CHECK=true\n" in user_data(engine)
        assert "ECS_WARM_POOLS_CHECK" not in user_data(apps)

    def test_it_starts_when_its_role_and_its_ways_out_are_there(self, apps: Engine) -> None:
        (group,) = apps.all(GROUP)
        waited = {urn.rpartition("::")[2] for urn in group.depends_on}
        assert {f"apps-{policy.rpartition('/')[2]}" for policy in ec2_instances.MANAGED_POLICIES} <= waited
        assert "apps-to-443-0.0.0.0/0" in waited

    @pytest.mark.parametrize("prefix", ["aws-shop-dev", "ECS-dev", "fargate"])
    def test_the_provider_gets_no_name_that_ecs_refuses(self, prefix: str) -> None:
        (provider,) = make(name_prefix=f"{prefix}-apps").all(PROVIDER)
        assert not provider.name.lower().startswith(("aws", "ecs", "fargate"))
        assert "name" not in provider.inputs, "a fixed name could not be replaced"


class TestTheInstances:
    """How an instance is locked up, and what it is told."""

    @pytest.mark.parametrize(("bridge", "hops"), [(False, 1), (True, 2)])
    def test_metadata_needs_a_token_and_stays_out_of_containers(self, bridge: bool, hops: int) -> None:
        options = make(bridge_tasks=bridge).one(TEMPLATE)["metadataOptions"]
        assert options["httpTokens"] == "required"
        assert options["httpPutResponseHopLimit"] == hops

    @pytest.mark.parametrize(
        ("system", "devices"),
        [
            (OperatingSystem.AMAZON_LINUX_2023, {"/dev/xvda": 50}),
            (OperatingSystem.BOTTLEROCKET, {"/dev/xvda": None, "/dev/xvdb": 50}),
        ],
    )
    def test_every_volume_is_encrypted(self, system: OperatingSystem, devices: dict[str, int | None]) -> None:
        key = "arn:aws:kms:eu-west-1:123456789012:key/1"
        engine = make(operating_system=system, root_volume_size=50, root_volume_kms_key_arn=key)
        volumes = {item["deviceName"]: item["ebs"] for item in engine.one(TEMPLATE)["blockDeviceMappings"]}
        assert {device: volume.get("volumeSize") for device, volume in volumes.items()} == devices
        for volume in volumes.values():
            assert (volume["encrypted"], volume["volumeType"], volume["kmsKeyId"]) == ("true", "gp3", key)

    @pytest.mark.parametrize(
        ("system", "processor", "version", "path"),
        [
            (
                OperatingSystem.AMAZON_LINUX_2023,
                Architecture.X86_64,
                None,
                "ecs/optimized-ami/amazon-linux-2023/recommended",
            ),
            (
                OperatingSystem.AMAZON_LINUX_2023,
                Architecture.ARM64,
                None,
                "ecs/optimized-ami/amazon-linux-2023/arm64/recommended",
            ),
            (
                OperatingSystem.AMAZON_LINUX_2023,
                Architecture.ARM64,
                "al2023-1",
                "ecs/optimized-ami/amazon-linux-2023/arm64/al2023-1",
            ),
            (OperatingSystem.BOTTLEROCKET, Architecture.X86_64, None, "bottlerocket/aws-ecs-2/x86_64/latest"),
            (OperatingSystem.BOTTLEROCKET, Architecture.ARM64, "1.50.0", "bottlerocket/aws-ecs-2/arm64/1.50.0"),
        ],
    )
    def test_the_image_is_awss_own_for_system_and_architecture(
        self, system: OperatingSystem, processor: Architecture, version: str | None, path: str
    ) -> None:
        args: Changes = {"operating_system": system, "architecture": processor}
        if version:
            args["image_version"] = version
        assert make(**args).one(TEMPLATE)["imageId"] == f"resolve:ssm:/aws/service/{path}/image_id"

    def test_amazon_linux_joins_the_cluster_before_anything_that_may_fail(self, apps: Engine) -> None:
        text = user_data(apps)
        assert text.startswith("#!/bin/bash\n")
        config = re.search(r"cat >> /etc/ecs/ecs.config <<'SETTINGS'\n(.*?)\nSETTINGS\n", text, re.DOTALL)
        assert config is not None
        assert set(config[1].splitlines()) == {
            "ECS_CLUSTER=demo",
            "ECS_ENABLE_CONTAINER_METADATA=true",
            "ECS_ENABLE_TASK_IAM_ROLE=true",
            "ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST=true",
            "ECS_AWSVPC_BLOCK_IMDS=true",
            "ECS_ENABLE_SPOT_INSTANCE_DRAINING=true",
        }
        assert text.index("SETTINGS\nagent") < text.index("if dnf install")

    def test_the_agents_configuration_is_json_with_the_instances_dimensions(self, apps: Engine) -> None:
        document = re.search(r"<<'METRICS'\n(.*?)\nMETRICS\n", user_data(apps), re.DOTALL)
        assert document is not None
        metrics = json.loads(document[1])["metrics"]
        assert set(metrics["metrics_collected"]) == {"mem", "disk"}
        assert metrics["append_dimensions"]["AutoScalingGroupName"] == "${aws:AutoScalingGroupName}"

    @pytest.mark.parametrize("warm", [False, True])
    def test_bottlerocket_is_told_in_its_own_language(self, warm: bool) -> None:
        args: Changes = {"operating_system": OperatingSystem.BOTTLEROCKET}
        if warm:
            args["warm_pool"] = {}
        engine = make(**args)
        told = tomllib.loads(user_data(engine))["settings"]
        assert told["ecs"] == {
            "cluster": "demo",
            "enable-container-metadata": True,
            "awsvpc-block-imds": True,
            "enable-spot-instance-draining": True,
        }
        assert told.get("autoscaling") == ({"should-wait": True} if warm else None)

    def test_the_role_has_what_ecs_needs_and_nothing_else(self) -> None:
        engine = make(role_path="/p/s/")
        role = engine.one("iam/role:Role")
        assert json.loads(role["assumeRolePolicy"])["Statement"] == [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ]
        attached = {item["policyArn"] for item in engine.find("iam/rolePolicyAttachment:RolePolicyAttachment")}
        assert attached == {
            "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
            "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
            "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
            "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
        }
        assert engine.find("iam/rolePolicy:RolePolicy") == []
        assert (role["path"], engine.one("iam/instanceProfile:InstanceProfile")["path"]) == ("/p/s/", "/p/s/")

    def test_bridge_tasks_are_reached_from_the_load_balancer_only(self) -> None:
        engine = make(bridge_tasks=True, load_balancer_security_group_id="sg-balancer")
        (way_in,) = engine.find(INGRESS)
        assert way_in["referencedSecurityGroupId"] == "sg-balancer"
        assert (way_in["fromPort"], way_in["toPort"]) == (32768, 65535)
        (way_out,) = [rule for rule in engine.find(EGRESS) if rule["securityGroupId"] == "sg-balancer"]
        assert (way_out["fromPort"], way_out["toPort"]) == (32768, 65535)

    def test_without_bridge_tasks_the_load_balancer_is_no_concern(self) -> None:
        engine = make(load_balancer_security_group_id="sg-balancer")
        assert engine.find(INGRESS) == []
        assert all(rule["securityGroupId"] != "sg-balancer" for rule in engine.find(EGRESS))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *((name, Architecture.X86_64) for name in ("t3.medium", "m7i-flex.large", "g5.xlarge", "g4dn.xlarge")),
        *((name, Architecture.X86_64) for name in ("hpc6id.32xlarge", "is4.large", "gr6.4xlarge", "u-6tb1.metal")),
        *((name, Architecture.X86_64) for name in ("u7in-16tb.224xlarge", "p6-b200.48xlarge", "x2iedn.xlarge")),
        *((name, Architecture.ARM64) for name in ("t4g.medium", "m7gd.large", "g5g.xlarge", "a1.medium")),
        *((name, Architecture.ARM64) for name in ("im4gn.large", "is4gen.large", "hpc7g.4xlarge", "c8gn.large")),
        *((name, Architecture.ARM64) for name in ("x2gd.medium", "i8ge.large", "p6e-gb200.36xlarge")),
        *((name, None) for name in ("mac2.metal", "mac-m4.metal", "mac1.metal", "large")),
    ],
)
def test_a_types_name_tells_its_architecture(name: str, expected: Architecture | None) -> None:
    assert ec2_instances.architecture(name) is expected
