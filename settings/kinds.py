"""What the texts and numbers of the settings may be: patterns, each with words for a person, and types made of them."""

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from components.balancing import domains

NAME = r"^[a-z][a-z0-9-]{0,22}[a-z0-9]$"
ARN = r"^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$"
VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]*$"
CIDR = r"^[0-9]{1,3}([.][0-9]{1,3}){3}/[0-9]{1,2}$"
EMAIL = r"^[^@\s]+@[^@\s]+[.][^@\s]+$"
BACKEND = r"^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]([?].*)?|https://.+)$"
FOLDER = r"^[A-Za-z0-9_.][A-Za-z0-9_./-]*$"
BUCKET = r"^arn:[a-z-]+:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
ENDPOINT = r"^[a-z0-9-]+([.][a-z0-9-]+)?$"
KEY = r"^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$"
VPC = r"^vpc-[0-9a-f]+$"
SUBNET = r"^subnet-[0-9a-f]+$"
GROUP = r"^sg-[0-9a-f]+$"
CIDR6 = r"^[0-9a-fA-F:]+/[0-9]{1,3}$"
INSTANCE_TYPE = r"^[a-z][a-z0-9-]*[.][a-z0-9-]+$"
IMAGE_VERSION = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
INSTANCE_TYPES = r"^[a-z0-9*.-]{1,30}$"

# Of the registry; the patterns are those of the ECR API.
_SEGMENT = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
REPOSITORY = rf"^{_SEGMENT}(/{_SEGMENT})*$"
PREFIX = rf"^({_SEGMENT}(/{_SEGMENT})*/?|ROOT)$"
NAME_START = r"^([a-z0-9]+([._-][a-z0-9]*)*/)*[a-z0-9]*([._-][a-z0-9]*)*$"
NAME_FILTER = r"^[a-z0-9*]([._\-/a-z0-9*]?[a-z0-9*]+)*$"
SIGNING_FILTER = r"^([a-z0-9*]+([._-][a-z0-9*]+)*/)*[a-z0-9*]+([._-][a-z0-9*]+)*$"
TAG = r"^[0-9a-zA-Z._*-]{1,128}$"
TAG_START = r"^[0-9a-zA-Z_][0-9a-zA-Z._-]{0,127}$"
ACCOUNT = r"^[0-9]{12}$"
ORGANIZATION = r"^o-[a-z0-9]{10,32}$"
PRINCIPAL = r"^([0-9]{12}|arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+)$"
REGION = r"^[a-z]{2}(-[a-z]+)+-[0-9]$"
HOST = r"^[a-z0-9-]+([.][a-z0-9-]+)+$"
JSON_KEY = r"^[A-Za-z][A-Za-z0-9_-]*$"

# Of the rules of a load balancer (Elastic Load Balancing API, HttpHeaderConditionConfig). A header whose name has other
# characters is dropped before it is compared.
HEADER = r"^[A-Za-z0-9-]{1,40}$"
HEADER_VALUE = r"^[ -~]{1,128}$"

# Of the Application Load Balancer and what stands in front of it.
ZONE = r"^Z[0-9A-Z]{1,31}$"
LISTENER = r"^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:listener/app/[^/]+/[0-9a-f]+/[0-9a-f]+$"
WEB_ACL = r"^arn:[a-z-]+:wafv2:[a-z0-9-]+:[0-9]{12}:regional/webacl/[^/]+/.+$"
TLS_POLICY_NAME = r"^ELBSecurityPolicy-TLS13-1-[23](-[A-Za-z0-9-]+)?-[0-9]{4}-[0-9]{2}$"
WAF_RULE = r"^[A-Za-z0-9_]+$"

PATTERN_WORDS: Final[dict[str, str]] = {
    NAME: "2 to 24 lower-case letters, digits and hyphens, beginning with a letter and not ending in a hyphen",
    ARN: "an ARN: arn:partition:service:region:account:resource",
    VARIABLE: "letters, digits and underscores, not beginning with a digit",
    CIDR: "an IPv4 range such as 10.0.0.0/16",
    EMAIL: "an e-mail address",
    BACKEND: "s3://<bucket>?region=<region>, or https://api.pulumi.com",
    FOLDER: "a folder of the source such as services/web: letters, digits, dots, hyphens, underscores, slashes",
    BUCKET: "the ARN of a bucket: arn:aws:s3:::name",
    ENDPOINT: "the end of an endpoint's name: sqs for com.amazonaws.<region>.sqs",
    VPC: "the id of a VPC: vpc-0123456789abcdef0",
    SUBNET: "the id of a subnet: subnet-0123456789abcdef0",
    GROUP: "the id of a security group: sg-0123456789abcdef0",
    CIDR6: "an IPv6 range such as 2001:db8::/32",
    IMAGE_VERSION: "one version as the path of AWS's parameter names it, such as 1.50.0",
    INSTANCE_TYPE: "an instance type such as t3.medium",
    INSTANCE_TYPES: "an instance type such as m7g.large, or several by * for any characters: m7g.*",
    KEY: "the ARN of a KMS key: arn:aws:kms:region:account:key/id",
    REPOSITORY: "lower-case letters and digits, between them . _ __ - or /, as ECR allows: team/web",
    PREFIX: "the start of repository names: lower-case letters, digits, between them . _ - or /; or ROOT",
    NAME_START: "the start of repository names: lower-case letters, digits and . _ - /",
    NAME_FILTER: "a repository name or a part of it: lower-case letters, digits, . _ - / and * for any characters",
    SIGNING_FILTER: "a repository name: lower-case letters, digits, . _ - / and * for any characters",
    TAG: "a tag of at most 128 letters, digits and . _ -, with * for any characters",
    TAG_START: "the start of a tag: letters, digits and . _ -",
    ACCOUNT: 'an account id: twelve digits in quotes, "123456789012"',
    ORGANIZATION: "the id of an organisation: o-a1b2c3d4e5",
    PRINCIPAL: 'an account id in quotes, "123456789012", or the ARN of a role or user',
    REGION: "a region such as eu-west-1",
    HOST: "a host name such as public.ecr.aws, without https://",
    JSON_KEY: "letters, digits, - and _, beginning with a letter",
    HEADER: "the name of a header: at most 40 letters, digits and hyphens",
    HEADER_VALUE: "1 to 128 characters of ASCII, with * for any characters and ? for one",
    domains.NAME: "the name of a domain in small letters, without a dot at its end: shop.example.com",
    domains.NAME_OR_WILDCARD: "the name of a domain in small letters, or *. and one: *.shop.example.com",
    ZONE: "the id of a hosted zone: Z0123456789ABCDEFGHIJ",
    LISTENER: "the ARN of an application load balancer's listener: "
    "arn:aws:elasticloadbalancing:region:account:listener/app/name/id/id",
    WEB_ACL: "the ARN of a regional web ACL: arn:aws:wafv2:region:account:regional/webacl/name/id",
    TLS_POLICY_NAME: "AWS's name of a policy for TLS 1.2 and 1.3 only: ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    WAF_RULE: "the name of a rule: SizeRestrictions_BODY",
}
"""What a text that does not match a pattern must be, in words."""

DomainName = Annotated[str, StringConstraints(pattern=domains.NAME, max_length=domains.LONGEST)]
HeaderName = Annotated[str, StringConstraints(pattern=HEADER)]
HeaderValue = Annotated[str, StringConstraints(pattern=HEADER_VALUE)]
RepositoryName = Annotated[str, StringConstraints(pattern=REPOSITORY, min_length=2, max_length=200)]
Prefix = Annotated[str, StringConstraints(pattern=PREFIX, min_length=2, max_length=30)]
TagPattern = Annotated[str, StringConstraints(pattern=TAG)]
TemplatePrefix = Annotated[str, StringConstraints(pattern=PREFIX, min_length=1, max_length=256)]
TagStart = Annotated[str, StringConstraints(pattern=TAG_START)]
ExclusionFilters = Annotated[list[TagPattern], Field(max_length=5)]
ScanFilters = Annotated[
    list[Annotated[str, StringConstraints(pattern=NAME_FILTER, max_length=255)]], Field(max_length=100)
]
AccountId = Annotated[str, StringConstraints(pattern=ACCOUNT)]
Principal = Annotated[str, StringConstraints(pattern=PRINCIPAL)]

Name = Annotated[str, StringConstraints(pattern=NAME)]
Arn = Annotated[str, StringConstraints(pattern=ARN)]
VariableName = Annotated[str, StringConstraints(pattern=VARIABLE)]
CidrBlock = Annotated[str, StringConstraints(pattern=CIDR)]
EmailAddress = Annotated[str, StringConstraints(pattern=EMAIL)]
BackendUrl = Annotated[str, StringConstraints(pattern=BACKEND)]
Folder = Annotated[str, StringConstraints(pattern=FOLDER)]
BucketArn = Annotated[str, StringConstraints(pattern=BUCKET)]
KeyArn = Annotated[str, StringConstraints(pattern=KEY)]
EndpointService = Annotated[str, StringConstraints(pattern=ENDPOINT)]
Port = Annotated[int, Field(ge=1, le=65535)]
Count = Annotated[int, Field(ge=1, le=1000)]

# What CloudWatch Logs accepts (PutRetentionPolicy).
RETENTION_DAYS: Final = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922]
RetentionDays = Annotated[int, Field(json_schema_extra={"enum": RETENTION_DAYS})]
SubnetId = Annotated[str, StringConstraints(pattern=SUBNET)]
InstanceType = Annotated[str, StringConstraints(pattern=INSTANCE_TYPE)]
InstanceTypes = Annotated[str, StringConstraints(pattern=INSTANCE_TYPES)]
Memory = Annotated[int, Field(ge=6, le=25_165_824)]
Percentage = Annotated[int, Field(ge=0, le=100)]
InstanceCount = Annotated[int, Field(ge=0, le=1000)]
