"""A YAML file, read so that nothing in it gets lost: a key that is written twice is found."""

from pathlib import Path
from typing import Any, NamedTuple

import yaml


class YamlError(Exception):
    """A file cannot be read as YAML; the message says what is wrong, in which line where that is known."""


class YamlFile(NamedTuple):
    """What a file says."""

    content: Any
    repeated: list[str]
    """What is written twice, each with its path and lines: YAML itself keeps only the last of them."""


def read(file: Path) -> YamlFile:
    """Read a file.

    Raises:
        FileNotFoundError: there is none.
        YamlError: it cannot be read.
    """
    try:
        loader = _Loader(file.read_text(encoding="utf-8-sig"))
        node = loader.get_single_node()
        if node is None:
            return YamlFile(None, [])
        # Before merge keys (<<) are resolved, which may repeat what they merge.
        repeated = list(_repeated(node))
        return YamlFile(loader.construct_document(node), repeated)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise YamlError(f"{file.name}{line}: {error.problem or error.context}") from None
    except RecursionError:
        raise YamlError(f"{file.name}: is nested too deeply to read") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise YamlError(f"{file.name} is no YAML: {' '.join(str(error).split())}") from None
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise YamlError(f"{file.name} cannot be read: {error.strerror}") from None


class _Loader(yaml.SafeLoader):
    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)  # type: ignore[no-untyped-call, unused-ignore]
        except ValueError as error:  # a date that there is not, a number of thousands of digits
            said = f"{str(node.value)[:40]} cannot be read ({error}); put it in quotes if it is text"
            raise yaml.constructor.ConstructorError(None, None, said, node.start_mark) from None


def _repeated(node: yaml.Node) -> list[str]:
    found: list[str] = []
    seen: set[int] = set()
    waiting: list[tuple[str, yaml.Node]] = [("", node)]
    while waiting:
        path, here = waiting.pop()
        if id(here) in seen:
            continue  # an alias
        seen.add(id(here))
        if isinstance(here, yaml.SequenceNode):
            waiting += [(f"{path}[{index}]", item) for index, item in enumerate(here.value)]
        if not isinstance(here, yaml.MappingNode):
            continue
        first: dict[tuple[str, str], int] = {}
        for key, value in here.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            place, line = f"{path}.{name}" if path else name, key.start_mark.line + 1
            waiting.append((place, value))
            if name in ("?", "<<"):
                continue
            if (before := first.get((key.tag, name))) is None:
                first[key.tag, name] = line
            else:
                lines = f"line {line}" if before == line else f"lines {before} and {line}"
                found.append(f"{place} is written twice, in {lines}")
    return found
