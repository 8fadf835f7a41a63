"""The real `__main__.py` under mocks with the committed stack files: what each environment is made of."""

import copy
import json
from typing import Any

import pulumi
import pytest

import outputs
import settings

from ..conftest import Engine, run_main, stack_config

STACKS = ["dev", "prod"]


def changed(stack: str, **service: Any) -> dict[str, Any]:
    """Return a stack's configuration with some keys of the service `web` set."""
    config = copy.deepcopy(stack_config(stack))
    config[settings.KEY]["services"]["web"].update(service)
    return config


@pytest.mark.parametrize("preview", [False, True], ids=["update", "preview"])
@pytest.mark.parametrize("stack", STACKS)
def test_every_documented_output_is_published_and_no_other(stack: str, preview: bool) -> None:
    published = run_main(stack, stack_config(stack), preview=preview).outputs
    assert set(published) == set(outputs.StackOutputs.__annotations__)
    assert set(published["services"]["web"]) == set(outputs.ServiceOutputs.__annotations__)


@pytest.mark.parametrize("stack", STACKS)
def test_without_an_image_nothing_runs_and_nothing_waits(stack: str) -> None:
    engine, published = run_main(stack, stack_config(stack))
    service = engine.one("ecs/service:Service")
    assert service["desiredCount"] == 0
    assert service["waitForSteadyState"] is False
    target = engine.one("appautoscaling/target:Target")
    assert (target["minCapacity"], target["maxCapacity"]) == (0, 0), "else the scaler would start tasks"
    assert published["services"]["web"]["running"] is False
    steps = published["nextSteps"]["web"]
    assert f"docker push {published['repositoryUrls']['web']}:" in steps
    assert f"release set web $tag --stack {stack} && " in steps
    assert steps.endswith(f"&& pulumi up --stack {stack} --policy-pack policies/packs/all")


@pytest.mark.parametrize("stack", STACKS)
def test_with_an_image_tasks_run_and_scale(stack: str) -> None:
    running = Engine()
    running.running = {f"{stack}-web"}
    engine, published = run_main(stack, changed(stack, image="git-abc1234"), engine=running)
    least = {"dev": 2, "prod": 3}[stack]
    (service,) = engine.all("ecs/service:Service")
    assert service.inputs["desiredCount"] == least
    assert service.inputs["waitForSteadyState"] is True
    assert service.ignore_changes == ["desiredCount"], "the scaler owns the count"
    target = engine.one("appautoscaling/target:Target")
    assert (target["minCapacity"], target["maxCapacity"]) == (least, 10)
    assert target["resourceId"] == f"service/container-platform-{stack}/{stack}-web"
    assert published["nextSteps"] == {}
    (container,) = json.loads(engine.one("ecs/taskDefinition:TaskDefinition")["containerDefinitions"])
    assert container["image"] == f"{published['repositoryUrls']['web']}:git-abc1234"


def test_the_first_image_starts_the_tasks_within_the_deployment_that_is_waited_for() -> None:
    """Else ECS is content with no task at all, and the scaler starts them afterwards, unwatched."""
    (service,) = run_main("dev", changed("dev", image="git-abc1234")).engine.all("ecs/service:Service")
    assert service.ignore_changes == []
    assert (service.inputs["desiredCount"], service.inputs["waitForSteadyState"]) == (2, True)


def test_a_service_that_cannot_be_asked_for_stops_the_program_before_it_makes_any() -> None:
    engine = Engine()
    engine.refused = {"aws:ecs/getService:getService": "AccessDeniedException: not authorized: ecs:DescribeServices"}
    with pytest.raises(Exception, match="not authorized"):
        run_main("dev", changed("dev", image="git-abc1234"), engine=engine)
    assert engine.all("ecs/service:Service") == []


def test_what_leaves_the_settings_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    parameters = {"/container-platform/dev/shop/image": "git-1", "/container-platform/dev/web/image": "none"}
    engine = Engine(parameters)
    kind = "container-platform:index:Registry$aws:ecr/repository:Repository"
    for name in ("web", "old"):
        engine.state[f"urn:pulumi:dev::container-platform::{kind}::{name}"] = {"outputs": {"name": name}}
    run_main("dev", changed("dev", image="git-1"), engine=engine)
    assert len(said) == 2, said
    assert any("registry.repositories.old" in line and "with all its images" in line for line in said)
    assert any("services.shop" in line and "its tasks stop" in line for line in said)


def test_only_a_repository_that_is_new_to_the_stack_is_looked_up_and_taken_over_if_it_is_there() -> None:
    new, known, name = Engine(), Engine(), "container-platform/dev/web"
    new.repositories = [name]
    kind = "container-platform:index:Registry$aws:ecr/repository:Repository"
    known.state[f"urn:pulumi:dev::container-platform::{kind}::web"] = {"outputs": {"name": name}}
    for engine, imported in ((new, name), (Engine(), ""), (known, "")):
        run_main("dev", stack_config("dev"), engine=engine)
        (repository,) = engine.all("ecr/repository:Repository")
        assert repository.imported == imported
    assert "aws:ecr/getRepository:getRepository" not in {token for token, _ in known.invokes}


def test_a_registry_that_cannot_be_asked_stops_the_program_before_it_makes_anything() -> None:
    engine = Engine()
    engine.refused = {"aws:ecr/getRepository:getRepository": "AccessDeniedException: not authorized"}
    with pytest.raises(Exception, match="not authorized"):
        run_main("dev", stack_config("dev"), engine=engine)
    assert [item for item in engine.resources if item.type.startswith("aws:")] == []


def test_scaling_is_off_where_least_and_greatest_are_the_same() -> None:
    engine = run_main("dev", changed("dev", image="a", minTasks=2, maxTasks=2)).engine
    (service,) = engine.all("ecs/service:Service")
    assert engine.find("appautoscaling/target:Target") == []
    assert service.ignore_changes == [], "without a scaler the program owns the count"


def test_dev_is_cheap() -> None:
    engine = run_main("dev", stack_config("dev")).engine
    (vpc,) = [item for item in engine.resources if item.type == "awsx:ec2:Vpc"]
    assert vpc.inputs["natGateways"]["strategy"] == "Single"
    assert len(vpc.inputs["availabilityZoneNames"]) == 2
    (item,) = engine.one("ecs/service:Service")["capacityProviderStrategies"]
    assert item["capacityProvider"] == "FARGATE_SPOT"
    assert not any(resource.protect for resource in engine.resources)
    assert engine.one("ecr/repository:Repository")["forceDelete"] is True
    assert engine.one("lb/loadBalancer:LoadBalancer")["enableDeletionProtection"] is False
    assert engine.one("secretsmanager/secret:Secret")["recoveryWindowInDays"] == 0


def test_dev_can_run_without_a_nat_gateway() -> None:
    config = changed("dev", image="git-1")
    config[settings.KEY]["network"].update(natGateways="none", endpoints="private")
    engine = run_main("dev", config).engine
    (vpc,) = [item for item in engine.resources if item.type == "awsx:ec2:Vpc"]
    assert vpc.inputs["natGateways"]["strategy"] == "None"
    rules = engine.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert [rule for rule in rules if "cidrIpv4" in rule] == [], "there is no way out that a rule could open"
    assert [rule["prefixListId"] for rule in rules if "prefixListId" in rule] == ["pl-0abc"]
    assert "network-id" in [rule.get("referencedSecurityGroupId") for rule in rules]


def test_with_a_nat_gateway_tasks_reach_https_everywhere() -> None:
    engine = run_main("dev", stack_config("dev")).engine
    rules = engine.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert [(rule["fromPort"], rule["cidrIpv4"]) for rule in rules if "cidrIpv4" in rule] == [(443, "0.0.0.0/0")]


def test_prod_is_safe() -> None:
    engine = run_main("prod", stack_config("prod")).engine
    (vpc,) = [item for item in engine.resources if item.type == "awsx:ec2:Vpc"]
    assert vpc.inputs["natGateways"]["strategy"] == "OnePerAz"
    assert len(vpc.inputs["availabilityZoneNames"]) == 3
    protected = {resource.type for resource in engine.resources if resource.protect}
    assert protected == {
        "aws:ecr/repository:Repository",
        "aws:kms/key:Key",
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:s3/bucket:Bucket",
        "aws:secretsmanager/secret:Secret",
        "aws:ssm/parameter:Parameter",
    }
    assert engine.one("ecr/repository:Repository")["forceDelete"] is False
    assert engine.one("lb/loadBalancer:LoadBalancer")["enableDeletionProtection"] is True
    assert engine.one("secretsmanager/secret:Secret")["recoveryWindowInDays"] == 30
    assert engine.one("ecs/service:Service")["deploymentMinimumHealthyPercent"] == 100, "a deployment halves no service"


def test_dev_and_prod_can_share_an_account() -> None:
    def fixed_names(stack: str) -> set[tuple[str, str]]:
        engine = run_main(stack, stack_config(stack)).engine
        return {
            (resource.type, resource.inputs[key])
            for resource in engine.resources
            for key in ("name", "family")
            if key in resource.inputs and resource.type.startswith("aws:")
        }

    dev, prod = fixed_names("dev"), fixed_names("prod")
    assert dev
    assert dev & prod == set()


def test_mistakes_stop_the_program_before_anything_is_registered() -> None:
    with pytest.raises(pulumi.RunError, match="2 mistakes") as caught:
        run_main("dev", changed("dev", cpu=300, helthCheckPath="/"))
    assert "services.web.cpu = 300" in str(caught.value)
    assert "did you mean healthCheckPath?" in str(caught.value)


def test_a_stack_without_settings_says_where_to_begin() -> None:
    with pytest.raises(pulumi.RunError, match=r"Pulumi\.dev\.yaml: container-platform:platform is missing"):
        run_main("dev", {"aws:region": "us-east-1"})


def test_outputs_are_published_in_parameter_store_where_that_is_set() -> None:
    assert "outputs-vpcId" not in {resource.name for resource in run_main("dev", stack_config("dev")).engine.resources}
    config = copy.deepcopy(stack_config("dev"))
    config[settings.KEY]["publishOutputs"] = True
    engine, published = run_main("dev", config)
    start = "/container-platform/dev/outputs/"
    values = {item["name"]: item["value"] for item in engine.find("ssm/parameter:Parameter") if start in item["name"]}
    assert values[f"{start}vpcId"] == published["vpcId"]
    assert values[f"{start}contractVersion"] == "1"
    assert values[f"{start}endpointSecurityGroupId"] == "none", "Parameter Store refuses empty values"
    assert json.loads(values[f"{start}privateSubnetIds"]) == published["privateSubnetIds"]
    entry = json.loads(values[f"{start}services/web"])
    assert entry["name"] == "dev-web"
    assert "taskDefinitionArn" not in entry, "a release of this service alone would leave it behind"
    assert not [name for name in values if "nextSteps" in name]
    assert set(outputs.StackOutputs.__annotations__) - {*outputs.BY_ENTRY, "nextSteps"} == {
        name.removeprefix(start) for name in values if "services/" not in name
    }
