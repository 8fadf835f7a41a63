"""What AWS knows beside the resources of a stack: revisions of task families, values of parameters, what uses what."""

import json
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HISTORY = 100
"""Values of a parameter that Parameter Store keeps (GetParameterHistory)."""


class Memory:
    """A file beside the stack's state; without one, this process's own."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._known: dict[str, Any] = {"revisions": {}, "parameters": {}, "crashing": [], "used": {}}

    def next_revision(self, family: str) -> int:
        """Return the next revision of a task family; ECS counts on where the last one stopped, also after a delete."""
        with self._lock:
            revisions = self._read()["revisions"]
            revisions[family] = revisions.get(family, 0) + 1
            self._write()
            return int(revisions[family])

    def note_crashing(self, revision: str) -> None:
        """Keep that tasks of a revision, named by its ARN, never start."""
        with self._lock:
            self._read()["crashing"].append(revision)
            self._write()

    def crashes(self, revision: str) -> bool:
        """Tell whether tasks of a revision never start."""
        with self._lock:
            return revision in self._read()["crashing"]

    def use(self, user: str, used: Iterable[str]) -> None:
        """Keep what a resource uses, in place of what it used before."""
        with self._lock:
            self._read()["used"][user] = sorted(set(used))
            self._write()

    def users(self, used: str) -> list[str]:
        """Return the resources that use something."""
        with self._lock:
            return [user for user, names in self._read()["used"].items() if used in names]

    def put_parameter(self, name: str, value: str) -> None:
        """Give a parameter a value; the earlier ones stay in its history."""
        with self._lock:
            parameters = self._read()["parameters"]
            parameters[name] = [*parameters.get(name, []), value][-HISTORY:]
            self._write()

    def forget_parameter(self, name: str) -> None:
        """Delete a parameter with its history."""
        with self._lock:
            self._read()["parameters"].pop(name, None)
            self._write()

    def history(self, name: str) -> list[str]:
        """Return the values of a parameter, the latest last; none where there is no such parameter."""
        with self._lock:
            return list(self._read()["parameters"].get(name, []))

    def under(self, path: str, *, recursive: bool) -> dict[str, str]:
        """Return the parameters of a path with their values (GetParametersByPath)."""
        prefix = f"{path.rstrip('/')}/"
        with self._lock:
            return {
                name: values[-1]
                for name, values in sorted(self._read()["parameters"].items())
                if name.startswith(prefix) and (recursive or "/" not in name.removeprefix(prefix))
            }

    def _read(self) -> dict[str, Any]:
        if self._file and self._file.exists():
            self._known |= json.loads(self._file.read_text())
        return self._known

    def _write(self) -> None:
        if self._file:
            self._file.write_text(json.dumps(self._known))
