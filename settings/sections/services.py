"""The sections of the settings for services: how tasks are kept running."""

from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Discriminator, Field, Tag

from components.services import placement
from components.services.args import KEPT_DEFAULTS, KeptArgs, QueueWorkerArgs, ServiceArgs, WorkerArgs
from components.tasks.args import TASK_LINK_DEFAULTS

from ..kinds import Name, NotEmpty, Text
from ..section import Section
from .capacity import EgressRule, Strategy
from .migrations import Migration
from .queues import Backlog, Subscription, WorkersQueue
from .routing import Route, Routed, WayIn
from .scaling import Counted, Scaled, ScaledOnRequests
from .tasks import Tasks


class PlacementConstraint(Section):
    """What an instance must satisfy to get a task."""

    arguments_class = placement.PlacementConstraintArgs
    type: placement.ConstraintType
    expression: Annotated[str, Text("", "an expression", min_length=1, max_length=2000)] | None = None


class PlacementStrategy(Section):
    """How ECS chooses an instance, at best effort."""

    arguments_class = placement.PlacementStrategyArgs
    type: placement.StrategyType
    field: NotEmpty | None = None


class Service(Tasks, Counted):
    """What services of every kind say."""

    arguments_class: ClassVar[type | None] = KeptArgs
    component: ClassVar[str]
    """The component that a service of the kind is."""
    capacity_provider_strategy: Strategy | None = Field(
        None, description="Where the tasks run. Defaults to the cluster's strategy."
    )
    placement_constraints: Annotated[list[PlacementConstraint], Field(max_length=10)] = []
    placement_strategies: Annotated[list[PlacementStrategy], Field(max_length=5)] | None = None
    egress: list[EgressRule] | None = None
    execute_command: bool = TASK_LINK_DEFAULTS["execute_command"]
    # Amazon ECS API, DeploymentConfiguration.
    min_healthy_percent: Annotated[int, Field(ge=0, le=100)] = KEPT_DEFAULTS["min_healthy_percent"]
    max_healthy_percent: Annotated[int, Field(ge=100, le=200)] = KEPT_DEFAULTS["max_healthy_percent"]
    migration: Migration | None = None
    restart_on_rotation: bool = KEPT_DEFAULTS["restart_on_rotation"]


class WebService(Scaled, Service, Routed, ScaledOnRequests):
    """A service that answers requests, behind a load balancer."""

    arguments_class = ServiceArgs
    component = "Service"
    kind: Literal["web"] = Field("web", description="A service that answers requests. Defaults to web.")

    @property
    def named_ports(self) -> dict[str, int]:
        """Number of each further port of the task's containers by its name."""
        beside = [port for one in self.containers.values() for port in one.ports.items()]
        return {name: one.port for name, one in [*self.ports.items(), *beside]}

    def port_of(self, way: WayIn) -> int:
        """Return the number of the port that a way in leads to."""
        port = way.port if isinstance(way, Route) else None
        return self.named_ports.get(port, 0) if isinstance(port, str) else port or self.container_port


class Worker(Scaled, Service):
    """A service that gets no requests and finds its work itself."""

    arguments_class = WorkerArgs
    component = "Worker"
    kind: Literal["worker"] = Field(description="A service without a load balancer: nothing connects to its tasks.")


class QueueWorker(Backlog, Service):
    """A service that processes the messages of a queue of its own."""

    arguments_class = QueueWorkerArgs
    component = "QueueWorker"
    kind: Literal["queueWorker"] = Field(description="A service that processes the messages of a queue of its own.")
    queue: WorkersQueue = WorkersQueue()
    subscriptions: dict[Name, Subscription] = {}


KINDS: Final[dict[str, type[Service]]] = {"web": WebService, "worker": Worker, "queueWorker": QueueWorker}
"""The kinds of services, by what `kind` says."""


def kind_of(value: Any) -> str:
    """Return the kind of a service in plain settings, or already read; web where it says none."""
    return str(value.get("kind", "web") if isinstance(value, dict) else getattr(value, "kind", "web"))


AnyService = Annotated[
    Annotated[WebService, Tag("web")] | Annotated[Worker, Tag("worker")] | Annotated[QueueWorker, Tag("queueWorker")],
    Discriminator(kind_of),
]
"""A service of one of the kinds."""
