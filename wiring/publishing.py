"""The contract with other projects, put together from the areas."""

from collections.abc import Mapping

import outputs
import settings
from components import Pipeline, Publication

from .balancing import Balancers, balancing_outputs
from .capacity import Capacities, capacity_outputs
from .jobs import Run, jobs_outputs
from .network import AnyNetwork, network_outputs
from .observability import Reports, observability_outputs
from .pipelines import pipelines_outputs
from .place import Place
from .registry import Registries, registry_outputs
from .services import Served, services_outputs
from .storage import Stored, storage_outputs


def publish(
    platform: settings.Platform,
    place: Place,
    network: AnyNetwork,
    registries: Registries,
    balancers: Balancers,
    capacities: Capacities,
    services: Mapping[str, Served],
    jobs: Mapping[str, Run],
    pipelines: Mapping[str, Pipeline],
    reports: Reports,
    stored: Stored,
) -> None:
    """Export the stack's outputs, and keep them in Parameter Store where the settings ask for it."""
    published: outputs.StackOutputs = {
        "contractVersion": outputs.CONTRACT_VERSION,
        **network_outputs(network),
        **registry_outputs(registries),
        **capacity_outputs(capacities),
        **balancing_outputs(balancers),
        **services_outputs(platform, registries, services, jobs),
        **jobs_outputs(jobs),
        **pipelines_outputs(pipelines),
        **observability_outputs(reports),
        **storage_outputs(stored),
    }
    outputs.export(published)
    if platform.publish_outputs:
        Publication("outputs", {"path": f"{place.path}/outputs", "values": outputs.parameters(published)})
