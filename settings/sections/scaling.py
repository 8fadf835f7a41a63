"""The sections of the settings for the number of a service's tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from components.services.metrics import (
    METRIC_DEFAULTS,
    RESULT,
    MetricArgs,
    MetricSourceChoices,
    MetricTargetArgs,
    Statistic,
    Unit,
)
from components.services.scaling_args import (
    NO_TARGET,
    SCALING_DEFAULTS,
    SCHEDULED_SCALING_DEFAULTS,
    CountChoices,
    RequestScalingChoices,
    ScalingActivity,
    ScalingChoices,
    ScheduledScalingArgs,
    limits,
    scales,
)
from components.services.steps import (
    STEP_SCALING_DEFAULTS,
    AdjustmentType,
    MissingData,
    StepArgs,
    StepScalingArgs,
)

from ..kinds import Count, InstanceCount, Name, Text, mistake
from ..section import Section
from ..times import Schedule, TimeZone


@dataclass(frozen=True)
class PercentOrNone:
    """A percentage, or `none`, which the components take as no target."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of a whole number, or of the word."""
        return core_schema.no_info_wrap_validator_function(self._judged, core_schema.int_schema(strict=True))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Tell editors both."""
        return {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 100}, {"const": "none"}]}

    def _judged(self, value: Any, judge: core_schema.ValidatorFunctionWrapHandler) -> int:
        if value == "none":
            return NO_TARGET
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100:
            raise mistake("must be from 1 to 100, in percent; or none, not to scale on it")
        number: int = judge(value)
        return number


def _period(seconds: int) -> int:
    if seconds in (10, 20, 30) or seconds % 60 == 0:
        return seconds
    raise mistake("must be 10, 20, 30 or a multiple of 60, as CloudWatch keeps values")


Namespace = Annotated[str, Text(r"^[^:]", "a namespace such as AWS/ECS, not beginning with a colon", max_length=255)]
MetricName = Annotated[str, Text("", "the name of a metric", min_length=1, max_length=255)]
Dimensions = Annotated[
    dict[
        Annotated[str, Text("", "the name of a dimension", min_length=1, max_length=255)],
        Annotated[str, Text("", "the value of a dimension", min_length=1, max_length=1024)],
    ],
    Field(max_length=30),
]
MetricId = Annotated[
    str,
    Text(
        r"^[a-z][A-Za-z0-9_]{0,254}$",
        f"letters, digits and underscores, beginning with a lower-case letter; not {RESULT}",
        refused=rf"^{RESULT}$",
    ),
]
Expression = Annotated[str, Text("", "an expression such as requests / workers", min_length=1, max_length=1024)]
Seconds = Annotated[int, Field(ge=0, le=86_400)]


class Metric(Section):
    """A metric in CloudWatch."""

    arguments_class = MetricArgs
    namespace: Namespace
    metric_name: MetricName
    dimensions: Dimensions | None = None
    statistic: Statistic = METRIC_DEFAULTS["statistic"]
    unit: Unit | None = None


class MetricSource(Section):
    """One metric, or an expression of several."""

    arguments_class: ClassVar[type | None] = MetricSourceChoices
    namespace: Namespace | None = None
    metric_name: MetricName | None = None
    dimensions: Dimensions | None = None
    statistic: Statistic = METRIC_DEFAULTS["statistic"]
    unit: Unit | None = None
    expression: Expression | None = None
    metrics: Annotated[dict[MetricId, Metric], Field(max_length=9)] | None = None


class MetricTarget(MetricSource):
    """A metric that scaling keeps at a value."""

    arguments_class = MetricTargetArgs
    target: Annotated[float, Field(gt=0)]


class Step(Section):
    """What happens while a metric is in one range."""

    arguments_class = StepArgs
    lower: float | None = None
    upper: float | None = None
    change: Annotated[int, Field(ge=-1000, le=1000)]


class StepScaling(MetricSource):
    """Step scaling on a metric."""

    arguments_class = StepScalingArgs
    steps: Annotated[list[Step], Field(min_length=1)]
    adjustment: AdjustmentType = STEP_SCALING_DEFAULTS["adjustment"]
    min_adjustment: Count | None = None
    cooldown_seconds: Seconds = STEP_SCALING_DEFAULTS["cooldown_seconds"]
    period_seconds: Annotated[int, Field(ge=10, le=86_400), AfterValidator(_period)] = STEP_SCALING_DEFAULTS[
        "period_seconds"
    ]
    evaluation_periods: Annotated[int, Field(ge=1)] = STEP_SCALING_DEFAULTS["evaluation_periods"]
    treat_missing_data: MissingData = STEP_SCALING_DEFAULTS["treat_missing_data"]


class ScheduledScaling(Section):
    """Other limits from a certain time on."""

    arguments_class = ScheduledScalingArgs
    schedule: Schedule
    time_zone: TimeZone = SCHEDULED_SCALING_DEFAULTS["time_zone"]
    min_tasks: InstanceCount | None = None
    max_tasks: InstanceCount | None = None


class Counted(Section):
    """How many tasks a service runs, whatever it scales on."""

    arguments_class: ClassVar[type | None] = CountChoices
    has_scaling_of_its_kind: ClassVar[bool] = False
    """Whether services of the kind are scaled on something of their own, which also starts the first task."""
    min_tasks: InstanceCount
    max_tasks: Count
    scheduled_scaling: dict[Name, ScheduledScaling] = {}
    scaling_suspended: list[ScalingActivity] = []

    @property
    def scales(self) -> bool:
        """Whether a scaler owns the number of tasks."""
        return scales(self.min_tasks, self.max_tasks, self.scheduled_scaling)

    @property
    def limits(self) -> Mapping[str, tuple[int, int]]:
        """Least and greatest number of tasks: the service's own under an empty name, and each schedule's."""
        scheduled = {name: one.given(ScheduledScalingArgs) for name, one in self.scheduled_scaling.items()}
        return limits(self.min_tasks, self.max_tasks, scheduled)

    @property
    def has_room(self) -> bool:
        """Whether anything but schedules can change the number of tasks, at any time."""
        return any(least < greatest for least, greatest in self.limits.values())

    @property
    def most_tasks(self) -> int:
        """Greatest number of tasks at any time."""
        return max(greatest for _, greatest in self.limits.values())


class Scaled(Counted):
    """How many tasks a service runs by what they use, or by metrics."""

    arguments_class: ClassVar[type | None] = ScalingChoices
    min_tasks: InstanceCount = SCALING_DEFAULTS["min_tasks"]
    max_tasks: Count = SCALING_DEFAULTS["max_tasks"]
    cpu_target: Annotated[int, PercentOrNone()] = SCALING_DEFAULTS["cpu_target"]
    memory_target: Annotated[int, Field(ge=1, le=100)] | None = None
    metric_targets: dict[Name, MetricTarget] = {}
    step_scaling: dict[Name, StepScaling] = {}
    scale_in_cooldown_seconds: Seconds = SCALING_DEFAULTS["scale_in_cooldown_seconds"]
    scale_out_cooldown_seconds: Seconds = SCALING_DEFAULTS["scale_out_cooldown_seconds"]
    disable_scale_in: bool = SCALING_DEFAULTS["disable_scale_in"]


class ScaledOnRequests(Section):
    """What only services that answer requests are scaled on."""

    arguments_class: ClassVar[type | None] = RequestScalingChoices
    requests_target: Annotated[int, Field(ge=1)] | None = None
