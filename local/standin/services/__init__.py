"""Every AWS service that the stand-in knows more of than the table says: one module each, found by its name.

A module is named as in pulumi_aws, and so is what it holds: `aws.ecs.Service` is the class `Service` in `ecs.py`,
`aws.lb.get_listener` the function `get_listener` in `lb.py`. Nothing lists them.
"""

import functools
import importlib
import importlib.util
import re
from collections.abc import Callable
from types import ModuleType

from ..account import Account, Properties
from ..behaviour import Behaviour, Refused

DataSource = Callable[[Properties, Account], Properties]
"""Takes the arguments and returns the answer; `Refused` says that AWS finds nothing."""


@functools.cache
def behaviour(token: str) -> Behaviour:
    """Return what a resource type does: its own class, else the plain `Behaviour`."""
    found = getattr(_module(token), token.rpartition(":")[2], None)
    if isinstance(found, type) and issubclass(found, Behaviour):
        return found(token)
    return Behaviour(token)


def data_source(token: str) -> DataSource:
    """Return the function that answers a data source.

    Raises:
        Refused: there is none.
    """
    name = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", token.rpartition(":")[2]).lower()
    found: DataSource | None = getattr(_module(token), name, None)
    if found is None:
        file = f"local/standin/services/{_name(token)}.py"
        raise Refused(f"the stand-in has no data source {token}. Add the function {name} to {file}.")
    return found


def call(module: str, operation: str) -> DataSource:
    """Return the function that answers a call of the API, such as `call_run_task` in `ecs.py` for RunTask.

    Raises:
        Refused: there is none.
    """
    name = "call_" + re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", operation).lower()
    found: DataSource | None = getattr(_module(f"aws:{module}/x:x"), name, None) if module else None
    if found is None:
        raise Refused(f"UnknownOperationException: the stand-in does not answer {module} {operation}")
    return found


@functools.cache
def _module(token: str) -> ModuleType | None:
    name = f"{__name__}.{_name(token)}"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def _name(token: str) -> str:
    return token.split(":")[1].partition("/")[0]
