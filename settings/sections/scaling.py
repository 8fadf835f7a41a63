"""The section of the settings for the number of a service's tasks."""

from typing import Annotated, ClassVar

from pydantic import Field

from components.services.scaling_args import SCALING_DEFAULTS, ScalingChoices

from ..kinds import Count
from ..section import Section


class Scaled(Section):
    """How many tasks a service runs."""

    arguments_class: ClassVar[type | None] = ScalingChoices
    min_tasks: Count = SCALING_DEFAULTS["min_tasks"]
    max_tasks: Count = SCALING_DEFAULTS["max_tasks"]
    cpu_target: Annotated[int, Field(ge=1, le=100)] = SCALING_DEFAULTS["cpu_target"]
