"""The AWS plugin's part of the engine's conversation: check, diff, create, read, update, delete, invoke."""

import json
import secrets
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from . import attributes, documents, invokes, usage
from .account import Account
from .attributes import Place
from .diff import also_replacing, changed_paths
from .memory import Memory
from .readiness import Readiness
from .table import TABLE, ResourceType

VERSION: Final = "7.51.1"
UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands for a value that is not known yet, in the engine's protocol."""

_PARAMETER: Final = "aws:ssm/parameter:Parameter"
_REVISION: Final = "aws:ecs/taskDefinition:TaskDefinition"
_SERVICE: Final = "aws:ecs/service:Service"

CRASHING: Final = f"sha256:{'0bad' * 16}"
"""Digest of an image whose tasks never start, so that a deployment that fails can be seen without AWS."""

_Properties = dict[str, Any]


class AwsServicer(provider_pb2_grpc.ResourceProviderServicer):
    """Answers for every provider instance of a run, default and explicit ones."""

    def __init__(self, memory: Memory, account: Account) -> None:
        self._memory = memory
        self._readiness = Readiness()
        self._account = account
        self._default = Place()
        self._default_tags: dict[str, str] = {}

    # The plugin and its configuration

    def Attach(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: ARG002, N802 the names are gRPC's
        """Accept the engine that attaches itself."""
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:  # noqa: ARG002, N802
        """Say which plugin this stands in for."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def CheckConfig(self, request: Any, context: Any) -> provider_pb2.CheckResponse:  # noqa: ARG002, N802
        """Accept a provider's configuration as it is."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> provider_pb2.DiffResponse:  # noqa: ARG002, N802
        """Never replace a provider: that would replace everything it made."""
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: Any) -> provider_pb2.ConfigureResponse:  # noqa: ARG002, N802
        """Take region and default tags of the default provider.

        One server answers for all, and no later call says for which: what an explicit one makes is placed with the
        default one's, unless it is a service that knows no regions.
        """
        if request.name and not request.name.startswith("default"):
            return provider_pb2.ConfigureResponse(supportsPreview=True, acceptSecrets=False)
        variables = {key.rpartition(":")[2]: value for key, value in request.variables.items()}
        self._default = Place(variables.get("region") or "us-east-1")
        tags = variables.get("defaultTags")
        self._default_tags = json.loads(tags).get("tags", {}) if tags else {}
        return provider_pb2.ConfigureResponse(supportsPreview=True, acceptSecrets=False)

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: ARG002, N802
        """Stop at once: nothing here takes long."""
        return empty_pb2.Empty()

    # Resources

    def Check(self, request: Any, context: Any) -> provider_pb2.CheckResponse:  # noqa: ARG002, N802
        """Name what is wrong with a resource's inputs, and fill in names and tags as the real plugin does."""
        token = _token(request.urn)
        kind = TABLE.get(token)
        news, olds = _plain(request.news), _plain(request.olds)
        if kind is None:
            return _failures(
                [("", f"the stand-in does not know {token}: add it to local/standin/extract.py and run that")]
            )
        faults = list(kind.faults(news)) + list(documents.faults(token, news))
        if faults:
            return _failures(faults)
        self._fill_in(request, kind, news, olds)
        return provider_pb2.CheckResponse(inputs=_struct(news))

    def _fill_in(self, request: Any, kind: ResourceType, news: _Properties, olds: _Properties) -> None:
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

    def Diff(self, request: Any, context: Any) -> provider_pb2.DiffResponse:  # noqa: ARG002, N802
        """Say what differs, and what of it AWS cannot change."""
        token = _token(request.urn)
        kind = TABLE[token]
        olds, news = _plain(request.old_inputs) or _plain(request.olds), _plain(request.news)
        ignored = set(request.ignoreChanges)
        paths = [path for path in changed_paths(olds, news) if path[0] not in ignored]
        replaced = sorted(
            {str(path[0]) for path in paths if kind.replaces(path)} | also_replacing(token, olds, news, UNKNOWN)
        )
        response = provider_pb2.DiffResponse
        return response(
            changes=response.DIFF_SOME if paths else response.DIFF_NONE,
            diffs=sorted({str(path[0]) for path in paths}),
            replaces=replaced,
            # Two load balancers or services of one name cannot be: as the bridge does for names that are fixed.
            deleteBeforeReplace=bool(replaced) and kind.named and _fixed_name(request),
        )

    def Create(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:  # noqa: N802
        """Make a resource, or at a preview say what will be known of it."""
        token = _token(request.urn)
        inputs = _plain(request.properties)
        kind = TABLE[token]
        if request.preview:
            decided_later = kind.computed(inputs) | attributes.undecided(token, inputs)
            unknown = {name: UNKNOWN for name in decided_later if name not in inputs}
            return provider_pb2.CreateResponse(properties=_struct({**unknown, **inputs}))
        self._refuse_if_early(context, token, inputs)
        place = self._place(inputs)
        id_, made = attributes.make(token, inputs, place, revision=self._memory.next_revision)
        if token == _PARAMETER:
            self._memory.put_parameter(inputs["name"], inputs["value"])
        if token == _REVISION and CRASHING in inputs["containerDefinitions"]:
            self._memory.note_crashing(made["arn"])
        usage.note(self._memory, token, id_, inputs)
        self._readiness.note(token, inputs)
        return provider_pb2.CreateResponse(id=id_, properties=_struct({**made, **inputs, "id": id_}))

    def Read(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:  # noqa: N802
        """Return a resource as the state has it: nothing else keeps it."""
        if not _plain(request.properties):
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "the stand-in holds nothing that could be imported by its id")
        if _token(request.urn) == _PARAMETER and (history := self._memory.history(request.id)):
            request.properties["value"] = request.inputs["value"] = history[-1]
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    def Update(self, request: Any, context: Any) -> provider_pb2.UpdateResponse:  # noqa: N802
        """Change a resource; what AWS computed stays."""
        olds, news = _plain(request.olds), _plain(request.news)
        previous = _plain(request.old_inputs)
        kept = {name: value for name, value in olds.items() if name not in previous or name in news}
        updated = {**kept, **news}
        token = _token(request.urn)
        if request.preview:
            updated |= dict.fromkeys(attributes.undecided(token, updated), UNKNOWN)
        else:
            if token == _SERVICE and updated.get("waitForSteadyState") and self._memory.crashes(news["taskDefinition"]):
                context.abort(
                    grpc.StatusCode.FAILED_PRECONDITION,
                    f"waiting for ECS Service ({request.id}) update: (service {news['name']}) deployment failed: tasks "
                    f"failed to start; rolled back to {olds['taskDefinition']}",
                )
            self._refuse_if_early(context, token, updated)
            self._refuse_if_used(request, context, olds, updated)
            updated = attributes.after_update(token, updated)
            usage.note(self._memory, token, request.id, updated)
            if _token(request.urn) == _PARAMETER and updated["value"] != olds["value"]:
                self._memory.put_parameter(request.id, updated["value"])
        return provider_pb2.UpdateResponse(properties=_struct(updated))

    def Delete(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802
        """Delete a resource, unless AWS would refuse it."""
        properties = _plain(request.properties)
        if properties.get("enableDeletionProtection") is True:
            context.abort(
                grpc.StatusCode.FAILED_PRECONDITION,
                f"OperationNotPermitted: {request.id} has deletion protection; turn it off and update first",
            )
        self._refuse_if_used(request, context, properties, {})
        usage.note(self._memory, _token(request.urn), request.id, {})
        if _token(request.urn) == _PARAMETER:
            self._memory.forget_parameter(request.id)
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> provider_pb2.InvokeResponse:  # noqa: ARG002, N802
        """Answer a data source."""
        arguments = _plain(request.args)
        try:
            answer = invokes.answer(request.tok, arguments, self._place(arguments), self._memory, self._account)
        except LookupError as error:
            failure = provider_pb2.CheckFailure(property="", reason=str(error.args[0]))
            return provider_pb2.InvokeResponse(failures=[failure])
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(_struct(answer))  # a keyword of Python's
        return response

    # What they share

    def _refuse_if_early(self, context: grpc.ServicerContext, token: str, properties: _Properties) -> None:
        if reason := self._readiness.refusal(token, properties):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, reason)

    def _refuse_if_used(
        self, request: Any, context: grpc.ServicerContext, olds: _Properties, news: _Properties
    ) -> None:
        if reason := usage.refusal(self._memory, _token(request.urn), request.id, olds, news):
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, reason)

    def _place(self, inputs: _Properties) -> Place:
        region = inputs.get("region")
        return Place(region) if isinstance(region, str) and region != UNKNOWN else self._default


def _fixed_name(request: Any) -> bool:
    news = json_format.MessageToDict(request.news)
    chosen = "name" in news and "name" not in news.get("__defaults", [])
    return chosen and _plain(request.old_inputs).get("name") == news["name"]


def _token(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _plain(struct: struct_pb2.Struct) -> _Properties:
    """Return properties as plain values, whole numbers as such, without the engine's own keys."""
    return {key: _whole(value) for key, value in json_format.MessageToDict(struct).items() if key != "__defaults"}


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items() if key != "__defaults"}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _struct(properties: _Properties) -> struct_pb2.Struct:
    return json_format.ParseDict(properties, struct_pb2.Struct())


def _failures(faults: list[tuple[str, str]]) -> provider_pb2.CheckResponse:
    return provider_pb2.CheckResponse(
        failures=[provider_pb2.CheckFailure(property=path, reason=reason) for path, reason in faults]
    )
