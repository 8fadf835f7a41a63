"""Amazon Elastic Container Service."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Final

from components.tasks import fargate

from .. import containers, load_balancing, task_definitions
from ..account import Account, Properties
from ..behaviour import UNKNOWN, Behaviour, Fault, Made, Named, Refused
from ..place import hex_digits

CRASHING: Final = f"sha256:{'0bad' * 16}"
"""Digest of an image whose tasks never start, so that a deployment that fails can be seen without AWS."""

ACTIVATION_SECONDS: Final = 2.0
"""How long a capacity provider of Managed Instances takes until services may use it; on AWS some seconds more."""

_TARGET_GROUPS: Final = 5
"""Target groups of a service (Amazon ECS Developer Guide, "Registering multiple target groups with a service")."""

_ASSOCIATION: Final = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
_PROVIDER: Final = "aws:ecs/capacityProvider:CapacityProvider"
_SCALED: Final = "aws:appautoscaling/target:Target"
SERVICE: Final = "aws:ecs/service:Service"
_TARGET_GROUP: Final = "aws:lb/targetGroup:TargetGroup"
_TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"


class AccountSettingDefault(Behaviour):
    """A setting of the whole account."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Set it for the account's root."""
        root = account.place.arn("iam", "root", regional=False)
        return root, {"principalArn": root}


class Cluster(Named):
    """A cluster."""

    arn = "ecs:cluster/{name}"
    arn_is_id = True


class CapacityProvider(Named):
    """Where tasks run. ECS does not delete one that a cluster or a service names."""

    unique: ClassVar = {"name": "ClientException: The capacity provider {name} already exists"}
    arn = "ecs:capacity-provider/{name}"
    arn_is_id = True
    # The plugin's own diff replaces these blocks only if they come or go, or if one thing in them changes.
    replacing_within: ClassVar = {
        "autoScalingGroupProvider": "autoScalingGroupProvider.autoScalingGroupArn",
        "managedInstancesProvider": "managedInstancesProvider.instanceLaunchTemplate.capacityOptionType",
    }

    def delete(self, id_: str, properties: Properties, account: Account) -> None:
        """Refuse while it is used."""
        name = properties["name"]
        clusters = [one["id"] for one in account.of(_ASSOCIATION) if name in one.get("capacityProviders", ())]
        services = [one["name"] for one in account.of(SERVICE) if name in _strategy(one)]
        _refuse_if_used(name, [*(f"cluster {one}" for one in clusters), *(f"service {one}" for one in services)])


class ClusterCapacityProviders(Behaviour):
    """The capacity providers of a cluster. ECS does not take away one that a service of the cluster names."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Take the cluster's name as id."""
        return inputs["clusterName"], {}

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Refuse to take away what is used."""
        self._take_away(id_, set(olds.get("capacityProviders", ())) - set(news.get("capacityProviders", ())), account)
        return news

    def delete(self, id_: str, properties: Properties, account: Account) -> None:
        """Refuse while one of them is used."""
        self._take_away(id_, properties.get("capacityProviders", ()), account)

    @staticmethod
    def _take_away(cluster: str, names: Iterable[str], account: Account) -> None:
        for name in sorted(names):
            services = [
                one["name"] for one in account.of(SERVICE) if _cluster(one) == cluster and name in _strategy(one)
            ]
            _refuse_if_used(name, [f"service {one}" for one in services])


def _refuse_if_used(name: str, users: list[str]) -> None:
    if users:
        raise Refused(
            f"ResourceInUseException: the capacity provider {name} is in use by {', '.join(sorted(users))} "
            "and cannot be removed"
        )


class TaskDefinition(Behaviour):
    """A revision of a task family."""

    documents: ClassVar = {"containerDefinitions": containers.faults}

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check that Fargate has the size, that the containers go with their task, and how they run."""
        cpu, memory = inputs.get("cpu"), inputs.get("memory")
        known = isinstance(cpu, str) and isinstance(memory, str) and cpu.isdigit() and memory.isdigit()
        if known and "FARGATE" in inputs.get("requiresCompatibilities", []):
            reason = fargate.size_problem(int(str(cpu)), int(str(memory)))
            if reason:
                yield "memory", f"No Fargate configuration exists for given values: {reason}"
        definitions = _known_definitions(inputs.get("containerDefinitions"))
        yield from (("containerDefinitions", reason) for reason in containers.against_task(definitions, inputs))
        yield from task_definitions.faults(inputs)

    def create(self, inputs: Properties, account: Account) -> Made:
        """Register the family's next revision."""
        family = inputs["family"]
        number = account.memory.next_revision(family)
        bare = account.place.arn("ecs", f"task-definition/{family}")
        return family, {"arn": f"{bare}:{number}", "arnWithoutRevision": bare, "revision": number}


def _known_definitions(text: Any) -> list[Properties]:
    """Return the definitions in a text, if it is known and right as far as it goes."""
    if not isinstance(text, str) or UNKNOWN in text:
        return []
    try:
        content = json.loads(text)
    except ValueError:
        return []
    return [] if any(containers.faults(content)) else content


class Service(Behaviour):
    """A service, whose deployment fails if it has tasks to start and they crash."""

    unique: ClassVar = {"cluster,name": "InvalidParameterException: Creation of service was not idempotent: {name}"}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Refuse a capacity provider that is not active yet, and tasks that do not start."""
        _refuse_if_early(inputs, account)
        _refuse_faults(inputs, account)
        _refuse_exec_without_role(inputs, account)
        if _fails(inputs, account):
            raise Refused(
                f"waiting for ECS Service create: (service {inputs['name']}) deployment failed: tasks failed to start"
            )
        arn = account.place.arn("ecs", f"service/{_cluster(inputs)}/{inputs['name']}")
        return arn, {"arn": arn}

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Roll a deployment back whose tasks do not start."""
        _refuse_faults(news, account)
        if _fails(news, account):
            raise Refused(
                f"waiting for ECS Service ({id_}) update: (service {news['name']}) deployment failed: tasks failed to "
                f"start; rolled back to {olds['taskDefinition']}"
            )
        _refuse_if_early(news, account)
        _refuse_exec_without_role(news, account)
        if news.get("desiredCount") != olds.get("desiredCount"):
            account.memory.set_scaled(scaled_as(news), desiredCount=None)
        return news

    def delete(self, id_: str, properties: Properties, account: Account) -> None:
        """Forget what a scaler has set of it."""
        account.memory.set_scaled(scaled_as(properties), desiredCount=None, minCapacity=None, maxCapacity=None)

    def drift(self, id_: str, account: Account) -> Properties:
        """Return the number of tasks that a scaler has set."""
        cluster, name = id_.split("/")[-2:]
        found = account.memory.scaled(f"service/{cluster}/{name}")
        return {"desiredCount": found["desiredCount"]} if "desiredCount" in found else {}


def _refuse_faults(service: Properties, account: Account) -> None:
    for fault in (*_deployment_faults(service), *_balancer_faults(service, account)):
        raise Refused(f"InvalidParameterException: {fault}")


def _deployment_faults(service: Properties) -> Iterator[str]:
    least = int(service.get("deploymentMinimumHealthyPercent", 100))
    most = int(service.get("deploymentMaximumPercent", 200))
    if least == most == 100:
        yield "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments."
    elif least > 100 or most < 100:
        yield "minimumHealthyPercent must be at most 100, and maximumPercent at least 100"
    if most <= 100 and service.get("availabilityZoneRebalancing") == "ENABLED":
        yield "Availability Zone rebalancing does not support a maximumPercent of 100"


def _balancer_faults(service: Properties, account: Account) -> Iterator[str]:
    behind = service.get("loadBalancers") or []
    if service.get("healthCheckGracePeriodSeconds") is not None and not (behind or service.get("serviceRegistries")):
        yield "Health check grace period is only valid for services configured to use load balancers"
    if len(behind) > _TARGET_GROUPS:
        yield f"loadBalancers can have at most {_TARGET_GROUPS} items"
    known = {one["arn"] for one in account.of(_TARGET_GROUP)}
    mapped = _container_ports(str(service.get("taskDefinition")), account)
    for one in behind:
        arn, container, port = (one.get(key) for key in ("targetGroupArn", "containerName", "containerPort"))
        if arn in known and not load_balancing.users_of(str(arn), account):
            yield f"The target group with targetGroupArn {arn} does not have an associated load balancer."
        if mapped is not None and (container, int(port or 0)) not in mapped:
            yield f"The container {container} did not have a container port {port} defined."


def _container_ports(revision: str, account: Account) -> set[tuple[str, int]] | None:
    """Return the ports that the containers of a revision map; None if nobody here made it."""
    for one in account.of(_TASK_DEFINITION):
        if one["arn"] == revision:
            return {
                (container["name"], int(mapping["containerPort"]))
                for container in json.loads(one["containerDefinitions"])
                for mapping in container.get("portMappings", ())
            }
    return None


def _refuse_if_early(service: Properties, account: Account) -> None:
    for provider in account.of(_PROVIDER):
        early = provider.get("managedInstancesProvider") and account.age(_PROVIDER, provider) < ACTIVATION_SECONDS
        if early and provider["name"] in _strategy(service):
            raise Refused(
                f"InvalidParameterException: The specified capacity provider '{provider['name']}' is not in an ACTIVE "
                "state. Specify a valid capacity provider and try again."
            )


def _refuse_exec_without_role(service: Properties, account: Account) -> None:
    revision = service.get("taskDefinition")
    if service.get("enableExecuteCommand") and any(
        one["arn"] == revision and not one.get("taskRoleArn") for one in account.of(_TASK_DEFINITION)
    ):
        raise Refused(
            "InvalidParameterException: The service couldn't be created because a valid taskRoleArn is not being used. "
            "Specify a valid task role in your task definition and try again."
        )


def _fails(service: Properties, account: Account) -> bool:
    """Return whether somebody waits for tasks that crash. Without any task to start, ECS is content with any image."""
    if not (service.get("waitForSteadyState") and count(service, account)):
        return False
    revision = service["taskDefinition"]
    return any(
        one["arn"] == revision and CRASHING in str(one["containerDefinitions"]) for one in account.of(_TASK_DEFINITION)
    )


def scaled_as(service: Properties) -> str:
    """Return what Application Auto Scaling calls a service."""
    return f"service/{_cluster(service)}/{service['name']}"


def count(service: Properties, account: Account) -> int:
    """Return how many tasks are meant to run: a scaler raises the number to its least one."""
    id_ = scaled_as(service)
    found = account.memory.scaled(id_)
    number = found.get("desiredCount", int(service.get("desiredCount", 0)))
    for target in account.of(_SCALED):
        if target["resourceId"] == id_:
            number = max(number, int({**target, **found}["minCapacity"]))
    return number


def get_service(arguments: Properties, account: Account) -> Properties:
    """Return a service of a cluster by its name."""
    cluster, name = str(arguments["clusterArn"]).rpartition("/")[2], arguments["serviceName"]
    for service in account.of(SERVICE):
        if (_cluster(service), service["name"]) == (cluster, name):
            return {
                **{key: service[key] for key in ("id", "arn", "taskDefinition")},
                "clusterArn": service["cluster"],
                "serviceName": name,
                "desiredCount": count(service, account),
                "loadBalancers": service.get("loadBalancers", []),
                "region": account.place.region,
                "tags": service.get("tagsAll", {}),
            }
    raise Refused("no matching ECS Service found")


def _cluster(service: Properties) -> str:
    return str(service.get("cluster", "default")).rpartition("/")[2]


def _strategy(service: Properties) -> list[str]:
    return [item["capacityProvider"] for item in service.get("capacityProviderStrategies") or ()]


_HANGING: Final = "sleep infinity"
"""What a command has in it whose task runs until it is stopped."""
_tasks: dict[str, Properties] = {}
"""One-off tasks by their ARNs, for as long as this process lives."""


def call_run_task(arguments: Properties, account: Account) -> Properties:
    """Run a task, which ends at once: with the code of `exit <code>` in its command, else well.

    One with the crashing image never starts, and one that sleeps for ever runs until it is stopped.
    """
    wanted, cluster = str(arguments["taskDefinition"]), _cluster(arguments)
    found = [one for one in account.of(_TASK_DEFINITION) if one["arn"] == wanted]
    if not found:
        raise Refused("ClientException: TaskDefinition not found.")
    if not any(one["name"] == cluster for one in account.of("aws:ecs/cluster:Cluster")):
        raise Refused("ClusterNotFoundException: Cluster not found.")
    network = arguments.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    if found[0].get("networkMode") == "awsvpc" and not network.get("subnets"):
        raise Refused(
            "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified."
        )
    arn = account.place.arn("ecs", f"task/{cluster}/{hex_digits(32)}")
    containers = json.loads(found[0]["containerDefinitions"])
    task: Properties = {
        "taskArn": arn,
        "taskDefinitionArn": wanted,
        "clusterArn": arguments.get("cluster"),
        "startedBy": arguments.get("startedBy", ""),
        "desiredStatus": "STOPPED",
        "lastStatus": "STOPPED",
    }
    command = " ".join(map(str, containers[0].get("command") or ()))
    if any(CRASHING in str(one["image"]) for one in containers):
        task |= {"stopCode": "TaskFailedToStart", "stoppedReason": "CannotPullContainerError: the image cannot start"}
        task["containers"] = [{"name": one["name"]} for one in containers]
    elif _HANGING in command:
        task |= {"desiredStatus": "RUNNING", "lastStatus": "RUNNING"}
        task["containers"] = [{"name": one["name"]} for one in containers]
    else:
        code = int(ended[1]) if (ended := re.search(r"\bexit ([0-9]+)", command)) else 0
        task |= {"stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited"}
        task["containers"] = [{"name": one["name"], "exitCode": code} for one in containers]
    _tasks[arn] = task
    return {"tasks": [task], "failures": []}


def call_describe_tasks(arguments: Properties, account: Account) -> Properties:
    """Return tasks, and a failure for each that there is not."""
    there = [_tasks[arn] for arn in arguments["tasks"] if arn in _tasks]
    missing = [{"arn": arn, "reason": "MISSING"} for arn in arguments["tasks"] if arn not in _tasks]
    return {"tasks": there, "failures": missing}


def call_list_tasks(arguments: Properties, account: Account) -> Properties:
    """Return the tasks of a family that are to run, or have stopped."""
    wanted = arguments.get("family"), arguments.get("desiredStatus", "RUNNING")
    found = [
        arn
        for arn, one in _tasks.items()
        if (one["taskDefinitionArn"].rpartition("/")[2].rpartition(":")[0], one["desiredStatus"]) == wanted
    ]
    return {"taskArns": found}


def call_stop_task(arguments: Properties, account: Account) -> Properties:
    """Stop a task."""
    task = _tasks[arguments["task"]]
    task |= {"desiredStatus": "STOPPED", "lastStatus": "STOPPED", "stopCode": "UserInitiated"}
    task |= {"stoppedReason": arguments.get("reason", "")}
    task["containers"] = [{**one, "exitCode": 137} for one in task["containers"]]
    return {"task": task}


def began(task_id: str) -> bool:
    """Tell whether the containers of a task began."""
    return any(
        arn.endswith(f"/{task_id}") and (one["lastStatus"] == "RUNNING" or "exitCode" in one["containers"][0])
        for arn, one in _tasks.items()
    )
