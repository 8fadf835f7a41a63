"""The project's own `__main__.py` as the engine's program."""

import re
import runpy
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pulumi

from .errors import LocalError

_OURS: Final = ("local", "policies", "release", "tests")


@contextmanager
def undebugged() -> Iterator[None]:
    """Keep the SDK from telling the engine what only its makers want to know: four calls for each resource."""
    debug = pulumi.log.debug
    vars(pulumi.log)["debug"] = lambda *_, **__: None
    try:
        yield
    finally:
        vars(pulumi.log)["debug"] = debug


class Program:
    """Runs `__main__.py`, and keeps in plain words why it failed."""

    _read = time.time_ns()
    """When the first of the project's modules was read, at the earliest: in this process, whoever runs it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.before: Callable[[], object] = lambda: None
        self.failure: str | None = None
        self.trace = ""

    def __call__(self) -> None:
        """Run the program once, with its modules as their files are now."""
        self.failure = None
        self._forget_modules()
        try:
            self.before()
            runpy.run_path(str(self.root / "__main__.py"), run_name="__main__")
        except LocalError as error:
            self.failure = str(error)
            raise pulumi.RunError(self.failure) from None
        except pulumi.RunError as error:
            self.failure = str(error)
            raise
        except Exception as error:
            self.trace = traceback.format_exc()
            where = self._place(error)
            self.failure = f"the program failed{where}: {type(error).__name__}: {error}"
            raise pulumi.RunError(self.failure) from error

    def _forget_modules(self) -> None:
        """Forget the modules of names that the project has, if one is another project's or its file has changed."""
        if str(self.root) not in sys.path:
            sys.path.insert(0, str(self.root))
        own = {place.stem for place in self.root.iterdir()} - {*_OURS, "__main__", *sys.stdlib_module_names}
        files = {
            name: file
            for name, module in sys.modules.copy().items()  # other threads may be importing
            if name.partition(".")[0] in own
            and "site-packages" not in (file := getattr(module, "__file__", None) or "")
        }
        if not all(self._is_as_read(Path(file)) for file in files.values()):
            for name in files:
                del sys.modules[name]
            files.clear()
        if not files:
            Program._read = time.time_ns()

    def _is_as_read(self, file: Path) -> bool:
        try:
            return file.is_relative_to(self.root) and file.stat().st_mtime_ns < self._read
        except OSError:
            return False

    def in_plain_words(self, said: str) -> str:
        """Return what the engine said of a failure; of a trace, what failed and where in the project."""
        if "Traceback (most recent call last)" not in said:
            return said
        lines = said.splitlines()
        failure = next(
            (line for line in reversed(lines) if re.match(r"[\w.]+(Error|Exception|Exit)\b", line)), lines[0]
        )
        own = [
            found
            for line in lines
            if (found := re.match(rf'\s*File "{re.escape(str(self.root))}/(.+)", line (\d+)', line))
        ]
        own = [found for found in own if "site-packages" not in found[1] and not found[1].startswith("local/")]
        where = f" at {own[-1][1]}, line {own[-1][2]}" if own else ""
        return f"the program failed{where}: {failure}"

    def _place(self, error: BaseException) -> str:
        """Return the last line of the project's own that the error went through."""
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename.startswith(f"{self.root}/") and "site-packages" not in frame.filename
        ]
        own = [frame for frame in frames if not frame.filename.startswith(f"{self.root}/local/")]
        return f" at {Path(own[-1].filename).relative_to(self.root)}, line {own[-1].lineno}" if own else ""
