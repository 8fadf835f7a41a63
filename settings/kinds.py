"""What the texts and numbers of the settings may be: each kind is one statement, its pattern and its words together."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from components.balancing import domains

from .regions import REGION, REGIONS, partition_of
from .surroundings import Surroundings


@dataclass(frozen=True)
class Text:
    """What a text must be: a pattern, and the same in words, to follow "must be"."""

    pattern: str
    words: str
    min_length: int | None = None
    max_length: int | None = None
    refused: str | None = None
    """Pattern of what the text must not hold: the pattern itself cannot look ahead."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the text's schema, whose mismatch is told in words."""
        text = core_schema.str_schema(
            pattern=self.pattern or None, min_length=self.min_length, max_length=self.max_length, strict=True
        )
        return core_schema.with_info_wrap_validator_function(self._judged, text)

    def _judged(self, value: Any, judge: core_schema.ValidatorFunctionWrapHandler, info: ValidationInfo) -> str:
        try:
            text: str = judge(value)
        except ValidationError as error:
            match error.errors()[0]["type"]:
                case "string_pattern_mismatch" | "string_too_short":
                    raise self.mismatch(value) from None
                case "string_too_long":
                    raise mistake(f"must have at most {self.max_length} characters, but has {len(value)}") from None
            raise
        if self.refused and re.search(self.refused, text):
            raise self.mismatch(text)
        if fault := self.fault(text, info.context or Surroundings()):
            raise mistake(fault)
        return text

    def fault(self, text: str, surroundings: Surroundings) -> str | None:  # noqa: ARG002 for those that use them
        """Return what is wrong with a text of the right form in this stack."""
        return None

    def mismatch(self, text: str) -> PydanticCustomError:  # noqa: ARG002 for those that use it
        """Return the error of a text of another form."""
        return mistake(f"must be {self.words}")


def mistake(advice: str) -> PydanticCustomError:
    """Return the error that tells a mistake in these words."""
    return PydanticCustomError("kind", "{advice}", {"advice": advice})


# What CloudWatch Logs accepts (PutRetentionPolicy; a test compares).
RETENTION_DAYS: Final = [
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
]


@dataclass(frozen=True)
class LogDays:
    """How long CloudWatch Logs keeps logs; 0 days can mean no logs."""

    none_allowed: bool = False

    @property
    def values(self) -> list[int]:
        """Every number of days that is allowed."""
        return [0, *RETENTION_DAYS] if self.none_allowed else RETENTION_DAYS

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of a whole number that is one of those."""
        return core_schema.no_info_after_validator_function(self._known, core_schema.int_schema(strict=True))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """List the numbers for editors."""
        return {**handler(schema), "enum": self.values}

    def _known(self, days: int) -> int:
        if days in self.values:
            return days
        listed = f"{', '.join(map(str, RETENTION_DAYS))} days"
        none = "; 0 means no logs" if self.none_allowed else ""
        raise PydanticCustomError("kind", "CloudWatch Logs keeps logs for one of {days}", {"days": listed + none})


RetentionDays = Annotated[int, LogDays()]
RetentionDaysOrNone = Annotated[int, LogDays(none_allowed=True)]

Port = Annotated[int, Field(ge=1, le=65535)]
Count = Annotated[int, Field(ge=1, le=1000)]
InstanceCount = Annotated[int, Field(ge=0, le=1000)]
Memory = Annotated[int, Field(ge=6, le=25_165_824)]
Percentage = Annotated[int, Field(ge=0, le=100)]
NotEmpty = Annotated[str, Text("", "text, not empty", min_length=1)]

Name = Annotated[
    str,
    Text(
        r"^[a-z][a-z0-9-]{0,22}[a-z0-9]$",
        "2 to 24 lower-case letters, digits and hyphens, beginning with a letter and not ending in a hyphen",
    ),
]
VariableName = Annotated[
    str, Text(r"^[A-Za-z_][A-Za-z0-9_]*$", "letters, digits and underscores, not beginning with a digit")
]
ConfigurationKey = Annotated[
    str, Text(r"^[A-Za-z][A-Za-z0-9_-]*$", "letters, digits, - and _, beginning with a letter")
]
EmailAddress = Annotated[str, Text(r"^[^@\s]+@[^@\s]+[.][^@\s]+$", "an e-mail address")]


@dataclass(frozen=True)
class RegionText(Text):
    """A region that this program knows, in the stack's partition."""

    def mismatch(self, text: str) -> PydanticCustomError:
        """Return the error, with the region that was probably meant."""
        return mistake(f"must be {self.words}.{_meant(text)}")

    def fault(self, text: str, surroundings: Surroundings) -> str | None:
        """Return why the stack cannot use a region."""
        if text not in REGIONS and not surroundings.any_region:
            return f"is not a region of AWS.{_meant(text)} If it is a new one, set aws:skipRegionValidation: true."
        if surroundings.region and partition_of(text) != (partition := partition_of(surroundings.region)):
            return f"is in the partition {partition_of(text)}, but the stack is in {partition}"
        return None


def _meant(region: str) -> str:
    close = get_close_matches(region.lower(), REGIONS, n=1)
    return f" Did you mean {close[0]}?" if close else ""


Region = Annotated[str, RegionText(f"^{REGION}$", "a region such as eu-west-1")]
HostName = Annotated[str, Text(r"^[a-z0-9-]+([.][a-z0-9-]+)+$", "a host name such as public.ecr.aws, without https://")]

# Ids; arns.py has the ARNs.
AccountId = Annotated[str, Text(r"^[0-9]{12}$", 'an account id: twelve digits in quotes, "123456789012"')]
OrganizationId = Annotated[str, Text(r"^o-[a-z0-9]{10,32}$", "the id of an organisation: o-a1b2c3d4e5")]

# Networks.
CidrBlock = Annotated[str, Text(r"^[0-9]{1,3}([.][0-9]{1,3}){3}/[0-9]{1,2}$", "an IPv4 range such as 10.0.0.0/16")]
Ipv6CidrBlock = Annotated[str, Text(r"^[0-9a-fA-F:]+/[0-9]{1,3}$", "an IPv6 range such as 2001:db8::/32")]
VpcId = Annotated[str, Text(r"^vpc-[0-9a-f]+$", "the id of a VPC: vpc-0123456789abcdef0")]
SubnetId = Annotated[str, Text(r"^subnet-[0-9a-f]+$", "the id of a subnet: subnet-0123456789abcdef0")]
SecurityGroupId = Annotated[str, Text(r"^sg-[0-9a-f]+$", "the id of a security group: sg-0123456789abcdef0")]
EndpointService = Annotated[
    str, Text(r"^[a-z0-9-]+([.][a-z0-9-]+)?$", "the end of an endpoint's name: sqs for com.amazonaws.<region>.sqs")
]

# Load balancers and what belongs in front of them. A header whose name has other characters is dropped before it is
# compared (Elastic Load Balancing API, HttpHeaderConditionConfig).
DomainName = Annotated[
    str,
    Text(
        domains.NAME,
        "a domain name in lower case, without a dot at its end: shop.example.com",
        max_length=domains.LONGEST,
    ),
]
DomainNameOrWildcard = Annotated[
    str,
    Text(
        domains.NAME_OR_WILDCARD,
        "a domain name in lower case, or *. before one: *.shop.example.com",
        max_length=domains.LONGEST,
    ),
]
# The first name of a certificate is its common name (ACM API, RequestCertificate).
CommonName = Annotated[
    str,
    Text(domains.NAME, "a domain name in lower case, without a dot at its end: shop.example.com", max_length=64),
]
HostedZoneId = Annotated[str, Text(r"^Z[0-9A-Z]{1,31}$", "the id of a hosted zone: Z0123456789ABCDEFGHIJ")]
TlsPolicyName = Annotated[
    str,
    Text(
        r"^ELBSecurityPolicy-TLS13-1-[23](-[A-Za-z0-9-]+)?-[0-9]{4}-[0-9]{2}$",
        "AWS's name of a policy with TLS 1.2 and 1.3 only: ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    ),
]
WafRuleName = Annotated[str, Text(r"^[A-Za-z0-9_]+$", "the name of a WAF rule such as SizeRestrictions_BODY")]
HeaderName = Annotated[
    str, Text(r"^[A-Za-z0-9-]{1,40}$", "the name of a header: at most 40 letters, digits and hyphens")
]
HeaderValue = Annotated[
    str, Text(r"^[ -~]{1,128}$", "1 to 128 characters of ASCII, with * for any characters and ? for one")
]
# What RFC 3986 takes in a path and its query, of the length that ELB takes (HealthCheckPath).
HealthPath = Annotated[
    str,
    Text(
        r"^/([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*$",
        "a path that begins with /, without spaces; other characters than those of URLs as %20",
        max_length=1024,
    ),
]
# Characters and lengths of both: "Condition types for listener rules" and "Add a listener rule", Application Load
# Balancers.
HostPattern = Annotated[
    str,
    Text(
        r"^([A-Za-z0-9_*?-]+[.])+[A-Za-z*?]+$",
        "a host name such as shop.example.com, with * for any characters and ? for one, without https://, port or "
        "path; after the last dot only letters",
        max_length=128,
    ),
]
PathPattern = Annotated[
    str,
    Text(
        r"""^[/*][A-Za-z0-9_.$/~"'@:+&*?-]*$""",
        "a path that begins with /, with * for any characters and ? for one; of others AWS takes letters, digits and "
        """_ - . $ / ~ " ' @ : + &""",
        max_length=128,
    ),
]
# Codes of HTTP or of gRPC; what of them a load balancer takes depends on what is spoken (Elastic Load Balancing API,
# Matcher).
HealthCodes = Annotated[
    str,
    Text(
        r"^[0-9]{1,3}(-[0-9]{1,3})?(,[0-9]{1,3}(-[0-9]{1,3})?)*$",
        'codes in quotes: "200", several as "200,204", a range as "200-299"',
        max_length=128,
    ),
]
# What a cookie's name may be (RFC 6265), less what ELB keeps for itself.
CookieName = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$",
        "a cookie's name of at most 64 letters, digits and signs, not beginning with AWSALB, which is the load "
        "balancer's",
        refused="^AWSALB",
    ),
]
# DynamoDB takes any text; these need no substitute in an expression, or only the usual one.
AttributeName = Annotated[
    str,
    Text(
        r"^[A-Za-z_][A-Za-z0-9_.:#-]*$",
        "the name of an attribute: letters, digits and _ . : # -, beginning with a letter or _",
        max_length=255,
    ),
]
# DynamoDB API, IndexName: 3 characters at least.
IndexName = Annotated[
    str,
    Text(
        r"^[a-z][a-z0-9-]{1,22}[a-z0-9]$",
        "3 to 24 lower-case letters, digits and hyphens, beginning with a letter and not ending in a hyphen",
    ),
]
Timestamp = Annotated[
    str,
    Text(
        r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$",
        'a time in UTC, in quotes: "2026-11-20T10:00:00Z"',
    ),
]
EngineVersion = Annotated[
    str, Text(r"^[0-9]+([.][0-9a-z_]+)*$", 'a version in quotes, such as "17" or "8.4"', max_length=60)
]
# RDS API, DBInstanceClass.
InstanceClass = Annotated[
    str, Text(r"^db[.]([a-z0-9-]+[.][a-z0-9-]+|serverless)$", "a class of RDS such as db.t4g.micro or db.serverless")
]
DatabaseWord = Annotated[
    str, Text(r"^[A-Za-z][A-Za-z0-9_]*$", "letters, digits and underscores, beginning with a letter", max_length=63)
]
BackupWindow = Annotated[
    str,
    Text(
        r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$",
        'a time of day in UTC, in quotes: "03:00-04:00"',
    ),
]
_DAY_AND_TIME: Final = "(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]"
MaintenanceWindow = Annotated[
    str, Text(f"^{_DAY_AND_TIME}-{_DAY_AND_TIME}$", 'a time of the week in UTC, in quotes: "sun:04:30-sun:05:30"')
]
# S3 User Guide, "Naming Amazon S3 objects": safe characters, and none that IAM takes for a wildcard or a variable.
ObjectPrefix = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9!_.'()=+@,:-][A-Za-z0-9!_.'()=+@,:/-]*$",
        "the start of objects' keys such as incoming/: letters, digits and ! _ . ' ( ) = + @ , : / -, not beginning "
        "with /",
        max_length=512,
    ),
]
HttpsAddress = Annotated[
    str,
    Text(
        r"^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[^\s]*)?$",
        "an address that begins with https://",
        max_length=1024,
    ),
]
LoginScope = Annotated[
    str,
    Text(r"^[!-~]+( [!-~]+)*$", "scopes with single spaces between, such as openid email", max_length=255),
]
UserPoolDomain = Annotated[
    str,
    Text(
        r"^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
        "the prefix of a domain of Cognito's, such as shop-login, or a domain of your own, without https://",
        refused=r"[.]amazoncognito[.]com$",
    ),
]


_PORT_NAME: Final = re.compile("[a-z0-9_][a-z0-9_-]{0,63}")  # Amazon ECS API, PortMapping


@dataclass(frozen=True)
class PortReference:
    """A port of a task: its number, or its name."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of either."""
        return core_schema.no_info_after_validator_function(self._known, core_schema.any_schema())

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Say both forms to editors."""
        return {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 65535},
                {"type": "string", "pattern": f"^{_PORT_NAME.pattern}$"},
            ]
        }

    def _known(self, value: Any) -> int | str:
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 65535:
            return value
        if isinstance(value, str) and _PORT_NAME.fullmatch(value):
            return value
        raise mistake("must be a port from 1 to 65535, or the name of one of the task's ports")


PortOrName = Annotated[int | str, PortReference()]

# Elastic Load Balancing API, RedirectActionConfig.
RedirectHost = Annotated[
    str,
    Text(
        r"^([A-Za-z0-9.-]|#\{host\})+$",
        "a host name such as www.example.com, also with #{host} for the request's, without https://, port or path",
        max_length=128,
    ),
]
RedirectPath = Annotated[
    str,
    Text(
        r"^/([^\s#?]|#\{(host|port|path)\})*$",
        "a path that begins with /, without query; #{path} stands for the request's without its first slash, #{host} "
        "and #{port} for its host and port",
        max_length=128,
    ),
]
RedirectQuery = Annotated[
    str,
    Text(
        r"^([^\s#?]|#\{(protocol|host|port|path|query)\})([^\s#]|#\{(protocol|host|port|path|query)\})*$",
        "a query such as #{query}&from=old, without ? at its start",
        max_length=128,
    ),
]

# Tasks.
_TAG: Final = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST: Final = "sha256:[0-9a-f]{64}"
_SEGMENT: Final = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
# The grammar of references is Docker's (distribution/reference), the length ECS's (ContainerDefinition).
ImageReference = Annotated[
    str,
    Text(
        rf"^({_TAG}|{_DIGEST}|([A-Za-z0-9.-]+(:[0-9]+)?/)?{_SEGMENT}(/{_SEGMENT})+(:{_TAG})?(@{_DIGEST})?|"
        rf"[A-Za-z0-9.-]+(:[0-9]+)?/{_SEGMENT}(:{_TAG})?(@{_DIGEST})?)$",
        "a tag, a digest (sha256: and 64 hexadecimal digits), or a whole reference with a slash: "
        "docker.io/library/nginx:1.29, not nginx:1.29",
        refused=r"^[^@]{256}",
    ),
]
WholeImageReference = Annotated[
    str,
    Text(
        rf"^(([A-Za-z0-9.-]+(:[0-9]+)?/)?{_SEGMENT}(/{_SEGMENT})+(:{_TAG})?(@{_DIGEST})?|"
        rf"[A-Za-z0-9.-]+(:[0-9]+)?/{_SEGMENT}(:{_TAG})?(@{_DIGEST})?)$",
        "a whole reference with a slash, and a version or digest: docker.io/library/nginx:1.29, not nginx:1.29",
        refused=r"^[^@]{256}",
    ),
]
# Port mappings have names of this form (ECS API, PortMapping).
PortName = Annotated[
    str,
    Text(
        r"^[a-z0-9_][a-z0-9_-]{0,63}$",
        "at most 64 lower-case letters, digits, underscores and hyphens, not beginning with a hyphen",
    ),
]
# Forms of the ECS API (ContainerDefinition). The text of the setting, and Security Hub's ECS.20, refuse root.
UserName = Annotated[
    str,
    Text(
        r"^([1-9][0-9]{0,9}|[A-Za-z_][A-Za-z0-9_.-]{0,31})(:([0-9]{1,10}|[A-Za-z_][A-Za-z0-9_.-]{0,31}))?$",
        "a user other than root, by name or number, also with a group: 1000:1000",
        refused=r"^root(:|$)",
    ),
]


def _health_command(command: list[str]) -> list[str]:
    match command:
        case []:
            return command
        case ["CMD", program, *_] | ["CMD-SHELL", program] if program.strip():
            return command
    raise mistake(
        'must begin with "CMD", then a program and each of its arguments: ["CMD", "node", "healthcheck.js"]; or be '
        '"CMD-SHELL" and one text for the shell: ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]; or [] for none'
    )


# ECS runs nothing else (HealthCheck), and the shell takes only the first text as its command.
HealthCommand = Annotated[list[str], AfterValidator(_health_command)]
Command = Annotated[list[str], Field(min_length=1)]
# The API's integers.
_INTEGER: Final = 2_147_483_647
TimeoutSeconds = Annotated[int, Field(ge=2, le=_INTEGER)]
Limit = Annotated[int, Field(ge=-1, le=_INTEGER)]
ExitCode = Annotated[int, Field(ge=0, le=255)]

# Instances.
InstanceType = Annotated[str, Text(r"^[a-z][a-z0-9-]*[.][a-z0-9-]+$", "an instance type such as t3.medium")]
InstanceTypes = Annotated[
    str, Text(r"^[a-z0-9*.-]{1,30}$", "an instance type such as m7g.large, or several by * for any characters: m7g.*")
]
ImageVersion = Annotated[
    str, Text(r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", "one version as the path of AWS's parameter names it, such as 1.50.0")
]

# Pipelines.
BackendUrl = Annotated[
    str,
    Text(
        r"^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]([?][A-Za-z0-9_.=&%/:-]+)?|https://[A-Za-z0-9.-]+(:[0-9]+)?(/[^\s]*)?)$",
        "s3://<bucket>?region=<region>, or https://api.pulumi.com",
    ),
]
Folder = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9_.][A-Za-z0-9_./-]*$",
        "a folder of the source such as services/web: letters, digits, dots, hyphens, underscores, slashes; not ..",
        refused=r"(^|/)[.][.](/|$)",
    ),
]
# CodeCommit's own pattern (RepositoryName), for each part of owner/name too; groups of GitLab may nest.
SourceRepository = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9_.-]{1,100}(/[A-Za-z0-9_.-]{1,100})*$",
        "the name of a CodeCommit repository, or owner/name at a provider, without https:// and .git",
        refused=r"[.]git$",
    ),
]
# What Git refuses (git-check-ref-format), and the whole reference, which CodePipeline does not take.
BranchName = Annotated[
    str,
    Text(
        r"^[^\x00-\x20\x7f~^:?*\[\\]+$",
        "the name of a branch such as main or release/1.0, without refs/heads/",
        max_length=256,
        refused=r"^[-/.]|^refs/|^@$|[.][.]|//|/[.]|@\{|[/.]$|[.]lock(/|$)",
    ),
]
# Stages of a Dockerfile have names as Docker has them (BuildKit, FROM ... AS).
StageName = Annotated[
    str, Text(r"^[A-Za-z][A-Za-z0-9._-]*$", "the name of a stage of the Dockerfile: FROM ... AS <name>")
]

# Tags of resources (Tag of the ECS API: lengths, characters, what begins with aws:).
_TAG_WORDS: Final = "letters, digits, spaces and _ . : / = + - @, not beginning with aws:"
_NO_TAG: Final = r"[^\w .:/=+@-]|^(?i:aws:)"
TagKey = Annotated[str, Text("", f"a tag's key: {_TAG_WORDS}", min_length=1, max_length=128, refused=_NO_TAG)]
TagValue = Annotated[str, Text("", f"a tag's value: {_TAG_WORDS}", max_length=256, refused=_NO_TAG)]
Tags = Annotated[dict[TagKey, TagValue], Field(max_length=50)]

# The registry; the patterns are those of the ECR API.
_PREFIX: Final = rf"^({_SEGMENT}(/{_SEGMENT})*/?|ROOT)$"
_PREFIX_WORDS: Final = "the start of repository names, lower-case letters and digits separated by . _ - or /; or ROOT"
RepositoryName = Annotated[
    str,
    Text(
        rf"^{_SEGMENT}(/{_SEGMENT})*$",
        "lower-case letters and digits, separated by . _ __ hyphens or /: team/web",
        min_length=2,
        max_length=200,
    ),
]
PUBLIC_REPOSITORY: Final = "([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*"
"""What a name is on ECR Public (ECR Public API, RepositoryName)."""
PublicRepositoryName = Annotated[
    str,
    Text(
        f"^{PUBLIC_REPOSITORY}$",
        "lower-case letters and digits, separated by one of . _ - or /: team/web",
        min_length=2,
        max_length=200,
    ),
]
Prefix = Annotated[str, Text(_PREFIX, _PREFIX_WORDS, min_length=2, max_length=30)]
TemplatePrefix = Annotated[str, Text(_PREFIX, _PREFIX_WORDS, min_length=1, max_length=256)]
RepositoryStart = Annotated[
    str,
    Text(
        r"^([a-z0-9]+([._-][a-z0-9]*)*/)*[a-z0-9]*([._-][a-z0-9]*)*$",
        "the start of repository names, of lower-case letters, digits and . _ - /",
        min_length=2,
        max_length=256,
    ),
]
RepositoryFilter = Annotated[
    str,
    Text(
        r"^[a-z0-9*]([._\-/a-z0-9*]?[a-z0-9*]+)*$",
        "a repository name or a part of it, of lower-case letters, digits, . _ - / and * for any characters",
        max_length=255,
    ),
]
SigningFilter = Annotated[
    str,
    Text(
        r"^([a-z0-9*]+([._-][a-z0-9*]+)*/)*[a-z0-9*]+([._-][a-z0-9*]+)*$",
        "a repository name, of lower-case letters, digits, . _ - / and * for any characters",
        max_length=256,
    ),
]
TagPattern = Annotated[
    str, Text(r"^[0-9a-zA-Z._*-]{1,128}$", "a tag of at most 128 letters, digits and . _ -, with * for any characters")
]
TagStart = Annotated[str, Text(r"^[0-9a-zA-Z_][0-9a-zA-Z._-]{0,127}$", "the start of a tag: letters, digits and . _ -")]
ExclusionFilters = Annotated[list[TagPattern], Field(max_length=5)]
ScanFilters = Annotated[list[RepositoryFilter], Field(max_length=100)]
