"""Everything that one stack says.

A section names the arguments class of the component that its fields are passed to: the two share names and defaults (a
test compares them), and the descriptions in settings.schema.json are the arguments' own.
"""

from pydantic import Field

from components.capacity.providers import CapacityProviderStrategyArgs

from .kinds import Name
from .section import Section
from .sections.balancing import LoadBalancer, NetworkLoadBalancer
from .sections.capacity import Cluster
from .sections.network import Network
from .sections.pipelines import Pipeline
from .sections.quotas import Quotas
from .sections.registry import Registry
from .sections.services import AnyService, Service, WebService


class Platform(Section):
    """Everything that one stack says."""

    protect: bool = Field(
        True,
        description="Refuse to delete what holds data or cannot be had again: repositories, generated secrets, load "
        "balancers, their logs and static addresses. Defaults to true; false lets `pulumi destroy` take the stack down "
        "with its images.",
    )
    publish_outputs: bool = Field(
        False,
        description="Publish the outputs in Parameter Store too, under /<project>/<stack>/outputs/, for those who do "
        "not use Pulumi. Defaults to false.",
    )
    network: Network = Network()
    registry: Registry = Registry()
    cluster: Cluster = Cluster()
    load_balancer: LoadBalancer = LoadBalancer()
    network_load_balancer: NetworkLoadBalancer | None = Field(
        None,
        description="A Network Load Balancer beside the other one, for services with a networkListener; `{}` means all "
        "defaults. Defaults to none.",
    )
    services: dict[Name, AnyService] = Field(default_factory=dict, description="The services by name.")
    pipelines: dict[Name, Pipeline] = Field(
        default_factory=dict, description="The pipelines, each by the name of the service that it builds and deploys."
    )

    quotas: Quotas = Field(
        Quotas(),
        description="Quotas that AWS has raised for the account in this region. What would exceed one is refused.",
    )

    @property
    def web_services(self) -> dict[str, WebService]:
        """The services that answer requests."""
        return {name: one for name, one in self.services.items() if isinstance(one, WebService)}

    def strategy_of(self, service: Service) -> list[CapacityProviderStrategyArgs]:
        """Return where the tasks of a service run: by its own strategy, or the cluster's."""
        if service.capacity_provider_strategy:
            return [item.given(CapacityProviderStrategyArgs) for item in service.capacity_provider_strategy]
        return self.cluster.strategy

    @property
    def addresses_needed(self) -> int:
        """How many addresses of the private subnets tasks and instances take at most, while all services are deployed.

        A rolling deployment runs twice the tasks for a while. Managed Instances are left out: AWS decides their number.
        """
        tasks = sum(2 * service.most_tasks for service in self.services.values())
        return tasks + sum(group.max_size for group in self.cluster.auto_scaling_groups.values())
