"""EC2 capacity on the real provider: what a group is at AWS, what each change touches, and how it goes again."""

import base64
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES

from components.capacity import ec2_instances
from components.common.architecture import Architecture
from tests.integration.conftest import Deployment, Emulator

APPS = "container-platform-dev-apps"
REVISION = {
    "create-replacement ecs/taskDefinition:TaskDefinition web",
    "replace ecs/taskDefinition:TaskDefinition web",
    "delete-replaced ecs/taskDefinition:TaskDefinition web",
}


def cluster(deployment: Deployment, **values: Any) -> None:
    """Change settings of dev's cluster; None takes one out."""

    def change(platform: dict[str, Any]) -> None:
        for name, value in values.items():
            if value is None:
                platform["cluster"].pop(name, None)
            else:
                platform["cluster"][name] = value

    deployment.edit(change)


class TestGroup:
    """Dev with an Auto Scaling group."""

    STACK = "dev"

    def test_it_comes_up_and_services_run_on_the_only_group(self, deployment: Deployment) -> None:
        deployment.set(image="git-1")
        cluster(deployment, autoScalingGroups={"apps": {}}, capacityProviderStrategy=None)
        done = deployment.run("up")
        assert {step.split()[0] for step in done.steps} == {"create"}

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        deployment.unchanged()

    def test_the_template_is_locked_up(self, deployment: Deployment, emulator: Emulator) -> None:
        data = self._template(emulator)
        assert data["ImageId"] == ec2_instances.image(
            ec2_instances.OperatingSystem.AMAZON_LINUX_2023, Architecture.X86_64
        )
        assert data["InstanceType"] == "t3.medium"
        assert data["MetadataOptions"]["HttpTokens"] == "required"
        assert data["MetadataOptions"]["HttpPutResponseHopLimit"] == 1
        (interface,) = data["NetworkInterfaces"]
        assert interface["AssociatePublicIpAddress"] is False
        (volume,) = data["BlockDeviceMappings"]
        assert (volume["Ebs"]["Encrypted"], volume["Ebs"]["VolumeType"]) == (True, "gp3")
        assert "ECS_CLUSTER=container-platform-dev\n" in base64.b64decode(data["UserData"]).decode()

    def test_the_group_is_protected_and_left_to_ecs(self, deployment: Deployment, emulator: Emulator) -> None:
        group = self._group(emulator)
        assert (group["MinSize"], group["DesiredCapacity"], group["MaxSize"]) == (1, 3, 10)
        assert group["NewInstancesProtectedFromScaleIn"] is True
        assert (group["HealthCheckType"], group["HealthCheckGracePeriod"]) == ("EC2", 300)
        assert group.get("TargetGroupARNs", []) == []
        tags = {tag["Key"]: (tag["Value"], tag["PropagateAtLaunch"]) for tag in group["Tags"]}
        assert tags == {
            "Name": (APPS, True),
            "AmazonECSManaged": ("", True),
            "project": ("container-platform", True),
            "environment": ("dev", True),
        }

    def test_instances_run_in_private_subnets_with_those_tags(self, deployment: Deployment, emulator: Emulator) -> None:
        subnets = set(deployment.run("up").outputs["privateSubnetIds"])
        found = emulator.client("ec2").describe_instances(Filters=[{"Name": "tag:Name", "Values": [APPS]}])
        instances = [one for reservation in found["Reservations"] for one in reservation["Instances"]]
        assert len(instances) == 3
        assert {one["SubnetId"] for one in instances} <= subnets

    def test_ecs_manages_scaling_termination_and_draining(self, deployment: Deployment, emulator: Emulator) -> None:
        ecs = emulator.client("ecs")
        (made,) = ecs.describe_clusters(clusters=["container-platform-dev"], include=["SETTINGS"])["clusters"]
        (name,) = set(made["capacityProviders"]) - {"FARGATE", "FARGATE_SPOT"}
        (item,) = made["defaultCapacityProviderStrategy"]
        assert (item["capacityProvider"], item["weight"]) == (name, 1)
        (provider,) = ecs.describe_capacity_providers(capacityProviders=[name])["capacityProviders"]
        managed = provider["autoScalingGroupProvider"]
        assert managed["autoScalingGroupArn"] == self._group(emulator)["AutoScalingGroupARN"]
        assert managed["managedTerminationProtection"] == managed["managedDraining"] == "ENABLED"
        scaling = managed["managedScaling"]
        assert (scaling["status"], scaling["targetCapacity"]) == ("ENABLED", 80)
        assert (scaling["minimumScalingStepSize"], scaling["maximumScalingStepSize"]) == (1, 10)

    def test_the_instances_role_has_four_policies_and_trusts_ec2(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        iam = emulator.client("iam")
        profile = self._template(emulator)["IamInstanceProfile"]["Arn"].rpartition("/")[2]
        (role,) = iam.get_instance_profile(InstanceProfileName=profile)["InstanceProfile"]["Roles"]
        attached = iam.list_attached_role_policies(RoleName=role["RoleName"])["AttachedPolicies"]
        wanted = {name.rpartition("/")[2] for name in ec2_instances.MANAGED_POLICIES}
        assert {policy["PolicyName"] for policy in attached} == wanted
        assert iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"] == []
        assert role["Path"] == "/container-platform/dev/"
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "ec2.amazonaws.com"}

    def test_what_ecs_makes_of_the_desired_size_stays(self, deployment: Deployment, emulator: Emulator) -> None:
        emulator.client("autoscaling").set_desired_capacity(
            AutoScalingGroupName=self._group(emulator)["AutoScalingGroupName"], DesiredCapacity=5
        )
        deployment.run("refresh")
        assert deployment.run("up").steps == []
        assert self._group(emulator)["DesiredCapacity"] == 5

    def test_another_instance_type_touches_template_and_group(self, deployment: Deployment, emulator: Emulator) -> None:
        cluster(deployment, autoScalingGroups={"apps": {"instanceTypes": ["t3.large"]}})
        assert set(deployment.run("up").steps) == {
            f"update ec2/launchTemplate:LaunchTemplate {APPS}",
            f"update autoscaling/group:Group {APPS}",
        }
        assert self._group(emulator)["LaunchTemplate"]["Version"] == "2"
        assert self._template(emulator)["InstanceType"] == "t3.large"
        (refresh,) = emulator.client("autoscaling").describe_instance_refreshes(
            AutoScalingGroupName=self._group(emulator)["AutoScalingGroupName"]
        )["InstanceRefreshes"]
        wanted = {"ScaleInProtectedInstances": "Refresh", "MinHealthyPercentage": 100, "MaxHealthyPercentage": 110}
        assert wanted.items() <= refresh["Preferences"].items()

    def test_the_provider_is_changed_in_place(self, deployment: Deployment) -> None:
        cluster(deployment, autoScalingGroups={"apps": {"instanceTypes": ["t3.large"], "targetCapacity": 100}})
        assert set(deployment.run("up").steps) == {f"update ecs/capacityProvider:CapacityProvider {APPS}"}

    def test_services_move_away_in_place(self, deployment: Deployment, emulator: Emulator) -> None:
        service = self._service(emulator)["serviceArn"]
        cluster(deployment, capacityProviderStrategy=[{"capacityProvider": "FARGATE"}])
        steps = set(deployment.run("up").steps)
        assert steps - REVISION == {
            "update ecs/clusterCapacityProviders:ClusterCapacityProviders cluster",
            "update ecs/service:Service web",
        }
        assert self._service(emulator)["serviceArn"] == service

    def test_then_the_group_can_go(self, deployment: Deployment, emulator: Emulator) -> None:
        cluster(deployment, autoScalingGroups=None)
        steps = set(deployment.run("up").steps)
        assert {step for step in steps if not step.startswith("delete ")} == {
            "update ecs/clusterCapacityProviders:ClusterCapacityProviders cluster"
        }
        assert emulator.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"] == []
        assert emulator.client("ec2").describe_launch_templates()["LaunchTemplates"] == []

    def test_spot_and_several_types_and_the_accounts_settings(self, deployment: Deployment, emulator: Emulator) -> None:
        cluster(
            deployment,
            autoScalingGroups={
                "apps": {
                    "architecture": "ARM64",
                    "operatingSystem": "bottlerocket",
                    "instanceTypes": ["m7g.large", "m6g.large"],
                    "desiredSize": 5,  # the emulator rounds shares down: four beyond the base part evenly
                    "onDemandBase": 1,
                    "onDemandPercentage": 25,
                    "bridgeTasks": True,
                }
            },
            accountSettings={},
            executeCommandLogging={},
        )
        deployment.run("up")
        assert deployment.run("preview").steps == []
        policy = self._group(emulator)["MixedInstancesPolicy"]
        types = [one["InstanceType"] for one in policy["LaunchTemplate"]["Overrides"]]
        assert types == ["m7g.large", "m6g.large"]
        shares = policy["InstancesDistribution"]
        assert (shares["OnDemandBaseCapacity"], shares["OnDemandPercentageAboveBaseCapacity"]) == (1, 25)
        defaults = emulator.client("ecs").list_account_settings(effectiveSettings=True)["settings"]
        assert {"name": "awsvpcTrunking", "value": "enabled"}.items() <= {
            key: value for one in defaults if one["name"] == "awsvpcTrunking" for key, value in one.items()
        }.items()

    def test_nothing_is_left(self, deployment: Deployment, emulator: Emulator) -> None:
        done = deployment.run("destroy")
        assert {step.split()[0] for step in done.steps} == {"delete"}
        assert emulator.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"] == []
        iam = emulator.client("iam")
        assert iam.list_instance_profiles()["InstanceProfiles"] == []
        states = {
            one["State"]["Name"]
            for reservation in emulator.client("ec2").describe_instances()["Reservations"]
            for one in reservation["Instances"]
        }
        assert states <= {"terminated"}

    def test_the_emulator_lacked_nothing_that_is_not_listed(self, emulator: Emulator) -> None:
        assert emulator.lacking() == []

    def _group(self, emulator: Emulator) -> Any:
        (group,) = emulator.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
        return group

    def _template(self, emulator: Emulator) -> Any:
        ec2 = emulator.client("ec2")
        (template,) = ec2.describe_launch_templates()["LaunchTemplates"]
        (version,) = ec2.describe_launch_template_versions(
            LaunchTemplateId=template["LaunchTemplateId"], Versions=["$Latest"]
        )["LaunchTemplateVersions"]
        return version["LaunchTemplateData"]

    def _service(self, emulator: Emulator) -> Any:
        found = emulator.client("ecs").describe_services(cluster="container-platform-dev", services=["dev-web"])
        return found["services"][0]


def test_the_name_of_every_instance_type_tells_its_architecture() -> None:
    """Against what EC2 says of each (DescribeInstanceTypes), as the emulator has it."""
    wrong = {}
    for name, facts in INSTANCE_TYPES.items():
        found = ec2_instances.architecture(name)
        offered = facts["ProcessorInfo"]["SupportedArchitectures"]
        expected = any(one in ("x86_64", "arm64") for one in offered)
        if (found is not None) is not expected or (found and found.value.lower() not in offered):
            wrong[name] = (found, offered)
    assert wrong == {}
    assert len(INSTANCE_TYPES) > 500
