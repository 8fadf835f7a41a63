"""What every section of the settings is."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Section(BaseModel):
    """A part of the settings: unknown keys are refused, types are not converted, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=to_camel)
    arguments_class: ClassVar[type | None] = None

    def arguments(self) -> dict[str, Any]:
        """Return the values under the names that the component gives them, without those that are not set."""
        return self.model_dump(exclude_none=True)
