"""What the texts and numbers of the settings may be: each kind is one statement, its pattern and its words together."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from components.balancing import domains


@dataclass(frozen=True)
class Text:
    """What a text must be: a pattern, and the same in words, to follow "must be"."""

    pattern: str
    words: str
    min_length: int | None = None
    max_length: int | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the text's schema, whose mismatch is told in words."""
        text = core_schema.str_schema(
            pattern=self.pattern, min_length=self.min_length, max_length=self.max_length, strict=True
        )
        return core_schema.no_info_wrap_validator_function(self._in_words, text)

    def _in_words(self, value: Any, judge: core_schema.ValidatorFunctionWrapHandler) -> Any:
        try:
            return judge(value)
        except ValidationError as error:
            if error.errors()[0]["type"] != "string_pattern_mismatch":
                raise
        raise PydanticCustomError("kind", "must be {words}", {"words": self.words})


# What CloudWatch Logs accepts (PutRetentionPolicy).
RETENTION_DAYS: Final = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922]


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
NotEmpty = Annotated[str, StringConstraints(min_length=1)]

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
Region = Annotated[str, Text(r"^[a-z]{2}(-[a-z]+)+-[0-9]$", "a region such as eu-west-1")]
HostName = Annotated[str, Text(r"^[a-z0-9-]+([.][a-z0-9-]+)+$", "a host name such as public.ecr.aws, without https://")]

# ARNs and ids.
Arn = Annotated[
    str,
    Text(r"^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$", "an ARN: arn:partition:service:region:account:resource"),
]
KeyArn = Annotated[
    str,
    Text(r"^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", "the ARN of a KMS key: arn:aws:kms:region:account:key/id"),
]
BucketArn = Annotated[
    str, Text(r"^arn:[a-z-]+:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", "the ARN of a bucket: arn:aws:s3:::name")
]
AccountId = Annotated[str, Text(r"^[0-9]{12}$", 'an account id: twelve digits in quotes, "123456789012"')]
OrganizationId = Annotated[str, Text(r"^o-[a-z0-9]{10,32}$", "the id of an organisation: o-a1b2c3d4e5")]
Principal = Annotated[
    str,
    Text(
        r"^([0-9]{12}|arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+)$",
        'an account id in quotes, "123456789012", or the ARN of a role or user',
    ),
]

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
HostedZoneId = Annotated[str, Text(r"^Z[0-9A-Z]{1,31}$", "the id of a hosted zone: Z0123456789ABCDEFGHIJ")]
ListenerArn = Annotated[
    str,
    Text(
        r"^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:listener/app/[^/]+/[0-9a-f]+/[0-9a-f]+$",
        "the ARN of an application load balancer's listener: "
        "arn:aws:elasticloadbalancing:region:account:listener/app/name/id/id",
    ),
]
TlsPolicyName = Annotated[
    str,
    Text(
        r"^ELBSecurityPolicy-TLS13-1-[23](-[A-Za-z0-9-]+)?-[0-9]{4}-[0-9]{2}$",
        "AWS's name of a policy with TLS 1.2 and 1.3 only: ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    ),
]
WebAclArn = Annotated[
    str,
    Text(
        r"^arn:[a-z-]+:wafv2:[a-z0-9-]+:[0-9]{12}:regional/webacl/[^/]+/.+$",
        "the ARN of a regional web ACL: arn:aws:wafv2:region:account:regional/webacl/name/id",
    ),
]
WafRuleName = Annotated[str, Text(r"^[A-Za-z0-9_]+$", "the name of a WAF rule such as SizeRestrictions_BODY")]
HeaderName = Annotated[
    str, Text(r"^[A-Za-z0-9-]{1,40}$", "the name of a header: at most 40 letters, digits and hyphens")
]
HeaderValue = Annotated[
    str, Text(r"^[ -~]{1,128}$", "1 to 128 characters of ASCII, with * for any characters and ? for one")
]
HealthPath = Annotated[str, Text(r"^/", "a path that begins with /")]

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
        r"^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]([?].*)?|https://.+)$",
        "s3://<bucket>?region=<region>, or https://api.pulumi.com",
    ),
]
Folder = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9_.][A-Za-z0-9_./-]*$",
        "a folder of the source such as services/web: letters, digits, dots, hyphens, underscores, slashes",
    ),
]

# The registry; the patterns are those of the ECR API.
_SEGMENT: Final = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
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
