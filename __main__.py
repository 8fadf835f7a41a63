"""The container platform of one environment: settings → components → outputs."""

from typing import cast

import pulumi

import outputs
import release
import settings
from components import (
    AliasRecords,
    Certificate,
    CertificateArgs,
    Cluster,
    ClusterArgs,
    ExistingLoadBalancer,
    ExistingLoadBalancerArgs,
    ExistingNetwork,
    ExistingNetworkArgs,
    LoadBalancer,
    LoadBalancerArgs,
    ManagedInstances,
    ManagedInstancesArgs,
    Network,
    NetworkArgs,
    NetworkLoadBalancer,
    NetworkLoadBalancerArgs,
    Pipeline,
    PipelineArgs,
    Publication,
    PublicRegistry,
    PublicRegistryArgs,
    Registry,
    RegistryAccount,
    RegistryAccountArgs,
    RegistryArgs,
    Service,
    ServiceArgs,
    WebAcl,
    WebAclArgs,
)
from components.capacity.providers import Capacity, strategy_kind
from components.common.architecture import DOCKER_PLATFORMS
from components.pipelines.args import DeployKind
from components.services.args import COMPATIBILITIES, NetworkMode
from release import names

platform = settings.load()
project, stack = pulumi.get_project(), pulumi.get_stack()
role_path = f"/{project}/{stack}/"


def read_network() -> ExistingNetwork | None:
    """Read the VPC that the settings name, if they do."""
    existing = platform.network.existing
    if existing is None:
        return None
    wanted = {"instances": platform.cluster.has_instances, "addresses_needed": platform.addresses_needed}
    return ExistingNetwork("network", cast(ExistingNetworkArgs, {**existing.arguments(), **wanted}))


def read_load_balancer() -> ExistingLoadBalancer | None:
    """Read the load balancer that the settings name, if they do, which stands in the VPC that they name."""
    existing, place = platform.load_balancer.existing, platform.network.existing
    if existing is None or place is None:
        return None
    arguments = {**existing.arguments(), "vpc_id": place.vpc_id}
    return ExistingLoadBalancer("load-balancer", cast(ExistingLoadBalancerArgs, arguments))


# Before all else what must be there already: where it is not, the program stops before it makes anything.
existing_network, existing_load_balancer = read_network(), read_load_balancer()
domain = platform.load_balancer.domain
certificate = Certificate("certificate", cast(CertificateArgs, domain.arguments())) if domain else None


def make_network() -> Network:
    """Make the VPC."""
    own = {
        "name_prefix": f"/{project}/{stack}/network",
        "role_path": role_path,
        "instances": platform.cluster.has_instances,
        "protect": platform.protect,
    }
    return Network("network", cast(NetworkArgs, {**platform.network.arguments(), **own}))


network = existing_network or make_network()


def endpoints_to_reach(says_egress: bool) -> dict[str, object]:
    """Return what tasks and instances are told of the VPC's endpoints: where these are the only way, of no other."""
    if not platform.network.has_endpoints_to_open:
        return {}
    return {
        "endpoint_security_group_id": network.endpoint_security_group_id,
        **({"s3_prefix_list_id": network.s3_prefix_list_id} if network.has_s3_endpoint else {}),
        **({} if says_egress or network.reaches_internet else {"egress": []}),
    }


registry = Registry(
    "registry",
    cast(
        RegistryArgs,
        {
            "repositories": platform.registry.arguments()["repositories"],
            "name_prefix": names.repository_prefix(project, stack),
            "protect": platform.protect,
        },
    ),
)


def add_registry_account(account: settings.RegistryAccount) -> RegistryAccount:
    """Add what the registry has once for the account and region, which this stack owns."""
    arguments = account.arguments()
    for cache in arguments["pull_through_caches"].values():
        if credential := cache.get("credential"):
            credential["access_token"] = settings.secret(credential.pop("access_token_key"))
    wiring = {"name_prefix": names.repository_prefix(project, stack), "protect": platform.protect}
    return RegistryAccount("registry-account", cast(RegistryAccountArgs, {**arguments, **wiring}))


registry_account = add_registry_account(platform.registry.account) if platform.registry.account else None

public_registry = (
    PublicRegistry(
        "public-registry",
        cast(
            PublicRegistryArgs,
            {
                "repositories": platform.registry.arguments()["public_repositories"],
                "name_prefix": names.repository_prefix(project, stack),
                "tags": {"project": project, "environment": stack},
                "protect": platform.protect,
            },
        ),
    )
    if platform.registry.public_repositories
    else None
)


def make_load_balancer() -> LoadBalancer:
    """Make the load balancer with what stands in front of it."""
    balancer = platform.load_balancer
    own: dict[str, object] = {
        "vpc_id": network.vpc_id,
        "subnet_ids": network.internal_balancer_subnet_ids if balancer.internal else network.public_subnet_ids,
        "vpc_cidr_block": network.cidr_block,
        "ipv6": platform.network.ipv6,
        "log_bucket_prefix": f"{project}-{stack}-access-logs",
        "deletion_protection": platform.protect,
    }
    if certificate:
        own["domain_certificate_arn"] = certificate.arn
    if balancer.web_acl:
        log_group = {"log_group_name": f"aws-waf-logs-{project}-{stack}"}
        own["web_acl_arn"] = WebAcl("web-acl", cast(WebAclArgs, {**balancer.web_acl.arguments(), **log_group})).arn
    return LoadBalancer("load-balancer", cast(LoadBalancerArgs, {**balancer.arguments(), **own}))


load_balancer = existing_load_balancer or make_load_balancer()

if domain and certificate:
    AliasRecords(
        "domain",
        {
            "names": domain.names,
            "zone_id": certificate.zone_id,
            "target_dns_name": load_balancer.dns_name,
            "target_zone_id": load_balancer.zone_id,
            "ipv6": platform.network.ipv6,
        },
    )


def add_network_load_balancer(balancer: settings.NetworkLoadBalancer) -> NetworkLoadBalancer:
    """Add the load balancer of connections, open at the ports that services listen on."""
    existing = platform.network.existing
    listeners = [service.network_listener for service in platform.services.values() if service.network_listener]
    wiring = {
        "vpc_id": network.vpc_id,
        "subnet_ids": network.internal_balancer_subnet_ids if balancer.internal else network.public_subnet_ids,
        "subnet_count": len(existing.public_subnet_ids) if existing else platform.network.availability_zone_count,
        "ports": [listener.port for listener in listeners],
        "protect": platform.protect,
    }
    return NetworkLoadBalancer(
        "network-load-balancer", cast(NetworkLoadBalancerArgs, {**balancer.arguments(), **wiring})
    )


network_load_balancer = (
    add_network_load_balancer(platform.network_load_balancer) if platform.network_load_balancer else None
)


def make_cluster() -> Cluster:
    """Make the cluster with its capacity."""
    arguments = platform.cluster.arguments()
    for name, group in platform.cluster.auto_scaling_groups.items():
        arguments["auto_scaling_groups"][name] |= {
            **endpoints_to_reach(group.egress is not None),
            "vpc_id": network.vpc_id,
            "subnet_ids": network.private_subnet_ids,
            "load_balancer_security_group_id": load_balancer.security_group_id,
            "ipv6": platform.network.ipv6,
            "tags": {"project": project, "environment": stack},
            "role_path": role_path,
            "protect": platform.protect,
        }
    if strategy_kind(platform.cluster.strategy, platform.cluster.provider_kinds) is Capacity.MANAGED_INSTANCES:
        # AWS keeps no default strategy of these for a cluster; every service names its own.
        arguments["capacity_provider_strategy"] = []
    own = {"cluster_name": names.cluster(project, stack), "log_group_prefix": f"/{project}/{stack}/cluster"}
    return Cluster("cluster", cast(ClusterArgs, {**arguments, **own}))


cluster = make_cluster()


def add_managed_instances(name: str, instances: settings.ManagedInstances) -> ManagedInstances:
    """Add instances that AWS runs for the cluster."""
    wiring = {
        "cluster_name": cluster.cluster_name,
        "name_prefix": f"{names.cluster(project, stack)}-{name}",
        "vpc_id": network.vpc_id,
        "subnet_ids": network.private_subnet_ids,
        "ipv6": platform.network.ipv6,
        "role_path": role_path,
    }
    arguments = {**instances.arguments(), **endpoints_to_reach(instances.egress is not None)}
    return ManagedInstances(f"cluster-{name}", cast(ManagedInstancesArgs, {**arguments, **wiring}))


managed_instances = {
    name: add_managed_instances(name, instances) for name, instances in platform.cluster.managed_instances.items()
}
capacity_providers = pulumi.Output.all(
    cluster.capacity_providers, {name: made.capacity_provider_name for name, made in managed_instances.items()}
).apply(lambda known: {**known[0], **known[1]})

image_parameters = {name: names.image_parameter(project, stack, name) for name in platform.services}
images = {
    name: service.image or release.image_of(image_parameters[name]) for name, service in platform.services.items()
}


def entrance(service: settings.Service) -> dict[str, pulumi.Output[str]]:
    """Return what a service needs of the load balancer that it stands behind."""
    if service.network_listener and network_load_balancer:
        return {
            "network_load_balancer_arn": network_load_balancer.arn,
            "load_balancer_security_group_id": network_load_balancer.security_group_id,
        }
    return {
        "listener_arn": load_balancer.listener_arn,
        "load_balancer_security_group_id": load_balancer.security_group_id,
    }


def add_service(name: str, service: settings.Service) -> Service:
    """Add one service of the settings to the cluster, behind its load balancer."""
    arguments = service.arguments()
    repository = arguments.pop("repository")
    if image := images[name]:
        arguments["image"] = image
    arguments["capacity_provider_strategy"] = strategy = platform.strategy_of(service)
    arguments["compatibility"] = COMPATIBILITIES[strategy_kind(strategy, platform.cluster.provider_kinds)]
    arguments |= endpoints_to_reach(service.egress is not None)
    if service.network_mode is NetworkMode.BRIDGE:
        (group,) = strategy
        arguments["instance_security_group_id"] = cluster.security_group_ids[group["capacity_provider"]]
    wiring = {
        "service_name": names.ecs_service(stack, name),
        "cluster_arn": cluster.cluster_arn,
        "cluster_name": cluster.cluster_name,
        "capacity_providers": capacity_providers,
        "vpc_id": network.vpc_id,
        "subnet_ids": network.private_subnet_ids,
        "ipv6": platform.network.ipv6,
        **entrance(service),
        "repository_url": registry.repository_urls[repository],
        "repository_arn": registry.repository_arns[repository],
        "image_parameter": image_parameters[name],
        "role_path": role_path,
        "released_by_pipeline": name in platform.pipelines and platform.pipelines[name].deploy is DeployKind.ECS,
        "protect": platform.protect,
    }
    return Service(name, cast(ServiceArgs, {**arguments, **wiring}))


services = {name: add_service(name, service) for name, service in platform.services.items()}


def add_pipeline(name: str, pipeline: settings.Pipeline) -> Pipeline:
    """Add the pipeline of one service."""
    service = platform.services[name]
    wiring = {
        "pipeline_name": f"{project}-{stack}-{name}",
        "log_group_prefix": f"/{project}/{stack}/pipelines",
        "project": project,
        "stack": stack,
        "service": name,
        "service_name": names.ecs_service(stack, name),
        "cluster_arn": cluster.cluster_arn,
        "repository_arn": registry.repository_arns[service.repository],
        "repository_url": registry.repository_urls[service.repository],
        "image_parameter": image_parameters[name],
        "task_role_arns": services[name].role_arns,
        "scaling_target_arn": services[name].scaling_target_arn,
        **({"signing_profile_arns": registry_account.signing_profile_arns} if registry_account else {}),
        **({"existing_vpc_id": existing.vpc_id} if (existing := platform.network.existing) else {}),
        "architecture": service.architecture,
        "role_path": role_path,
        "protect": platform.protect,
    }
    return Pipeline(name, cast(PipelineArgs, {**pipeline.arguments(), **wiring}))


pipelines = {name: add_pipeline(name, pipeline) for name, pipeline in platform.pipelines.items()}


def network_endpoint(service: settings.Service) -> pulumi.Input[str]:
    """Return name and port of a service behind the network load balancer."""
    if not (service.network_listener and network_load_balancer):
        return ""
    return pulumi.Output.concat(network_load_balancer.dns_name, ":", str(service.network_listener.port))


published: outputs.StackOutputs = {
    "contractVersion": outputs.CONTRACT_VERSION,
    "url": f"https://{domain.name}" if domain else load_balancer.url,
    "vpcId": network.vpc_id,
    "publicSubnetIds": network.public_subnet_ids,
    "privateSubnetIds": network.private_subnet_ids,
    "endpointSecurityGroupId": network.endpoint_security_group_id,
    "repositoryUrls": registry.repository_urls,
    "repositoryArns": registry.repository_arns,
    "publicRepositoryUris": public_registry.repository_uris if public_registry else {},
    "signingProfileArns": registry_account.signing_profile_arns if registry_account else [],
    "clusterName": cluster.cluster_name,
    "clusterArn": cluster.cluster_arn,
    "capacityProviders": capacity_providers,
    "autoScalingGroupNames": cluster.auto_scaling_group_names,
    "instanceSecurityGroupIds": pulumi.Output.all(
        cluster.security_group_ids, {name: made.security_group_id for name, made in managed_instances.items()}
    ).apply(lambda known: {**known[0], **known[1]}),
    "loadBalancerDnsName": load_balancer.dns_name,
    "loadBalancerZoneId": load_balancer.zone_id,
    "loadBalancerSecurityGroupId": load_balancer.security_group_id,
    "listenerArn": load_balancer.listener_arn,
    "listenerArns": load_balancer.listener_arns,
    "loadBalancerArn": load_balancer.arn,
    "certificateArn": certificate.arn if certificate else "",
    "networkLoadBalancerArn": network_load_balancer.arn if network_load_balancer else "",
    "networkLoadBalancerDnsName": network_load_balancer.dns_name if network_load_balancer else "",
    "networkLoadBalancerZoneId": network_load_balancer.zone_id if network_load_balancer else "",
    "networkLoadBalancerSecurityGroupId": network_load_balancer.security_group_id if network_load_balancer else "",
    "networkLoadBalancerAddresses": network_load_balancer.addresses if network_load_balancer else [],
    "services": {
        name: {
            "name": service.name,
            "taskDefinitionArn": service.task_definition_arn,
            "targetGroupArn": service.target_group_arn,
            "networkEndpoint": network_endpoint(platform.services[name]),
            "logGroupName": service.log_group_name,
            "securityGroupId": service.security_group_id,
            "taskRoleName": service.task_role_name,
            "imageParameter": service.image_parameter,
            "running": images[name] is not None,
        }
        for name, service in services.items()
    },
    "pipelines": {
        name: {
            "name": pipeline.name,
            "url": pipeline.console_url,
            "connectionArn": pipeline.connection_arn,
            "connectionStatus": pipeline.connection_status,
            "nextStep": pipeline.next_step,
        }
        for name, pipeline in pipelines.items()
    },
    "nextSteps": {
        name: outputs.push_commands(
            registry.repository_urls[service.repository], name, DOCKER_PLATFORMS[service.architecture]
        )
        for name, service in platform.services.items()
        if images[name] is None
    },
}
outputs.export(published)
if platform.publish_outputs:
    Publication("outputs", {"path": f"/{project}/{stack}/outputs", "values": outputs.parameters(published)})
