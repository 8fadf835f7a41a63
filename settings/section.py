"""What every section of the settings is."""

from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

_Arguments = TypeVar("_Arguments")


class Section(BaseModel):
    """A part of the settings: unknown keys are refused, types are not converted, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=to_camel)
    arguments_class: ClassVar[type | None] = None

    def given(self, kind: type[_Arguments]) -> _Arguments:
        """Return the values that are set, of the arguments that `kind`, a TypedDict, has."""
        known = kind.__annotations__
        values: Any = {name: value for name, value in self.model_dump(exclude_none=True).items() if name in known}
        return values  # type: ignore[no-any-return]
