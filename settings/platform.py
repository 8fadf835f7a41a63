"""Everything that one stack says.

A section names the arguments class of the component that its fields are passed to: the two share names and defaults (a
test compares them), and the descriptions in settings.schema.json are the arguments' own.
"""

from graphlib import TopologicalSorter

from pydantic import Field

from components.capacity.providers import CapacityProviderStrategyArgs
from components.services import rolling
from components.services.target_args import ProtocolVersion
from components.tasks.args import NetworkMode

from .arns import PolicyArn
from .kinds import Name
from .problems import Path
from .section import Section
from .sections.balancing import LoadBalancer, NetworkLoadBalancer
from .sections.capacity import Cluster
from .sections.jobs import Job
from .sections.network import Network
from .sections.observability import Notifications
from .sections.pipelines import Pipeline
from .sections.quotas import Quotas
from .sections.registry import Registry
from .sections.routing import NetworkListener
from .sections.services import AnyService, QueueWorker, Service, WebService
from .sections.storage import Storage


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
    permissions_boundary_arn: PolicyArn | None = Field(
        None,
        description="ARN of the managed policy that bounds what every role of the stack may do. Defaults to none. A "
        "service can have another one.",
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
    jobs: dict[Name, Job] = Field(
        default_factory=dict,
        description="Tasks that run and end, on a schedule or when somebody starts them, by name. No service has the "
        "same name.",
    )
    storage: Storage = Storage()
    notifications: Notifications | None = Field(
        None,
        description="Where the stack reports what failed; `{}` means a topic of its own that nobody has subscribed to "
        "yet. Defaults to that in a stack that has something to report.",
    )

    quotas: Quotas = Field(
        Quotas(),
        description="Quotas that AWS has raised for the account in this region. What would exceed one is refused.",
    )

    @property
    def web_services(self) -> dict[str, WebService]:
        """The services that answer requests."""
        return {name: one for name, one in self.services.items() if isinstance(one, WebService)}

    @property
    def network_listeners(self) -> list[NetworkListener]:
        """The listeners that services have on the network load balancer."""
        ways = [way for service in self.web_services.values() for way in service.ways_in.values()]
        return [way.network_listener for way in ways if way.network_listener]

    @property
    def has_logins(self) -> bool:
        """Whether the load balancer asks clients of any service to log in."""
        ways = [way for service in self.web_services.values() for way in service.ways_in.values()]
        return any(way.authentication for way in ways)

    @property
    def needs_https(self) -> bool:
        """Whether the shared listener must speak HTTPS: for logins, gRPC or HTTP/2."""
        ways = [way for service in self.web_services.values() for way in service.ways_in.values()]
        return self.has_logins or any(
            way.protocol_version is not ProtocolVersion.HTTP1 for way in ways if way.network_listener is None
        )

    @property
    def runs(self) -> dict[Path, Service | Job]:
        """All that runs tasks, services and jobs, by their paths."""
        return {
            **{("services", name): one for name, one in self.services.items()},
            **{("jobs", name): one for name, one in self.jobs.items()},
        }

    @property
    def names_that_run(self) -> frozenset[str]:
        """Names of all that runs tasks."""
        return frozenset((*self.services, *self.jobs))

    @property
    def queue_workers(self) -> dict[str, QueueWorker]:
        """The services that process a queue of their own."""
        return {name: one for name, one in self.services.items() if isinstance(one, QueueWorker)}

    @property
    def uses_tables(self) -> bool:
        """Whether any task uses a table of DynamoDB."""
        return any(runs.uses_tables for runs in self.runs.values())

    @property
    def tables_in_bridge_mode(self) -> bool:
        """Whether a task does that shares the security group of its instance."""
        return any(runs.uses_tables and runs.network_mode is NetworkMode.BRIDGE for runs in self.runs.values())

    @property
    def services_by_queues(self) -> list[str]:
        """Names of the services, each after those whose queues it is linked to.

        Raises:
            graphlib.CycleError: some wait for each other.
        """
        needed = {
            name: {link.queue for link in one.links.values() if link.queue in self.queue_workers and link.queue != name}
            for name, one in self.services.items()
        }
        return list(TopologicalSorter(needed).static_order())

    def strategy_of(self, runs: Service | Job) -> list[CapacityProviderStrategyArgs]:
        """Return where the tasks of a service or job run: by its own strategy, or the cluster's."""
        if runs.capacity_provider_strategy:
            return [item.given(CapacityProviderStrategyArgs) for item in runs.capacity_provider_strategy]
        return self.cluster.strategy

    @property
    def reports(self) -> bool:
        """Whether something in the stack reports its failures by notifications."""
        return bool(self.jobs or self.queue_workers or self.storage.queues)

    @property
    def addresses_needed(self) -> int:
        """How many addresses of the private subnets tasks and instances take at most, while all services are deployed.

        A rolling deployment runs up to twice the tasks for a while. Managed Instances are left out: AWS decides their
        number.
        """
        tasks = sum(
            max(one.most_tasks, rolling.allowed(one.most_tasks, one.max_healthy_percent))
            for one in self.services.values()
        )
        tasks += sum(job.task_count for job in self.jobs.values())
        return tasks + sum(group.max_size for group in self.cluster.auto_scaling_groups.values())
