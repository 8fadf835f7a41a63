"""The services on the cluster, behind its load balancers."""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import pulumi

import outputs
import release
import settings
from components import Service, ServiceArgs
from components.capacity.providers import strategy_kind
from components.common.architecture import DOCKER_PLATFORMS
from components.pipelines.args import DeployKind
from components.services.args import COMPATIBILITIES, NetworkMode
from outputs.services import ServicesOutputs
from release import names

from .balancing import Balancers
from .capacity import Capacities
from .network import AnyNetwork, endpoints_to_reach
from .place import Place
from .registry import Registries


class Served(NamedTuple):
    """A service with what the program knows of it beside the component."""

    service: Service
    image: str | None
    """The image that is meant to run; none before the first one."""
    network_endpoint: pulumi.Input[str]
    """Name and port on the network load balancer; empty where it has none."""


def services(
    platform: settings.Platform,
    place: Place,
    network: AnyNetwork,
    registries: Registries,
    balancers: Balancers,
    capacities: Capacities,
) -> Mapping[str, Served]:
    """Add the services of the settings."""
    parameters = {name: names.image_parameter(place.project, place.stack, name) for name in platform.services}
    # All are asked for before the first service is registered: a run that cannot read them makes none.
    images = {name: one.image or release.image_of(parameters[name]) for name, one in platform.services.items()}

    def add(name: str, service: settings.Service) -> Served:
        arguments = service.arguments()
        repository = arguments.pop("repository")
        if image := images[name]:
            arguments["image"] = image
        arguments["capacity_provider_strategy"] = strategy = platform.strategy_of(service)
        arguments["compatibility"] = COMPATIBILITIES[strategy_kind(strategy, platform.cluster.provider_kinds)]
        arguments |= endpoints_to_reach(platform, network, says_egress=service.egress is not None)
        if service.network_mode is NetworkMode.BRIDGE:
            (group,) = strategy
            arguments["instance_security_group_id"] = capacities.cluster.security_group_ids[group["capacity_provider"]]
        own = {
            "service_name": names.ecs_service(place.stack, name),
            "cluster_arn": capacities.cluster.cluster_arn,
            "cluster_name": capacities.cluster.cluster_name,
            "capacity_providers": capacities.providers,
            "vpc_id": network.vpc_id,
            "subnet_ids": network.private_subnet_ids,
            "ipv6": platform.network.ipv6,
            **_entrance(service, balancers),
            "repository_url": registries.private.repository_urls[repository],
            "repository_arn": registries.private.repository_arns[repository],
            "image_parameter": parameters[name],
            "role_path": place.role_path,
            "released_by_pipeline": name in platform.pipelines and platform.pipelines[name].deploy is DeployKind.ECS,
            "protect": place.protect,
        }
        made = Service(name, cast(ServiceArgs, {**arguments, **own}))
        return Served(made, images[name], _network_endpoint(service, balancers))

    return {name: add(name, service) for name, service in platform.services.items()}


def _entrance(service: settings.Service, balancers: Balancers) -> dict[str, Any]:
    """Return what a service needs of the load balancer in front of it."""
    if service.network_listener and balancers.connections:
        return {
            "network_load_balancer_arn": balancers.connections.arn,
            "load_balancer_security_group_id": balancers.connections.security_group_id,
        }
    return {
        "listener_arn": balancers.requests.listener_arn,
        "load_balancer_security_group_id": balancers.requests.security_group_id,
    }


def _network_endpoint(service: settings.Service, balancers: Balancers) -> pulumi.Input[str]:
    if not (service.network_listener and balancers.connections):
        return ""
    return pulumi.Output.concat(balancers.connections.dns_name, ":", str(service.network_listener.port))


def services_outputs(
    platform: settings.Platform, registries: Registries, served: Mapping[str, Served]
) -> ServicesOutputs:
    """Return what is published of the services."""
    return {
        "services": {
            name: {
                "name": one.service.name,
                "taskDefinitionArn": one.service.task_definition_arn,
                "targetGroupArn": one.service.target_group_arn,
                "networkEndpoint": one.network_endpoint,
                "logGroupName": one.service.log_group_name,
                "securityGroupId": one.service.security_group_id,
                "taskRoleName": one.service.task_role_name,
                "imageParameter": one.service.image_parameter,
                "running": one.image is not None,
            }
            for name, one in served.items()
        },
        "nextSteps": {
            name: outputs.push_commands(
                registries.private.repository_urls[service.repository], name, DOCKER_PLATFORMS[service.architecture]
            )
            for name, service in platform.services.items()
            if served[name].image is None
        },
    }
