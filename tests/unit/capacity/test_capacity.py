"""EC2 capacity: what a group of instances is made of, what it may and may not do, and what settings are refused."""

import base64
import copy
import json
import re
import tomllib
from typing import Any

import pytest

import settings
from components import AutoScalingGroup, Cluster
from components.capacity import ec2_instances, providers
from components.capacity.args import AutoScalingGroupArgs, ClusterArgs
from components.capacity.ec2_instances import OperatingSystem
from components.capacity.providers import Capacity
from components.common.architecture import Architecture
from components.common.arn import parse
from components.network import endpoint_services

from ..conftest import Engine, Run, run_main, run_program, stack_config

GROUP, TEMPLATE, PROVIDER = (
    "autoscaling/group:Group",
    "ec2/launchTemplate:LaunchTemplate",
    "ecs/capacityProvider:CapacityProvider",
)
ASSOCIATION = "ecs/clusterCapacityProviders:ClusterCapacityProviders"
INGRESS, EGRESS = (
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)


def make(**args: Any) -> Engine:
    """Run a group with the given arguments and return what it registered."""
    needed = {"cluster_name": "demo", "vpc_id": "vpc-1", "subnet_ids": ["subnet-a", "subnet-b"]}
    values: AutoScalingGroupArgs = {**needed, **args}  # type: ignore[typeddict-item]
    return run_program(lambda: AutoScalingGroup("apps", values))


def user_data(engine: Engine) -> str:
    return base64.b64decode(engine.one(TEMPLATE)["userData"]).decode()


class TestTheGroup:
    """What the instances are, and who decides how many there are."""

    def test_it_stands_in_private_subnets_and_nobody_reaches_it(self, run: Run) -> None:
        engine = run(
            lambda: AutoScalingGroup("apps", {"cluster_name": "demo", "vpc_id": "vpc-1", "subnet_ids": ["s-a"]})
        )
        assert engine.one(GROUP)["vpcZoneIdentifiers"] == ["s-a"]
        (interface,) = engine.one(TEMPLATE)["networkInterfaces"]
        assert interface["associatePublicIpAddress"] == "false"
        assert engine.find(INGRESS) == []
        (way_out,) = engine.find(EGRESS)
        assert (way_out["cidrIpv4"], way_out["fromPort"], way_out["toPort"]) == ("0.0.0.0/0", 443, 443)

    def test_sizes_are_the_courses_and_ecs_owns_the_desired_one(self) -> None:
        engine = make()
        (group,) = engine.all(GROUP)
        assert (group.inputs["minSize"], group.inputs["desiredCapacity"], group.inputs["maxSize"]) == (1, 3, 10)
        assert group.ignore_changes == ["desiredCapacity"]

    def test_a_task_that_is_not_well_ends_no_instance(self) -> None:
        group = make().one(GROUP)
        assert group["healthCheckType"] == "EC2"
        assert group["healthCheckGracePeriod"] == 300
        assert "targetGroupArns" not in group
        assert "trafficSources" not in group

    def test_ecs_scales_it_and_ends_only_instances_without_tasks(self) -> None:
        engine = make()
        provider = engine.one(PROVIDER)["autoScalingGroupProvider"]
        assert provider["managedTerminationProtection"] == "ENABLED"
        assert provider["managedDraining"] == "ENABLED"
        scaling = provider["managedScaling"]
        assert scaling["status"] == "ENABLED"
        assert scaling["targetCapacity"] == 80
        assert (scaling["minimumScalingStepSize"], scaling["maximumScalingStepSize"]) == (1, 10)
        assert engine.one(GROUP)["protectFromScaleIn"] is True, "ECS refuses termination protection without it"

    def test_a_new_template_replaces_protected_instances_too_one_more_at_a_time(self) -> None:
        group = make().one(GROUP)
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
        values: AutoScalingGroupArgs = {"cluster_name": "demo", "vpc_id": "vpc-1", "subnet_ids": ["s-a"]}
        run_program(lambda: AutoScalingGroup("apps", values), engine=engine)
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
            ({"instance_types": ["m7i.large", "m6i.large"]}, 0, 100),
            ({"instance_types": ["m7i.large"], "on_demand_percentage": 0}, 0, 0),
            ({"instance_types": ["m7i.large"], "on_demand_percentage": 50, "on_demand_base": 2}, 2, 50),
        ],
    )
    def test_several_types_or_spot_make_a_mixed_policy(self, args: dict[str, Any], base: int, percentage: int) -> None:
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

    def test_a_warm_pool_never_takes_an_instance_back(self) -> None:
        engine = make(warm_pool={"min_size": 2})
        pool = engine.one(GROUP)["warmPool"]
        assert (pool["minSize"], pool["poolState"]) == (2, "Stopped")
        assert pool["instanceReusePolicy"] == {"reuseOnScaleIn": False}, "ECS refuses it"
        assert "ECS_WARM_POOLS_CHECK=true\n" in user_data(engine)
        assert "ECS_WARM_POOLS_CHECK" not in user_data(make())

    def test_it_starts_when_its_role_and_its_ways_out_are_there(self) -> None:
        (group,) = make().all(GROUP)
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
            ("amazonLinux2023", "X86_64", None, "ecs/optimized-ami/amazon-linux-2023/recommended"),
            ("amazonLinux2023", "ARM64", None, "ecs/optimized-ami/amazon-linux-2023/arm64/recommended"),
            ("amazonLinux2023", "ARM64", "al2023-1", "ecs/optimized-ami/amazon-linux-2023/arm64/al2023-1"),
            ("bottlerocket", "X86_64", None, "bottlerocket/aws-ecs-2/x86_64/latest"),
            ("bottlerocket", "ARM64", "1.50.0", "bottlerocket/aws-ecs-2/arm64/1.50.0"),
        ],
    )
    def test_the_image_is_awss_own_for_system_and_architecture(
        self, system: str, processor: str, version: str | None, path: str
    ) -> None:
        args = {
            "operating_system": system,
            "architecture": processor,
            **({"image_version": version} if version else {}),
        }
        assert make(**args).one(TEMPLATE)["imageId"] == f"resolve:ssm:/aws/service/{path}/image_id"

    def test_amazon_linux_joins_the_cluster_before_anything_that_may_fail(self) -> None:
        text = user_data(make())
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

    def test_the_agents_configuration_is_json_with_the_instances_dimensions(self) -> None:
        document = re.search(r"<<'METRICS'\n(.*?)\nMETRICS\n", user_data(make()), re.DOTALL)
        assert document is not None
        metrics = json.loads(document[1])["metrics"]
        assert set(metrics["metrics_collected"]) == {"mem", "disk"}
        assert metrics["append_dimensions"]["AutoScalingGroupName"] == "${aws:AutoScalingGroupName}"

    @pytest.mark.parametrize("warm", [False, True])
    def test_bottlerocket_is_told_in_its_own_language(self, warm: bool) -> None:
        engine = make(operating_system="bottlerocket", **({"warm_pool": {}} if warm else {}))
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


class TestTheCluster:
    """How groups, strategies and options come together."""

    def make(self, **args: Any) -> Engine:
        values: ClusterArgs = {"cluster_name": "demo-dev", **args}  # type: ignore[typeddict-item]
        return run_program(lambda: Cluster("cluster", values))

    def group(self, **args: Any) -> dict[str, Any]:
        return {"vpc_id": "vpc-1", "subnet_ids": ["subnet-a"], **args}

    @pytest.mark.parametrize(
        ("groups", "default"), [([], "FARGATE"), (["apps"], "demo-dev-apps-0abc123"), (["apps", "more"], "FARGATE")]
    )
    def test_the_only_group_is_the_default(self, groups: list[str], default: str) -> None:
        engine = self.make(auto_scaling_groups={name: self.group() for name in groups})
        association = engine.one(ASSOCIATION)
        made = [f"demo-dev-{name}-0abc123" for name in groups]
        assert association["capacityProviders"] == ["FARGATE", "FARGATE_SPOT", *made]
        (item,) = association["defaultCapacityProviderStrategies"]
        assert item == {"capacityProvider": default, "weight": 1, "base": 0}

    def test_a_strategy_calls_groups_by_their_names_here(self) -> None:
        strategy = [{"capacity_provider": "b", "weight": 3}, {"capacity_provider": "a", "base": 2}]
        groups = {name: self.group() for name in "ab"}
        engine = self.make(auto_scaling_groups=groups, capacity_provider_strategy=strategy)
        assert engine.one(ASSOCIATION)["defaultCapacityProviderStrategies"] == [
            {"capacityProvider": "demo-dev-b-0abc123", "weight": 3, "base": 0},
            {"capacityProvider": "demo-dev-a-0abc123", "weight": 1, "base": 2},
        ]

    def test_what_people_do_in_a_container_can_have_a_log_of_its_own(self) -> None:
        key = "arn:aws:kms:eu-west-1:123456789012:key/1"
        engine = self.make(execute_command_logging={"kms_key_arn": key}, log_group_prefix="/demo/dev/cluster")
        log = engine.one("cloudwatch/logGroup:LogGroup")
        assert (log["name"], log["retentionInDays"], log["kmsKeyId"]) == ("/demo/dev/cluster/execute-command", 90, key)
        command = engine.one("ecs/cluster:Cluster")["configuration"]["executeCommandConfiguration"]
        assert (command["logging"], command["kmsKeyId"]) == ("OVERRIDE", key)
        assert command["logConfiguration"]["cloudWatchEncryptionEnabled"] is True

    def test_managed_storage_is_encrypted_by_a_key_of_ones_own(self) -> None:
        engine = self.make(storage_kms_key_arn="arn:key")
        assert engine.one("ecs/cluster:Cluster")["configuration"]["managedStorageConfiguration"] == {
            "fargateEphemeralStorageKmsKeyId": "arn:key",
            "kmsKeyId": "arn:key",
        }

    def test_without_options_the_cluster_says_nothing_of_them_nor_of_the_account(self) -> None:
        engine = self.make()
        assert "configuration" not in engine.one("ecs/cluster:Cluster")
        assert engine.find("ecs/accountSettingDefault:AccountSettingDefault") == []

    def test_account_settings_come_before_the_instances_that_they_are_for(self) -> None:
        engine = self.make(account_settings={"awsvpc_trunking": True}, auto_scaling_groups={"apps": self.group()})
        made = engine.find("ecs/accountSettingDefault:AccountSettingDefault")
        assert {item["name"]: item["value"] for item in made} == {
            "awsvpcTrunking": "enabled",
            "containerInsights": "enabled",
        }
        (template,) = engine.all(TEMPLATE)
        assert {"cluster-awsvpcTrunking", "cluster-containerInsights"} <= {
            urn.rpartition("::")[2] for urn in template.depends_on
        }


class TestStrategies:
    """Kinds of capacity, told in one place."""

    KINDS = providers.provider_kinds(["apps", "more"], ["managed"])

    @pytest.mark.parametrize(
        ("names", "kind"),
        [
            (["FARGATE"], Capacity.FARGATE),
            (["FARGATE", "FARGATE_SPOT"], Capacity.FARGATE),
            (["apps", "more"], Capacity.AUTO_SCALING),
            (["managed"], Capacity.MANAGED_INSTANCES),
        ],
    )
    def test_a_strategy_has_one_kind(self, names: list[str], kind: Capacity) -> None:
        assert providers.strategy_kind([{"capacity_provider": name} for name in names], self.KINDS) is kind

    @pytest.mark.parametrize(
        ("names", "said"),
        [
            ([], "not none"),
            (["FARGATE", "apps"], "not AUTO_SCALING, FARGATE"),
            (["apps", "managed"], "not AUTO_SCALING, MANAGED_INSTANCES"),
            (["typo"], "typo: no such capacity provider"),
        ],
    )
    def test_anything_else_is_none(self, names: list[str], said: str) -> None:
        with pytest.raises(ValueError, match=said):
            providers.strategy_kind([{"capacity_provider": name} for name in names], self.KINDS)


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


def platform(stack: str = "dev", *, services: dict[str, Any] | None = None, **cluster: Any) -> dict[str, Any]:
    """Return a stack's settings with another cluster."""
    raw: dict[str, Any] = copy.deepcopy(stack_config(stack)[settings.KEY])
    raw["cluster"] = cluster
    raw["services"]["web"].update(services or {})
    return raw


def problems(raw: dict[str, Any]) -> dict[str, str]:
    try:
        settings.parse(raw)
    except settings.SettingsError as error:
        return {settings.path_text(problem.path): problem.advice for problem in error.problems}
    return {}


def strategy(*names: str, **values: Any) -> list[dict[str, Any]]:
    return [{"capacityProvider": name, **values} for name in names]


GROUPS: dict[str, Any] = {"apps": {}, "more": {}}
STRATEGY = "cluster.capacityProviderStrategy"


class TestRefusals:
    """Settings that AWS would refuse, or that nobody means, by name and before anything is made."""

    @pytest.mark.parametrize(
        ("items", "path", "said"),
        [
            (strategy("nothing"), f"{STRATEGY}[0].capacityProvider", "There are FARGATE, FARGATE_SPOT, apps, more"),
            (strategy("fargate"), f"{STRATEGY}[0].capacityProvider", "did you mean FARGATE?"),
            (strategy("app"), f"{STRATEGY}[0].capacityProvider", "did you mean apps?"),
            (strategy("FARGATE", "apps"), STRATEGY, "mixes Fargate and Auto Scaling groups"),
            (strategy("apps", "apps"), STRATEGY, "may stand there once"),
            (strategy("apps", "more", base=1), STRATEGY, "only one item may have a base"),
            (strategy("apps", "more", weight=0), STRATEGY, "at least one item needs a weight above 0"),
        ],
    )
    def test_a_strategy(self, items: list[dict[str, Any]], path: str, said: str) -> None:
        found = problems(platform(autoScalingGroups=GROUPS, capacityProviderStrategy=items))
        assert said in found[path]
        of_service = problems(platform(autoScalingGroups=GROUPS, services={"capacityProviderStrategy": items}))
        assert said in of_service[path.replace("cluster", "services.web")]

    def test_all_three_kinds_at_once_are_named(self) -> None:
        raw = platform(
            autoScalingGroups={"apps": {}},
            managedInstances={"managed": {}},
            capacityProviderStrategy=strategy("FARGATE", "apps", "managed"),
        )
        assert "Fargate and Auto Scaling groups and Managed Instances" in problems(raw)[STRATEGY]

    @pytest.mark.parametrize(
        ("values", "path", "said"),
        [
            ({"minSize": 5, "desiredSize": 5, "maxSize": 2}, "minSize", "is above maxSize, 2"),
            ({"minSize": 4}, "minSize", "is above desiredSize, 3"),
            ({"desiredSize": 20}, "desiredSize", "is above maxSize, 10"),
            ({"onDemandBase": 11}, "onDemandBase", "is above maxSize, 10"),
            ({"minScalingStep": 4, "maxScalingStep": 2}, "minScalingStep", "is above maxScalingStep, 2"),
            ({"instanceTypes": ["t4g.medium"]}, "instanceTypes[0]", "architecture: ARM64"),
            ({"architecture": "ARM64"}, "instanceTypes[0]", "such as t4g.medium"),
            ({"instanceTypes": ["t3.small", "g5g.xlarge"]}, "instanceTypes[1]", "has ARM64 processors"),
            ({"instanceTypes": ["mac2.metal"]}, "instanceTypes[0]", "runs containers"),
            ({"instanceTypes": ["t3.small", "t3.small"]}, "instanceTypes[1]", "twice"),
            ({"instanceTypes": ["medium"]}, "instanceTypes[0]", "such as t3.medium"),
            ({"warmPool": {}, "onDemandPercentage": 50}, "warmPool", "cannot hold Spot"),
            ({"warmPool": {"minSize": 3, "maxPrepared": 2}}, "warmPool.minSize", "is above maxPrepared, 2"),
            ({"warmPool": {"reuse": True}}, "warmPool.reuse", "unknown key"),
            ({"targetCapacity": 101}, "targetCapacity", "100"),
            ({"egress": [{"port": 443, "cidrBlock": "10.0.0.1/8"}]}, "egress[0].cidrBlock", "10.0.0.0/8"),
        ],
    )
    def test_a_group(self, values: dict[str, Any], path: str, said: str) -> None:
        found = problems(platform(autoScalingGroups={"apps": values}))
        assert said in found[f"cluster.autoScalingGroups.apps.{path}"]

    def test_a_group_that_reads_like_fargate(self) -> None:
        found = problems(platform(autoScalingGroups={"fargate-spot": {}}))
        assert "another name" in found["cluster.autoScalingGroups.fargate-spot"]

    def test_a_group_that_is_wrong_itself_is_not_unknown_as_well(self) -> None:
        raw = platform(autoScalingGroups={"apps": 5}, capacityProviderStrategy=strategy("apps"))
        assert set(problems(raw)) == {"cluster.autoScalingGroups.apps"}

    @pytest.mark.parametrize(
        ("cluster", "path", "said"),
        [
            ({"capacityProviderStrategy": strategy("FARGATE_SPOT")}, STRATEGY, "add FARGATE with a base"),
            (
                {"autoScalingGroups": {"apps": {"onDemandPercentage": 0}}},
                "cluster.autoScalingGroups.apps",
                "give apps an onDemandBase",
            ),
            (
                {
                    "autoScalingGroups": {"apps": {"onDemandPercentage": 0}, "more": {}},
                    "capacityProviderStrategy": [
                        {"capacityProvider": "apps"},
                        {"capacityProvider": "more", "weight": 0},
                    ],
                },
                STRATEGY,
                "give apps an onDemandBase",
            ),
            (
                {"managedInstances": {"managed": {"capacityOption": "SPOT"}}},
                "cluster.managedInstances.managed",
                "add Managed Instances on demand",
            ),
        ],
    )
    def test_a_protected_stack_on_spot_alone_says_so(self, cluster: dict[str, Any], path: str, said: str) -> None:
        assert said in problems(platform("prod", **cluster))[path]
        assert problems(platform("prod", **cluster, spotOnly=True)) == {}
        assert path not in problems(platform("dev", **cluster)), "a stack that is not protected may"

    @pytest.mark.parametrize(
        "cluster",
        [
            {
                "capacityProviderStrategy": [
                    {"capacityProvider": "FARGATE", "base": 1, "weight": 0},
                    *strategy("FARGATE_SPOT"),
                ]
            },
            {"autoScalingGroups": {"apps": {"onDemandPercentage": 0, "onDemandBase": 2}}},
            {"autoScalingGroups": {"apps": {"onDemandPercentage": 20}}},
            {"autoScalingGroups": {"spot": {"onDemandPercentage": 0}, "more": {}}},
        ],
    )
    def test_a_little_on_demand_is_enough(self, cluster: dict[str, Any]) -> None:
        assert problems(platform("prod", **cluster)) == {}

    def test_instances_take_addresses_too(self) -> None:
        raw = platform(autoScalingGroups={"apps": {"maxSize": 100}})
        raw["network"]["cidrBlock"] = "10.10.0.0/23"
        assert "120 tasks and instances" in problems(raw)["network.cidrBlock"]

    def test_their_endpoints_are_there_already(self) -> None:
        raw = platform(autoScalingGroups={"apps": {}})
        raw["network"].update(endpoints="private", endpointServices=["monitoring"])
        assert "has an endpoint already" in problems(raw)["network.endpointServices[0]"]
        raw["cluster"] = {}
        assert problems(raw) == {}

    def test_instances_need_a_way_to_aws_even_without_services(self) -> None:
        raw = platform(autoScalingGroups={"apps": {}})
        raw.update(services={}, network={"natGateways": "none"})
        assert "choose single or perZone" in problems(raw)["network.natGateways"]

    def test_exec_logs_are_kept_for_days_that_cloudwatch_knows(self) -> None:
        found = problems(platform(executeCommandLogging={"logRetentionDays": 42}))
        assert set(found) == {"cluster.executeCommandLogging.logRetentionDays"}


class TestTheProgram:
    """The real program with a group in its settings."""

    def run(self, **cluster: Any) -> Engine:
        config = copy.deepcopy(stack_config("dev"))
        config[settings.KEY] = platform(**cluster)
        self.program = run_main("dev", config)
        return self.program.engine

    def test_names_and_roles_carry_the_stack(self) -> None:
        engine = self.run(autoScalingGroups={"apps": {}})
        for kind in (GROUP, PROVIDER, TEMPLATE):
            (made,) = engine.all(kind)
            assert made.name == "container-platform-dev-apps"
        assert engine.one("iam/instanceProfile:InstanceProfile")["path"] == "/container-platform/dev/"
        tags = {item["key"]: item["value"] for item in engine.one(GROUP)["tags"]}
        assert tags.items() >= {"project": "container-platform", "environment": "dev"}.items()

    def test_services_follow_the_only_group(self) -> None:
        engine = self.run(autoScalingGroups={"apps": {}})
        (item,) = engine.one("ecs/service:Service")["capacityProviderStrategies"]
        assert item["capacityProvider"] == "container-platform-dev-apps-0abc123"
        published = self.program.outputs
        assert published["capacityProviders"]["apps"] == item["capacityProvider"]
        assert set(published["instanceSecurityGroupIds"]) == {"apps"}

    def test_without_instances_nothing_of_them_is_made(self) -> None:
        engine = self.run()
        assert engine.find(GROUP) == engine.find(PROVIDER) == engine.find(TEMPLATE) == []
        assert self.program.outputs["capacityProviders"] == {"FARGATE": "FARGATE", "FARGATE_SPOT": "FARGATE_SPOT"}

    def test_dev_lets_its_instances_go_at_once(self) -> None:
        assert self.run(autoScalingGroups={"apps": {}}).one(GROUP)["forceDelete"] is True


@pytest.mark.parametrize("instances", [False, True])
def test_packages_come_through_an_endpoint_that_names_its_buckets(instances: bool) -> None:
    caller = parse("arn:aws:iam::123456789012:user/somebody")
    document = json.loads(
        endpoint_services.s3_policy(caller, "eu-west-1", ["arn:aws:s3:::uploads"], instances=instances)
    )
    open_to_all = [item["Resource"] for item in document["Statement"] if "Condition" not in item]
    packages = "arn:aws:s3:::al2023-repos-eu-west-1-de612dc2/*"
    assert (packages in open_to_all) is instances


def test_instances_need_the_endpoints_of_ecs_and_cloudwatch() -> None:
    without, beside = (
        set(endpoint_services.interface_services("eu-west-1", [], instances=one)) for one in (False, True)
    )
    assert beside - without == {"ecs", "ecs-agent", "ecs-telemetry", "monitoring"}
