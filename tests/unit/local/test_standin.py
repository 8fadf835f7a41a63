"""The stand-in's pure parts: what replaces, what is refused, how subnets lie, what ARNs look like."""

import ipaddress
import json
import re
from pathlib import Path
from typing import Any

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime.proto import provider_pb2

from components.registry import lifecycle
from components.tasks import container_definitions
from local.standin import documents, wire
from local.standin.account import Account, Resources
from local.standin.aws import AwsServicer
from local.standin.behaviour import UNKNOWN, Refused
from local.standin.components.subnets import SubnetSpec, ipv6_part, layout
from local.standin.diff import changed_paths
from local.standin.memory import Memory
from local.standin.place import Place
from local.standin.services import behaviour
from local.standin.services.ecs import CRASHING
from local.standin.table import TABLE


def account(region: str = "us-east-1") -> Account:
    """Return an account in which nothing is."""
    return Account(Place(region), Memory(), Resources())


def faults(token: str, inputs: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what AWS would say is wrong with a resource's inputs."""
    known = behaviour(token)
    return [*documents.faults(known.documents, inputs), *known.faults(inputs)]


def tag_rule(priority: int, pattern: str) -> dict[str, object]:
    selection = {
        "tagStatus": "tagged",
        "tagPatternList": [pattern],
        "countType": "imageCountMoreThan",
        "countNumber": 1,
    }
    return {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}


SPECS = [SubnetSpec("Private", "private", 19), SubnetSpec("Public", "public", 20)]


def test_awsx_lays_out_zone_by_zone_public_subnets_first() -> None:
    subnets = layout("network", "10.0.0.0/16", ["a", "b"], SPECS, 18)
    assert [(subnet.name, subnet.cidr_block) for subnet in subnets] == [
        ("network-public-1", "10.0.32.0/20"),
        ("network-private-1", "10.0.0.0/19"),
        ("network-public-2", "10.0.96.0/20"),
        ("network-private-2", "10.0.64.0/19"),
    ]


@given(st.integers(16, 23), st.integers(1, 4))
def test_subnets_lie_inside_the_vpc_and_do_not_overlap(prefix: int, zones: int) -> None:
    specs = [SubnetSpec("Private", None, prefix + 3), SubnetSpec("Public", None, prefix + 4)]
    made = layout("n", f"10.0.0.0/{prefix}", [f"z{number}" for number in range(zones)], specs, prefix + 2)
    ranges = [ipaddress.ip_network(subnet.cidr_block) for subnet in made]
    vpc = ipaddress.ip_network(f"10.0.0.0/{prefix}")
    assert len(ranges) == 2 * zones
    assert all(one.subnet_of(vpc) for one in ranges)  # type: ignore[arg-type]
    assert not any(one.overlaps(other) for number, one in enumerate(ranges) for other in ranges[:number])


def test_each_subnet_has_its_own_part_of_the_vpcs_ipv6_range() -> None:
    parts = [ipv6_part("2001:db8:1:ab00::/56", number) for number in range(6)]
    assert parts[0] == "2001:db8:1:ab00::/64"
    assert parts[5] == "2001:db8:1:ab05::/64"


def test_subnets_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        layout("n", "10.0.0.0/16", ["a"], [SubnetSpec("Private", None, 17), SubnetSpec("Public", None, 17)], 17)
    with pytest.raises(ValueError, match="too small for 3 zones"):
        layout("n", "10.0.0.0/16", ["a", "b", "c"], SPECS, 17)


@pytest.mark.parametrize(
    ("token", "path", "replaces"),
    [
        ("aws:ecr/repository:Repository", ("name",), True),
        ("aws:ecr/repository:Repository", ("imageTagMutability",), False),
        ("aws:ecr/repository:Repository", ("encryptionConfigurations", 0, "kmsKey"), True),
        ("aws:ecs/service:Service", ("launchType",), True),
        ("aws:ecs/service:Service", ("desiredCount",), False),
        ("aws:ecs/service:Service", ("capacityProviderStrategies",), False),
        ("aws:ecs/service:Service", ("networkConfiguration",), False),
        ("aws:ecs/service:Service", ("orderedPlacementStrategies",), False),
        ("aws:ecs/capacityProvider:CapacityProvider", ("managedInstancesProvider",), True),
        (
            "aws:ecs/capacityProvider:CapacityProvider",
            ("managedInstancesProvider", "instanceLaunchTemplate", "capacityOptionType"),
            True,
        ),
        (
            "aws:ecs/capacityProvider:CapacityProvider",
            ("managedInstancesProvider", "instanceLaunchTemplate", "monitoring"),
            False,
        ),
        (
            "aws:ecs/capacityProvider:CapacityProvider",
            ("autoScalingGroupProvider", "managedScaling", "targetCapacity"),
            False,
        ),
        ("aws:ecs/capacityProvider:CapacityProvider", ("autoScalingGroupProvider", "autoScalingGroupArn"), True),
        ("aws:ecs/taskDefinition:TaskDefinition", ("containerDefinitions",), True),
        ("aws:lb/targetGroup:TargetGroup", ("targetType",), True),
        ("aws:lb/targetGroup:TargetGroup", ("port",), True),
        ("aws:lb/targetGroup:TargetGroup", ("healthCheck", "path"), False),
        ("aws:lb/listenerRule:ListenerRule", ("priority",), False),
        ("aws:ec2/securityGroup:SecurityGroup", ("description",), True),
        ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", ("fromPort",), False),
    ],
)
def test_what_aws_cannot_change_is_replaced(token: str, path: tuple[str | int, ...], replaces: bool) -> None:
    assert TABLE[token].replaces(path) is replaces


def test_an_unknown_and_a_missing_property_are_named() -> None:
    rule = {"listenerArn": "x", "actions": [], "prio": 1}
    assert set(dict(TABLE["aws:lb/listenerRule:ListenerRule"].faults(rule))) == {"prio", "conditions"}


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda one: st.lists(one) | st.dictionaries(st.text(max_size=3), one),
        max_leaves=6,
    )
)
def test_what_is_the_same_does_not_differ(value: object) -> None:
    assert list(changed_paths({"a": value}, {"a": value})) == []


def test_a_difference_is_found_where_it_is() -> None:
    old = {"a": [{"b": 1, "c": 2}], "d": [1], "e": 1}
    new = {"a": [{"b": 1, "c": 3}], "d": [1, 2], "f": 1}
    assert list(changed_paths(old, new)) == [("a", 0, "c"), ("d",), ("e",), ("f",)]


def test_an_empty_text_is_the_same_as_none() -> None:
    """As to the plugin: awsx gives subnets an empty `ipv6CidrBlock` where their VPC has no IPv6."""
    assert list(changed_paths({"a": 1}, {"a": 1, "ipv6CidrBlock": ""})) == []
    assert list(changed_paths({"b": ""}, {})) == []
    assert list(changed_paths({"b": "x"}, {"b": ""})) == [("b",)]


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("eu-west-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
    ],
)
def test_arns_belong_to_the_regions_partition(region: str, partition: str, suffix: str) -> None:
    _, made = behaviour("aws:ecr/repository:Repository").create({"name": "a/b"}, account(region))
    assert made["arn"] == f"arn:{partition}:ecr:{region}:123456789012:repository/a/b"
    assert made["repositoryUrl"] == f"123456789012.dkr.ecr.{region}.{suffix}/a/b"


def test_the_programs_own_documents_are_accepted() -> None:
    text = container_definitions.definitions(
        {
            "name": "web",
            "image": "example/web:1",
            "ports": [{"container": 80, "host": 80}],
            "environment": {"A": "b"},
            "secrets": {"S": "arn:aws:ssm:us-east-1:123456789012:parameter/a"},
            "health_check_command": ["CMD", "true"],
            "labels": {"a": "b"},
            "readonly_root_filesystem": True,
            "user": "1000",
            "log_group": "/ecs/web",
            "log_region": "us-east-1",
        }
    )
    assert faults("aws:ecs/taskDefinition:TaskDefinition", {"containerDefinitions": text}) == []
    rules = lifecycle.policy(["prod", "release"], 10, 1, 100)
    assert faults("aws:ecr/lifecyclePolicy:LifecyclePolicy", {"policy": rules}) == []


@pytest.mark.parametrize(
    ("token", "name", "document", "said"),
    [
        ("aws:ecs/taskDefinition:TaskDefinition", "containerDefinitions", [{"name": "a", "Image": "b"}], "Image"),
        ("aws:ecs/taskDefinition:TaskDefinition", "containerDefinitions", [{"name": "a", "cpu": "1"}], "cpu"),
        ("aws:ecs/taskDefinition:TaskDefinition", "containerDefinitions", [], "at least one container"),
        ("aws:iam/rolePolicy:RolePolicy", "policy", {"Version": "2012-10-17", "Statement": [{}]}, "Effect"),
        ("aws:iam/role:Role", "assumeRolePolicy", {"Statement": []}, "Version"),
        ("aws:ecr/lifecyclePolicy:LifecyclePolicy", "policy", {"rules": []}, "list of rules"),
        (
            "aws:ecr/lifecyclePolicy:LifecyclePolicy",
            "policy",
            {"rules": [tag_rule(1, "a"), tag_rule(2, "a")]},
            "two rules select the same tags",
        ),
        (
            "aws:ecr/lifecyclePolicy:LifecyclePolicy",
            "policy",
            {"rules": [tag_rule(1, "*a*b*c*d*")]},
            "at most 4 wildcards",
        ),
        (
            "aws:ecr/registryPolicy:RegistryPolicy",
            "policy",
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Principal": "*", "Action": ["ecr:BatchGetImage"], "Resource": "arn:aws:ecr"}
                ],
            },
            "a registry policy cannot allow ecr:BatchGetImage",
        ),
    ],
)
def test_a_document_that_aws_would_refuse_is_refused(token: str, name: str, document: object, said: str) -> None:
    reasons = " ".join(reason for _, reason in faults(token, {name: json.dumps(document)}))
    assert said in reasons


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"Rules": [{"SigningProfileArn": "arn:aws:signer:us-east-1:123456789012:/signing-profiles/a1"}]}, ""),
        ({"Rules": [{"ProfileArn": "x"}]}, "signingProfileArn"),
        ({}, "rules"),
    ],
)
def test_what_cloud_control_is_given_is_checked_against_the_services_own_api(
    state: dict[str, object], said: str
) -> None:
    inputs = {"typeName": "AWS::ECR::SigningConfiguration", "desiredState": json.dumps(state)}
    reasons = " ".join(reason for _, reason in faults("aws:cloudcontrol/resource:Resource", inputs))
    assert said in reasons
    assert bool(reasons) == bool(said)


def test_text_that_is_no_json_and_values_not_known_yet() -> None:
    token = "aws:iam/rolePolicy:RolePolicy"
    assert [path for path, _ in faults(token, {"policy": "{"})] == ["policy"]
    assert faults(token, {"policy": UNKNOWN}) == []


def test_a_task_size_that_fargate_lacks_is_refused() -> None:
    task = {"cpu": "256", "memory": "4096", "requiresCompatibilities": ["FARGATE"]}
    assert [path for path, _ in faults("aws:ecs/taskDefinition:TaskDefinition", task)] == ["memory"]
    task["requiresCompatibilities"] = ["EC2"]
    assert faults("aws:ecs/taskDefinition:TaskDefinition", task) == []


@pytest.mark.parametrize(
    ("before", "after", "replaced"),
    [
        (["a"], ["a"], False),
        (["a"], ["a", "b"], False),
        (["a", "b"], ["a"], True),
        (["a"], ["b"], True),
        (["a"], ["c", "b"], True),
        (["a"], ["a", UNKNOWN], False),
    ],
)
def test_a_network_load_balancer_takes_further_zones_only(before: list[str], after: list[str], replaced: bool) -> None:
    def inputs(subnets: list[str], kind: str) -> dict[str, Any]:
        return {"loadBalancerType": kind, "subnetMappings": [{"subnetId": subnet} for subnet in subnets]}

    balancer = behaviour("aws:lb/loadBalancer:LoadBalancer")
    old, new = inputs(before, "network"), inputs(after, "network")
    assert balancer.replaces(old, new) == ({"subnetMappings"} if replaced else set())
    assert balancer.replaces(old, inputs(after, "application")) == set()


PROVIDER = "aws:ecs/capacityProvider:CapacityProvider"
ASSOCIATION = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
SERVICE = "aws:ecs/service:Service"


@pytest.mark.parametrize(
    ("path", "replaced"),
    [
        (("autoScalingGroupProvider", "autoScalingGroupArn"), True),
        (("autoScalingGroupProvider", "managedScaling", "targetCapacity"), False),
        (("autoScalingGroupProvider",), True),
        (("name",), True),
    ],
)
def test_a_capacity_provider_is_another_only_for_another_group(path: tuple[str, ...], replaced: bool) -> None:
    assert TABLE[PROVIDER].replaces(path) is replaced


def test_a_new_version_of_a_launch_template_has_the_next_number() -> None:
    template = behaviour("aws:ec2/launchTemplate:LaunchTemplate")
    id_, made = template.create({"name": "t"}, account())
    updated = template.update(id_, made, {**made, "updateDefaultVersion": True}, account())
    assert (updated["latestVersion"], updated["defaultVersion"]) == (2, 2)
    assert template.undecided({}) == {"latestVersion", "defaultVersion"}, "a preview cannot know them"


class Call:
    """What gRPC gives a call: a way to fail."""

    def abort(self, _: grpc.StatusCode, details: str) -> None:
        raise Refused(details)


class Aws:
    """Makes, changes and deletes resources as the engine does."""

    def __init__(self) -> None:
        self.resources = Resources()
        self.servicer = AwsServicer(Memory(), self.resources)
        self.call: Any = Call()

    def create(self, token: str, **inputs: Any) -> str:
        request = provider_pb2.CreateRequest(urn=f"urn:pulumi:dev::p::{token}::n", properties=wire.struct(inputs))
        return str(self.servicer.Create(request, self.call).id)

    def update(self, token: str, id_: str, **changes: Any) -> None:
        olds = self._there(token, id_)
        request = provider_pb2.UpdateRequest(
            urn=f"urn:pulumi:dev::p::{token}::n",
            id=id_,
            olds=wire.struct(olds),
            old_inputs=wire.struct(olds),
            news=wire.struct({**olds, **changes}),
        )
        self.servicer.Update(request, self.call)

    def delete(self, token: str, id_: str) -> None:
        properties = wire.struct(self._there(token, id_))
        request = provider_pb2.DeleteRequest(urn=f"urn:pulumi:dev::p::{token}::n", id=id_, properties=properties)
        self.servicer.Delete(request, self.call)

    def _there(self, token: str, id_: str) -> dict[str, Any]:
        return next(one for one in self.resources.of(token) if one["id"] == id_)


def test_a_load_balancer_with_deletion_protection_stays() -> None:
    aws = Aws()
    token = "aws:lb/loadBalancer:LoadBalancer"
    balancer = aws.create(token, name="web", enableDeletionProtection=True)
    with pytest.raises(Refused, match="cannot be deleted because deletion protection is enabled"):
        aws.delete(token, balancer)
    aws.update(token, balancer, enableDeletionProtection=False)
    aws.delete(token, balancer)
    assert list(aws.resources.of(token)) == []


def test_ecs_lets_no_capacity_provider_go_that_is_used() -> None:
    aws = Aws()
    provider = aws.create(PROVIDER, name="apps")
    cluster = aws.create(ASSOCIATION, clusterName="demo", capacityProviders=["FARGATE", "apps"])
    other = aws.create(ASSOCIATION, clusterName="other", capacityProviders=["apps"])
    strategy = [{"capacityProvider": "apps"}]
    service = aws.create(SERVICE, name="web", cluster="cluster/demo", capacityProviderStrategies=strategy)
    aws.delete(ASSOCIATION, other)
    with pytest.raises(Refused, match="in use by service web and cannot"):
        aws.update(ASSOCIATION, cluster, capacityProviders=["FARGATE"])
    with pytest.raises(Refused, match="in use by cluster demo, service web and cannot"):
        aws.delete(PROVIDER, provider)
    aws.delete(SERVICE, service)
    aws.update(ASSOCIATION, cluster, capacityProviders=["FARGATE"])
    aws.delete(PROVIDER, provider)


@pytest.mark.parametrize("used", [True, False])
def test_a_capacity_provider_of_managed_instances_is_not_active_at_once(
    used: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws = Aws()
    aws.create(PROVIDER, name="managed", managedInstancesProvider={"infrastructureRoleArn": "r"})
    strategy = [{"capacityProvider": "managed" if used else "FARGATE"}]
    if used:
        with pytest.raises(Refused, match="'managed' is not in an ACTIVE state"):
            aws.create(SERVICE, name="web", capacityProviderStrategies=strategy)
        monkeypatch.setattr("local.standin.services.ecs.ACTIVATION_SECONDS", 0)
    aws.create(SERVICE, name="web", capacityProviderStrategies=strategy)


def test_a_deployment_whose_tasks_do_not_start_is_rolled_back() -> None:
    aws = Aws()
    token = "aws:ecs/taskDefinition:TaskDefinition"
    for image in ("good", CRASHING):
        aws.create(token, family="web", containerDefinitions=json.dumps([{"name": "web", "image": image}]))
    good, crashing = sorted(one["arn"] for one in aws.resources.of(token))
    service = aws.create(SERVICE, name="web", taskDefinition=good, waitForSteadyState=True, desiredCount=2)
    with pytest.raises(Refused, match=f"tasks failed to start; rolled back to {good}"):
        aws.update(SERVICE, service, taskDefinition=crashing)
    aws.update(SERVICE, service, taskDefinition=crashing, waitForSteadyState=False)
    with pytest.raises(Refused, match="tasks failed to start"):
        aws.create(SERVICE, name="new", taskDefinition=crashing, waitForSteadyState=True, desiredCount=1)


def test_without_a_task_to_start_ecs_is_content_with_any_image() -> None:
    aws = Aws()
    images = json.dumps([{"name": "web", "image": CRASHING}])
    aws.create("aws:ecs/taskDefinition:TaskDefinition", family="web", containerDefinitions=images)
    (crashing,) = [one["arn"] for one in aws.resources.of("aws:ecs/taskDefinition:TaskDefinition")]
    inputs = {"cluster": "main", "name": "web", "taskDefinition": crashing, "waitForSteadyState": True}
    service = aws.create(SERVICE, **inputs, desiredCount=0)
    aws.update(SERVICE, service)
    aws.create(
        "aws:appautoscaling/target:Target",
        serviceNamespace="ecs",
        resourceId="service/main/web",
        minCapacity=2,
        maxCapacity=4,
    )
    with pytest.raises(Refused, match="tasks failed to start"):
        aws.update(SERVICE, service)


UNIQUE = [token for token in TABLE if behaviour(token).unique]


@pytest.mark.parametrize("token", UNIQUE)
def test_two_resources_cannot_have_what_aws_has_once(token: str) -> None:
    for names, answer in behaviour(token).unique.items():
        assert set(names.split(",")) <= TABLE[token].inputs, "a misspelt name would match nothing"
        first = dict.fromkeys(names.split(","), "one")
        account = Account(Place(), Memory(), Resources())
        account.resources.made(token, "first", first)
        refused = re.escape(answer.format(**first))
        with pytest.raises(Refused, match=refused):
            behaviour(token).refuse_twins(None, first, account)
        with pytest.raises(Refused, match=refused):
            behaviour(token).refuse_twins("second", first, account)
        behaviour(token).refuse_twins("first", first, account)
        behaviour(token).refuse_twins("second", {**first, names.split(",")[-1]: "two"}, account)


def test_the_name_of_a_deleted_secret_stays_taken_through_its_recovery_window() -> None:
    aws, token = Aws(), "aws:secretsmanager/secret:Secret"
    aws.delete(token, aws.create(token, name="at-once", recoveryWindowInDays=0))
    aws.create(token, name="at-once")
    aws.delete(token, aws.create(token, name="later"))
    with pytest.raises(Refused, match="already scheduled for deletion: later"):
        aws.create(token, name="later")


def test_what_is_not_to_be_deleted_stays_in_the_account(tmp_path: Path) -> None:
    token, file = "aws:ecr/repository:Repository", tmp_path / ".pulumi/stacks/project/prod.json"
    file.parent.mkdir(parents=True)

    def state(*resources: dict[str, Any]) -> None:
        file.write_text(json.dumps({"checkpoint": {"latest": {"resources": resources}}}))

    def names() -> list[str]:
        return [one["name"] for one in Resources(tmp_path).of(token)]

    gone: dict[str, Any] = {"type": token, "id": "a", "outputs": {"name": "a", "arn": "arn"}}
    kept: dict[str, Any] = {"type": token, "id": "b", "outputs": {"name": "b", "arn": "arn"}, "retainOnDelete": True}
    state(gone, kept)
    assert names() == ["b", "a"]
    state()
    assert names() == ["b"], "the stack let it go, and AWS still has it"
    assert names() == ["b"]
    account = Resources(tmp_path)
    assert len([*account.of(token)]) == 1
    account.deleted(token, "b", kept["outputs"])
    assert names() == []
