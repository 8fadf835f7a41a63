"""What the last run left in the stack's state."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pulumi
from google.protobuf import json_format
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.rpc import _special_secret_sig, _special_sig_key


class Resource(NamedTuple):
    """One resource in the state."""

    kind: str
    """Its type, with those of its parents."""
    name: str
    outputs: Mapping[str, Any]


def resources() -> list[Resource]:
    """Return every resource in the state.

    This is what the Node SDK's `listResourceOutputs` asks the engine for; what waits to be deleted is left out. The
    Python SDK would make resources of the references among the outputs, so the question is put without it.

    Raises:
        pulumi.RunError: the engine does not tell.
    """
    request = resource_pb2.ResourceInvokeRequest(tok="pulumi:pulumi:readStackResourceOutputs")
    names = (pulumi.get_organization() or "organization", pulumi.get_project(), pulumi.get_stack())
    request.args.update({"stackName": "/".join(names)})
    monitor = pulumi.runtime.settings.get_monitor()
    if monitor is None:
        return []
    try:
        answer = json_format.MessageToDict(getattr(monitor.Invoke(request), "return"))
    except Exception as error:
        raise pulumi.RunError(f"The engine does not tell what is in the state of {'/'.join(names)}: {error}") from error
    found = []
    for urn, resource in answer.get("outputs", {}).items():
        _, _, kind, name = str(urn).removeprefix("urn:pulumi:").split("::", 3)
        found.append(Resource(kind, name, _plain(resource["outputs"])))
    return found


def _plain(value: Any) -> Any:
    """Return a value without the marks of secrets in it, which stand around what holds one."""
    if isinstance(value, dict):
        if value.get(_special_sig_key) == _special_secret_sig:
            return _plain(value.get("value"))
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value
