"""What AWS remembers beside the resources of a stack: revisions of task families, values of parameters, zones."""

import json
import threading
from pathlib import Path
from typing import Any, Final

from release import files

from ..errors import LocalError

_KEPT: Final = ("revisions", "parameters")
_LATER: Final = ("zones", "deleted_secrets", "scaled")
"""What files that are still there do not have yet."""

HISTORY = 100
"""Values of a parameter that Parameter Store keeps (GetParameterHistory)."""


class Memory:
    """A file beside the stack's state; without one, this process's own."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._known: dict[str, Any] = {name: {} for name in (*_KEPT, *_LATER)}

    def check(self) -> None:
        """Check that what is remembered can be read.

        Raises:
            LocalError: it cannot.
        """
        with self._lock:
            self._read()

    def next_revision(self, family: str) -> int:
        """Return the next revision of a task family; ECS counts on where the last one stopped, also after a delete."""
        with self._lock:
            revisions = self._read()["revisions"]
            revisions[family] = revisions.get(family, 0) + 1
            self._write()
            return int(revisions[family])

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

    def schedule_deletion(self, secret: str) -> None:
        """Keep a deleted secret's name taken, for days that do not pass here."""
        with self._lock:
            self._read()["deleted_secrets"][secret] = "scheduled"
            self._write()

    def is_scheduled(self, secret: str) -> bool:
        """Return whether a deleted secret still has that name."""
        with self._lock:
            return secret in self._read()["deleted_secrets"]

    def history(self, name: str) -> list[str]:
        """Return the values of a parameter, the latest last; none if there is no such parameter."""
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

    def zones(self, region: str) -> list[str] | None:
        """Return the letters of the zones that a region offers, where a test has changed them; else none."""
        with self._lock:
            offered: dict[str, list[str]] = self._read()["zones"]
            return offered.get(region)

    def scaled(self, service: str) -> dict[str, int]:
        """Return what a scaler or a schedule has set of a service since the stack's last word.

        `minCapacity` and `maxCapacity` of the scalable target, `desiredCount` of the service.
        """
        with self._lock:
            return dict(self._read()["scaled"].get(service, {}))

    def set_scaled(self, service: str, **values: int | None) -> None:
        """Remember what a scaler or a schedule sets; None leaves it to the stack again."""
        with self._lock:
            scaled = self._read()["scaled"]
            before = scaled.get(service, {})
            after = {key: value for key, value in {**before, **values}.items() if value is not None}
            if after == before:
                return
            scaled[service] = after
            if not after:
                del scaled[service]
            self._write()

    def _read(self) -> dict[str, Any]:
        if self._file and self._file.exists():
            try:
                known = json.loads(self._file.read_text(encoding="utf-8"))
                self._known = {
                    **{name: dict(known[name]) for name in _KEPT},
                    **{name: dict(known.get(name, {})) for name in _LATER},
                }
            except (ValueError, TypeError, LookupError) as error:
                raise LocalError(
                    f"{self._file} is broken ({error}): there the stand-in for AWS keeps which images are released",
                    "remove it, then say what shall run: .venv/bin/python -m local release set <service> <digest>",
                ) from None
        return self._known

    def _write(self) -> None:
        if self._file:
            files.write(self._file, json.dumps(self._known))
