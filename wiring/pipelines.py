"""The pipelines, each of one service."""

from collections.abc import Mapping

import settings
from components import Pipeline, PipelineArgs
from components.pipelines.args import PipelineChoices, PipelineLinks, SourceArgs
from outputs.pipelines import PipelinesOutputs
from release import names

from .capacity import Capacities
from .place import Place
from .registry import Registries
from .services import Served


def pipelines(
    platform: settings.Platform,
    place: Place,
    registries: Registries,
    capacities: Capacities,
    services: Mapping[str, Served],
) -> Mapping[str, Pipeline]:
    """Add the pipelines of the settings."""

    def add(name: str, pipeline: settings.Pipeline) -> Pipeline:
        service, made = platform.services[name], services[name].service
        repository = service.repository or ""  # the settings refuse a pipeline of a service without one
        links: PipelineLinks = {
            "architecture": service.architecture,
            "role_path": place.role_path,
            "protect": place.protect,
        }
        if registries.account:
            links["signing_profile_arns"] = registries.account.signing_profile_arns
        if service.migration:
            links["migration_log_group"] = made.log_group_name
        if existing := platform.network.existing:
            links["existing_vpc_id"] = existing.vpc_id
        args: PipelineArgs = {
            **pipeline.given(PipelineChoices),
            **links,
            "source": pipeline.source.given(SourceArgs),
            "pipeline_name": f"{place.name}-{name}",
            "log_group_prefix": f"{place.path}/pipelines",
            "project": place.project,
            "stack": place.stack,
            "service": name,
            "service_name": names.ecs_service(place.stack, name),
            "family": names.task_family(place.project, place.stack, name),
            "cluster_arn": capacities.cluster.cluster_arn,
            "repository_arn": registries.private.repository_arns[repository],
            "repository_url": registries.private.repository_urls[repository],
            "image_parameter": names.image_parameter(place.project, place.stack, name),
            "task_role_arns": made.role_arns,
            "scaling_target_arn": made.scaling_target_arn,
        }
        return Pipeline(name, args)

    return {name: add(name, pipeline) for name, pipeline in platform.pipelines.items()}


def pipelines_outputs(made: Mapping[str, Pipeline]) -> PipelinesOutputs:
    """Return what is published of the pipelines."""
    return {
        "pipelines": {
            name: {
                "name": pipeline.name,
                "url": pipeline.console_url,
                "connectionArn": pipeline.connection_arn,
                "connectionStatus": pipeline.connection_status,
                "nextStep": pipeline.next_step,
            }
            for name, pipeline in made.items()
        }
    }
