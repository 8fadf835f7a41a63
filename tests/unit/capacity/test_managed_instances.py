"""Managed Instances under mocks: what ECS is allowed, what it may choose, and that nobody reaches them."""

import json
from typing import Any, cast

import pytest

from components import ManagedInstances
from components.capacity.args import CapacityOption, ManagedInstancesArgs
from components.common.architecture import Architecture

from ..conftest import Engine, Run

PROVIDER = "ecs/capacityProvider:CapacityProvider"
EGRESS = "vpc/securityGroupEgressRule:SecurityGroupEgressRule"
INGRESS = "vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def instances(**changes: Any) -> ManagedInstances:
    arguments = {"cluster_name": "main", "vpc_id": "vpc-0abc", "subnet_ids": ["subnet-private-a"], "role_path": "/p/s/"}
    return ManagedInstances("cluster-large", cast(ManagedInstancesArgs, {**arguments, **changes}))


def template(engine: Engine) -> dict[str, Any]:
    made = engine.one(PROVIDER)["managedInstancesProvider"]["instanceLaunchTemplate"]
    return cast(dict[str, Any], made)


def test_every_child_belongs_to_its_component(run: Run) -> None:
    engine = run(instances)
    strays = [i.name for i in engine.resources if i.type.startswith("aws:") and "ManagedInstances" not in i.parent]
    assert strays == []


def test_they_serve_one_cluster_in_private_subnets(run: Run) -> None:
    engine = run(instances)
    assert engine.one(PROVIDER)["cluster"] == "main"
    assert template(engine)["networkConfiguration"]["subnets"] == ["subnet-private-a"]
    assert "name" not in engine.one(PROVIDER), "a fixed name could not be replaced while services use it"


def test_tags_reach_the_instances_and_costs_are_as_low_as_aws_makes_them(run: Run) -> None:
    engine = run(instances)
    provider = engine.one(PROVIDER)["managedInstancesProvider"]
    assert provider["propagateTags"] == "CAPACITY_PROVIDER"
    assert "infrastructureOptimization" not in provider
    assert template(engine)["monitoring"] == "BASIC"
    assert template(engine)["capacityOptionType"] == "ON_DEMAND"
    assert template(engine)["storageConfiguration"] == {"storageSizeGib": 80}


@pytest.mark.parametrize(
    ("architecture", "expected"),
    [(Architecture.X86_64, ["amd", "intel"]), (Architecture.ARM64, ["amazon-web-services"])],
)
def test_only_instances_of_the_architecture_are_chosen(
    run: Run, architecture: Architecture, expected: list[str]
) -> None:
    requirements = template(run(lambda: instances(architecture=architecture)))["instanceRequirements"]
    assert requirements == {
        "cpuManufacturers": expected,
        "instanceGenerations": ["current"],
        "vcpuCount": {"min": 1},
        "memoryMib": {"min": 1024},
    }


def test_the_choice_can_be_narrowed(run: Run) -> None:
    engine = run(
        lambda: instances(
            instance_types=["m7g.*", "c7g.*"],
            architecture=Architecture.ARM64,
            min_vcpus=2,
            max_vcpus=8,
            min_memory=4096,
            max_memory=16384,
            capacity_option=CapacityOption.SPOT,
            storage_size=100,
            detailed_monitoring=True,
            scale_in_seconds=600,
        )
    )
    made = template(engine)
    assert made["instanceRequirements"] == {
        "allowedInstanceTypes": ["c7g.*", "m7g.*"],
        "cpuManufacturers": ["amazon-web-services"],
        "vcpuCount": {"min": 2, "max": 8},
        "memoryMib": {"min": 4096, "max": 16384},
    }
    assert (made["capacityOptionType"], made["monitoring"]) == ("SPOT", "DETAILED")
    optimization = engine.one(PROVIDER)["managedInstancesProvider"]["infrastructureOptimization"]
    assert optimization == {"scaleInAfter": 600}


def test_numbers_from_another_language_are_whole(run: Run) -> None:
    """A hosted component is given floats."""
    made = template(run(lambda: instances(min_vcpus=2.0, max_memory=8192.0, storage_size=50.0)))
    assert made["instanceRequirements"]["memoryMib"] == {"min": 1024, "max": 8192}
    assert made["storageConfiguration"] == {"storageSizeGib": 50}


def test_each_role_is_one_services_and_has_awss_own_policy(run: Run) -> None:
    engine = run(instances)
    trusts, policies = {}, {}
    for purpose in ("instance", "infrastructure"):
        role = engine.one("iam/role:Role", f"cluster-large-{purpose}")
        assert role["path"] == "/p/s/"
        (statement,) = json.loads(role["assumeRolePolicy"])["Statement"]
        trusts[purpose] = statement["Principal"]["Service"]
        attachment = engine.one("iam/rolePolicyAttachment:RolePolicyAttachment", f"cluster-large-{purpose}")
        policies[purpose] = attachment["policyArn"]
    assert trusts == {"instance": "ec2.amazonaws.com", "infrastructure": "ecs.amazonaws.com"}
    assert policies == {
        "instance": "arn:aws:iam::aws:policy/AmazonECSInstanceRolePolicyForManagedInstances",
        "infrastructure": "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForManagedInstances",
    }


def test_ecs_gives_instances_this_role_and_no_other(run: Run) -> None:
    engine = run(instances)
    (statement,) = json.loads(engine.one("iam/rolePolicy:RolePolicy")["policy"])["Statement"]
    assert statement["Action"] == ["iam:PassRole"]
    (resource,) = statement["Resource"]
    assert resource.endswith(":cluster-large-instance")
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}


def test_nobody_reaches_the_instances(run: Run) -> None:
    engine = run(instances)
    assert engine.find(INGRESS) == []
    (rule,) = engine.find(EGRESS)
    assert (rule["fromPort"], rule["toPort"], rule["cidrIpv4"]) == (443, 443, "0.0.0.0/0")
    assert not {"ingress", "egress"} & set(engine.one("ec2/securityGroup:SecurityGroup"))


def test_behind_endpoints_they_reach_those_and_s3_and_nothing_else(run: Run) -> None:
    engine = run(lambda: instances(egress=[], endpoint_security_group_id="sg-endpoints", s3_prefix_list_id="pl-s3"))
    targets = {rule.get("referencedSecurityGroupId") or rule.get("prefixListId") for rule in engine.find(EGRESS)}
    assert targets == {"sg-endpoints", "pl-s3"}
    (admitted,) = engine.find(INGRESS)
    assert admitted["securityGroupId"] == "sg-endpoints"


def test_whatever_ecs_needs_is_there_until_the_last_instance_is_gone(run: Run) -> None:
    engine = run(lambda: instances(endpoint_security_group_id="sg-endpoints"))
    (provider,) = engine.all(PROVIDER)
    needed = {urn.rpartition("$")[2].partition("::")[0] for urn in provider.depends_on}
    assert {
        f"aws:{EGRESS}",
        f"aws:{INGRESS}",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    } <= needed
