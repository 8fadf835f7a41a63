"""The AWS plugin's part of the engine's conversation: check, diff, create, read, update, delete, invoke.

What each resource type does is in `table.py` and `services/`; nothing here knows one by name.
"""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from . import documents, services, tagging
from .account import Account, Properties, Resources
from .behaviour import UNKNOWN, Fault, Refused
from .diff import changed_paths
from .memory import Memory
from .place import Place
from .table import TABLE, ResourceType
from .wire import defaulted, plain, struct

VERSION: Final = "7.51.1"


class AwsServicer(provider_pb2_grpc.ResourceProviderServicer):
    """Answers for every provider instance of a run, default and explicit ones."""

    def __init__(self, memory: Memory, resources: Resources) -> None:
        self._memory = memory
        self._resources = resources
        self._default = Place()
        self._default_tags: dict[str, str] = {}
        self._changing = threading.Lock()
        """One change at a time, so that what a call refuses by and what it makes belong together."""

    # The plugin and its configuration

    def Attach(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802 the names are gRPC's
        """Accept the engine that attaches itself."""
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:  # noqa: N802
        """Say which plugin this replaces."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def CheckConfig(self, request: Any, context: Any) -> provider_pb2.CheckResponse:  # noqa: N802
        """Accept a provider's configuration as it is."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> provider_pb2.DiffResponse:  # noqa: N802
        """Never replace a provider: that would replace everything it made."""
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: Any) -> provider_pb2.ConfigureResponse:  # noqa: N802
        """Take region and default tags of the default provider.

        One server answers for all, and no later call says for which: what an explicit one makes has the default one's
        region, unless its service has no regions.
        """
        if request.name and not request.name.startswith("default"):
            return provider_pb2.ConfigureResponse(supportsPreview=True, acceptSecrets=False)
        variables = {key.rpartition(":")[2]: value for key, value in request.variables.items()}
        self._default = Place(variables.get("region") or "us-east-1")
        tags = variables.get("defaultTags")
        self._default_tags = json.loads(tags).get("tags", {}) if tags else {}
        return provider_pb2.ConfigureResponse(supportsPreview=True, acceptSecrets=False)

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802
        """Do nothing: no call takes long."""
        return empty_pb2.Empty()

    # Resources

    def Check(self, request: Any, context: Any) -> provider_pb2.CheckResponse:  # noqa: N802
        """Name what is wrong with a resource's inputs, and fill in names and tags as the real plugin does."""
        token = _token(request.urn)
        kind = TABLE.get(token)
        news, olds = plain(request.news), plain(request.olds)
        if kind is None:
            remedy = "Add it to MODULES in local/standin/extract.py, and run `python -m local.standin.extract`."
            return _failures([("", f"the stand-in has no resource type {token}. {remedy}")])
        behaviour = services.behaviour(token)
        faults = [*kind.faults(news), *documents.faults(behaviour.documents, news), *behaviour.faults(news)]
        if faults:
            return _failures(faults)
        self._fill_in(request, kind, news, olds)
        if faults := list(tagging.faults(token, news)):
            return _failures(faults)
        return provider_pb2.CheckResponse(inputs=struct(news))

    def _fill_in(self, request: Any, kind: ResourceType, news: Properties, olds: Properties) -> None:
        for name, value in kind.defaults.items():
            news.setdefault(name, value)
        if kind.named and not news.get("name") and not news.get("namePrefix"):
            suffix = request.randomSeed.hex()[:7] if request.randomSeed else secrets.token_hex(4)[:7]
            news["name"] = olds.get("name") or f"{request.urn.rpartition('::')[2]}-{suffix}"
            news["__defaults"] = ["name"]  # as the real plugin marks what the program did not choose
        if "tagsAll" in kind.outputs and "tags" in kind.inputs:
            tags = news.get("tags")
            if tags != UNKNOWN and (self._default_tags or tags):
                news["tagsAll"] = {**self._default_tags, **(tags or {})}

    def Diff(self, request: Any, context: Any) -> provider_pb2.DiffResponse:  # noqa: N802
        """Say what differs, and what of it AWS cannot change."""
        token = _token(request.urn)
        kind = TABLE[token]
        olds, news = plain(request.old_inputs) or plain(request.olds), plain(request.news)
        ignored = set(request.ignoreChanges)
        paths = [path for path in changed_paths(olds, news) if path[0] not in ignored]
        replaced = {str(path[0]) for path in paths if kind.replaces(path)}
        replaced |= services.behaviour(token).replaces(olds, news)
        response = provider_pb2.DiffResponse
        return response(
            changes=response.DIFF_SOME if paths else response.DIFF_NONE,
            diffs=sorted({str(path[0]) for path in paths}),
            replaces=sorted(replaced),
            # Two load balancers or services cannot have one name: as the bridge does for names that are fixed.
            deleteBeforeReplace=bool(replaced) and kind.named and _fixed_name(request),
        )

    def Create(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:  # noqa: N802
        """Make a resource, or at a preview say what will be known of it."""
        token = _token(request.urn)
        inputs = plain(request.properties)
        behaviour = services.behaviour(token)
        if request.preview:
            later = TABLE[token].computed(inputs) | behaviour.undecided(inputs)
            unknown = {name: UNKNOWN for name in later if name not in inputs}
            return provider_pb2.CreateResponse(properties=struct({**unknown, **inputs}))
        with self._change(context):
            account = self._account(inputs)
            behaviour.refuse_twins(None, inputs, account)
            id_, made = behaviour.create(inputs, account)
            properties = {**made, **inputs, "id": id_}
            self._resources.made(token, id_, properties)
        return provider_pb2.CreateResponse(id=id_, properties=struct(properties))

    def Read(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:  # noqa: N802
        """Return a resource as the state has it, with what others have changed; without a state, as the account has it.

        An answer without an id says that there is none.
        """
        token = _token(request.urn)
        properties = plain(request.properties)
        if not properties:
            return self._imported(token, request.id)
        behaviour = services.behaviour(token)
        for name, value in behaviour.drift(request.id, self._account(properties)).items():
            request.properties[name] = request.inputs[name] = value
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    def _imported(self, token: str, id_: str) -> provider_pb2.ReadResponse:
        for properties in self._resources.of(token):
            if properties["id"] == id_:
                inputs = {name: value for name, value in properties.items() if name in TABLE[token].inputs}
                return provider_pb2.ReadResponse(id=id_, properties=struct(properties), inputs=struct(inputs))
        return provider_pb2.ReadResponse()

    def Update(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:  # noqa: N802
        """Change a resource; what AWS decided stays."""
        token = _token(request.urn)
        olds, news = plain(request.olds), plain(request.news)
        previous = plain(request.old_inputs)
        kept = {name: value for name, value in olds.items() if name not in previous or name in news}
        updated = {**kept, **news}
        behaviour = services.behaviour(token)
        if request.preview:
            updated |= dict.fromkeys(behaviour.undecided(updated), UNKNOWN)
            return provider_pb2.UpdateResponse(properties=struct(updated))
        with self._change(context):
            account = self._account(updated)
            behaviour.refuse_twins(request.id, updated, account)
            updated = behaviour.update(request.id, olds, updated, account)
            self._resources.changed(token, request.id, updated)
        return provider_pb2.UpdateResponse(properties=struct(updated))

    def Delete(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802
        """Delete a resource, unless AWS would refuse it."""
        token = _token(request.urn)
        properties = plain(request.properties)
        with self._change(context):
            services.behaviour(token).delete(request.id, properties, self._account(properties))
            self._resources.deleted(token, request.id, properties)
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> provider_pb2.InvokeResponse:  # noqa: N802
        """Answer a data source."""
        arguments = plain(request.args)
        try:
            answer = services.data_source(request.tok)(arguments, self._account(arguments))
        except Refused as refusal:
            failure = provider_pb2.CheckFailure(property="", reason=str(refusal))
            return provider_pb2.InvokeResponse(failures=[failure])
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(struct(answer))  # a keyword of Python's
        return response

    # What they share

    @contextmanager
    def _change(self, context: grpc.ServicerContext) -> Iterator[None]:
        """Make one change at a time, and pass on why AWS would refuse it."""
        try:
            with self._changing:
                yield
        except Refused as refusal:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(refusal))

    def _account(self, properties: Properties) -> Account:
        region = properties.get("region")
        place = Place(region) if isinstance(region, str) and region != UNKNOWN else self._default
        return Account(place, self._memory, self._resources)


def _fixed_name(request: Any) -> bool:
    """Tell whether the program chose the name, and keeps it."""
    name = plain(request.news).get("name")
    return name is not None and "name" not in defaulted(request.news) and plain(request.old_inputs).get("name") == name


def _token(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _failures(faults: list[Fault]) -> provider_pb2.CheckResponse:
    return provider_pb2.CheckResponse(
        failures=[provider_pb2.CheckFailure(property=path, reason=reason) for path, reason in faults]
    )
