"""The sections of the settings for secrets: where each is, as one text or as a map."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, get_args

from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from components.tasks.secret_args import GENERATED_SECRET_DEFAULTS, GeneratedSecretArgs

from ..arns import ArnText, ContainerSecretArn, WholeSecretOrParameterArn
from ..kinds import NotEmpty, Text, VariableName, mistake
from ..section import Section

# Letters that end a part of ECS's own form, <secret>:<json key>:<version stage>:<version id>, cannot be in one.
_JsonKey = Annotated[str, Text(r"^[^:\s]+$", "one key of the secret's JSON, without : and spaces", max_length=256)]
_Stage = Annotated[
    str, Text(r"^[\w/+=.@-]+$", "a staging label such as AWSPREVIOUS", max_length=256, refused="^AWSPENDING$")
]
_VersionId = Annotated[str, Text(r"^[A-Za-z0-9-]{32,64}$", "the id of a version: 32 to 64 letters, digits and hyphens")]


class Secret(Section):
    """Where one secret is, in parts."""

    arn: WholeSecretOrParameterArn = Field(
        description="ARN of the Secrets Manager secret, with its random end, or of the Parameter Store parameter."
    )
    json_key: _JsonKey | None = Field(
        None, description="Key whose value it is, if the secret holds JSON. Defaults to the whole secret."
    )
    version_stage: _Stage | None = Field(
        None, description="Staging label of the version to read. Defaults to the current one, AWSCURRENT."
    )
    version_id: _VersionId | None = Field(
        None, description="Id of the only version to read, instead of a staging label. Defaults to none."
    )

    @model_validator(mode="after")
    def _parts_go_together(self) -> "Secret":
        parts = {"jsonKey": self.json_key, "versionStage": self.version_stage, "versionId": self.version_id}
        given = [name for name, value in parts.items() if value is not None]
        if given and self.arn.split(":")[2] == "ssm":
            raise mistake(f"has {' and '.join(given)}, but a parameter has neither keys nor versions here. Remove it.")
        if self.version_stage and self.version_id:
            raise mistake("has versionStage and versionId, of which ECS takes one. Remove one.")
        return self

    @property
    def value_from(self) -> str:
        """The same in one text, as ECS takes it."""
        parts = (self.json_key, self.version_stage, self.version_id)
        return ":".join((self.arn, *(part or "" for part in parts))) if any(parts) else self.arn


@dataclass(frozen=True)
class _TextOrMap:
    """A secret as one text, or as a map that becomes one."""

    text: ArnText
    section: ClassVar[type[Section]] = Secret

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema that takes both; what is wrong in a map is told at its own place."""
        as_text = SchemaValidator(self.text.__get_pydantic_core_schema__(source, handler))

        def judged(value: Any, judge: core_schema.ValidatorFunctionWrapHandler, info: ValidationInfo) -> str:
            if isinstance(value, dict):
                return str(judge(value).value_from)
            if not isinstance(value, str):
                raise mistake("must be an ARN in quotes, or a map with arn and jsonKey")
            try:
                return str(as_text.validate_python(value, context=info.context))
            except ValidationError as error:
                raise mistake(error.errors()[0]["msg"]) from None

        return core_schema.with_info_wrap_validator_function(
            judged, handler.generate_schema(Secret), serialization=core_schema.simple_ser_schema("str")
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Offer both to editors."""
        return {"anyOf": [{"type": "string", "pattern": self.text.pattern}, handler(schema)]}


_TEXT: Final = next(one for one in get_args(ContainerSecretArn) if isinstance(one, ArnText))
SecretReference = Annotated[str, _TextOrMap(_TEXT)]


class GeneratedSecret(Section):
    """A password generated once with the service."""

    arguments_class = GeneratedSecretArgs
    environment_variable: VariableName
    username: NotEmpty = GENERATED_SECRET_DEFAULTS["username"]
    length: Annotated[int, Field(ge=8, le=4096)] = GENERATED_SECRET_DEFAULTS["length"]
    excluded_characters: Annotated[str, Text("", "characters", max_length=4096)] = GENERATED_SECRET_DEFAULTS[
        "excluded_characters"
    ]
