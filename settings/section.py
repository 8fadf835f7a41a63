"""What every section of the settings is."""

from collections.abc import Iterator
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
        values: Any = self.model_dump(include=set(kind.__annotations__), exclude_none=True)
        return values  # type: ignore[no-any-return]


def every_section(of: type[Section] = Section) -> Iterator[type[Section]]:
    """Yield every class of sections that is loaded, those that others build on too."""
    for section in of.__subclasses__():
        yield section
        yield from every_section(section)
