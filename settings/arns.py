"""Kinds of ARNs: each says whose resource it names, and whether that must be in the stack's own region."""

from dataclasses import dataclass
from typing import Annotated, Final

from components.common.arn import parse

from .kinds import Text
from .regions import PARTITION, REGION, partition_of
from .surroundings import Surroundings


@dataclass(frozen=True)
class ArnText(Text):
    """What an ARN must name. Its partition must be the stack's, and so must its region unless it may be elsewhere."""

    elsewhere: tuple[str, ...] = ()
    """Services whose resources may be in another region."""

    def fault(self, text: str, surroundings: Surroundings) -> str | None:
        """Return why an ARN of the right form does not belong in this stack."""
        if not text.startswith("arn:"):
            return None
        arn, home = parse(text), surroundings.region
        if arn.region and home and arn.region != home and arn.service not in self.elsewhere:
            return f"is in {arn.region}, but must be in {home}, as the stack is"
        if (place := home or arn.region) and arn.partition != (partition := partition_of(place)):
            return (
                f"is in the partition {arn.partition}, but {place} is in {partition}: it begins with arn:{partition}:"
            )
        if arn.region and arn.partition != partition_of(arn.region):
            return f"is in the partition {arn.partition}, but {arn.region} is in {partition_of(arn.region)}"
        return None


@dataclass(frozen=True)
class SecretArn(ArnText):
    """The same, of a secret: Secrets Manager gives each a random end, and IAM compares the ARN as a whole."""

    def fault(self, text: str, surroundings: Surroundings) -> str | None:
        """Return the same; a name that looks like a complete one is told too."""
        _, _, name = parse(text).resource.partition(":")
        end = name.partition(":")[0].rpartition("-")[2]
        if text.split(":")[2] == "secretsmanager" and end in _WORDS:
            return (
                f"ends in -{end}, which looks like the secret's name. AWS adds a dash and six random characters: copy "
                "the whole ARN from Secrets Manager"
            )
        return super().fault(text, surroundings)


# Ends of names that happen to have six characters. That AWS draws one of them is next to impossible.
_WORDS: Final = frozenset({"apikey", "config", "dbpass", "passwd", "secret", "tokens", "values"})


def _of(*forms: str) -> str:
    """Return the pattern of ARNs; each form is what comes after the partition."""
    joined = "|".join(forms).replace("REGION", REGION).replace("ACCOUNT", "[0-9]{12}")
    return f"^arn:{PARTITION}:({joined})$"


_KEY: Final = "kms:REGION:ACCOUNT:key/[a-z0-9-]+"
_KEY_WORDS: Final = "the ARN of a KMS key, not of an alias: arn:aws:kms:region:account:key/id"
# IAM and ECR compare the key's own ARN. The form is that of the ECR API (KmsKeyForRepositoryCreationTemplate).
KeyArn = Annotated[str, ArnText(_of(_KEY), _KEY_WORDS)]
# The key of a secret is where the secret is, and that of Pulumi's secrets where somebody made it.
KeyArnElsewhere = Annotated[str, ArnText(_of(_KEY), _KEY_WORDS, elsewhere=("kms",))]

# The secret's name and its random end ("What's in a Secrets Manager secret?", Secrets Manager User Guide). Those that a
# service manages have ! in their names: rds!db-...
_SECRET: Final = "secretsmanager:REGION:ACCOUNT:secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}"  # noqa: S105 a pattern
_PARAMETER: Final = "ssm:REGION:ACCOUNT:parameter/[A-Za-z0-9_./-]*[A-Za-z0-9_.-]"
_COMPLETE: Final = "with the random end that AWS gives it: arn:aws:secretsmanager:region:account:secret:name-a1B2c3"
# A JSON key, and a version by its stage or its id ("Pass Secrets Manager secrets through Amazon ECS environment
# variables"). Parameters may be in another region (ECS API, Secret).
ContainerSecretArn = Annotated[
    str,
    SecretArn(
        _of(
            _SECRET + "(:[^:]*:([^:]*:|:[^:]*))?",
            _PARAMETER,
        ),
        f"an ARN of a Secrets Manager secret {_COMPLETE}, and :key:: after it for one JSON key; or of a Parameter "
        "Store parameter: arn:aws:ssm:region:account:parameter/name",
        elsewhere=("ssm",),
    ),
]
WholeSecretOrParameterArn = Annotated[
    str,
    SecretArn(
        _of(_SECRET, _PARAMETER),
        f"the ARN of a Secrets Manager secret {_COMPLETE}; or of a Parameter Store parameter: "
        "arn:aws:ssm:region:account:parameter/name. jsonKey says which key of it",
        elsewhere=("ssm",),
    ),
]
WholeSecretArn = Annotated[
    str,
    SecretArn(
        _of(_SECRET),
        f"the ARN of a Secrets Manager secret {_COMPLETE}",
    ),
]

# Certificates of IAM belong to no region.
CertificateArn = Annotated[
    str,
    ArnText(
        _of("acm:REGION:ACCOUNT:certificate/[A-Za-z0-9-]+", "iam::ACCOUNT:server-certificate/[A-Za-z0-9_+=,.@/-]+"),
        "a certificate: arn:aws:acm:region:account:certificate/id",
    ),
]
ListenerArn = Annotated[
    str,
    ArnText(
        _of("elasticloadbalancing:REGION:ACCOUNT:listener/app/[A-Za-z0-9-]+/[0-9a-f]+/[0-9a-f]+"),
        "the ARN of an application load balancer's listener: "
        "arn:aws:elasticloadbalancing:region:account:listener/app/name/id/id",
    ),
]
WebAclArn = Annotated[
    str,
    ArnText(
        _of("wafv2:REGION:ACCOUNT:regional/webacl/[A-Za-z0-9_-]+/[A-Za-z0-9-]+"),
        "the ARN of a regional web ACL: arn:aws:wafv2:region:account:regional/webacl/name/id",
    ),
]
UserPoolArn = Annotated[
    str,
    ArnText(
        _of("cognito-idp:REGION:ACCOUNT:userpool/[A-Za-z0-9-]+_[A-Za-z0-9]+"),
        "the ARN of a user pool: arn:aws:cognito-idp:region:account:userpool/region_id",
    ),
]
# A pipeline may use a connection of another region; older ones say codestar-connections.
ConnectionArn = Annotated[
    str,
    ArnText(
        _of("(codeconnections|codestar-connections):REGION:ACCOUNT:connection/[A-Za-z0-9-]+"),
        "the ARN of a connection: arn:aws:codeconnections:region:account:connection/id",
        elsewhere=("codeconnections", "codestar-connections"),
    ),
]
_IAM_NAME: Final = "[A-Za-z0-9_+=,.@/-]+"
PolicyArn = Annotated[
    str,
    ArnText(
        _of(f"iam::(ACCOUNT|aws):policy/{_IAM_NAME}"),
        "the ARN of a managed policy: arn:aws:iam::account:policy/name",
    ),
]
BucketArn = Annotated[
    str, ArnText(_of("s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"), "the ARN of a bucket: arn:aws:s3:::name")
]
_TABLE: Final = "dynamodb:REGION:ACCOUNT:table/[A-Za-z0-9_.-]{3,255}"
# DynamoDB restores a table of another region too.
TableArnElsewhere = Annotated[
    str,
    ArnText(_of(_TABLE), "the ARN of a table: arn:aws:dynamodb:region:account:table/name", elsewhere=("dynamodb",)),
]
SnapshotArn = Annotated[
    str,
    ArnText(
        _of("rds:REGION:ACCOUNT:(cluster-)?snapshot:[A-Za-z0-9:-]+"),
        "the ARN of a snapshot: arn:aws:rds:region:account:snapshot:name, for Aurora "
        "arn:aws:rds:region:account:cluster-snapshot:name",
    ),
]
LinkedArn = Annotated[
    str,
    SecretArn(
        _of(
            "s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
            _TABLE,
            "sqs:REGION:ACCOUNT:[A-Za-z0-9_-]{1,80}([.]fifo)?",
            "sns:REGION:ACCOUNT:[A-Za-z0-9_-]{1,256}([.]fifo)?",
            "events:REGION:ACCOUNT:event-bus/[A-Za-z0-9_./-]+",
            _SECRET,
            _KEY,
        ),
        "the ARN of a bucket, table, queue, topic, event bus, secret or key, without * and without what is in it: "
        "arn:aws:dynamodb:region:account:table/name",
    ),
]
TopicArn = Annotated[
    str,
    ArnText(
        _of("sns:REGION:ACCOUNT:[A-Za-z0-9_-]{1,256}"),
        "the ARN of a standard SNS topic: arn:aws:sns:region:account:name",
    ),
]
AnyTopicArn = Annotated[
    str,
    ArnText(
        _of("sns:REGION:ACCOUNT:[A-Za-z0-9_-]{1,256}([.]fifo)?"),
        "the ARN of an SNS topic: arn:aws:sns:region:account:name",
    ),
]
# Without what IAM would take for a wildcard or variable in the role's policy.
EnvironmentFileArn = Annotated[
    str,
    ArnText(
        _of("s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[A-Za-z0-9!_.'()=+@,:/-]*[.]env"),
        "the ARN of an object in S3 whose name ends in .env, without * ? and $: arn:aws:s3:::bucket/folder/name.env",
    ),
]
RoleArn = Annotated[
    str, ArnText(_of(f"iam::ACCOUNT:role/{_IAM_NAME}"), "the ARN of a role: arn:aws:iam::account:role/name")
]
Principal = Annotated[
    str,
    ArnText(
        f"^[0-9]{{12}}$|{_of(f'iam::ACCOUNT:(role|user)/{_IAM_NAME}')}",
        'an account id in quotes, "123456789012", or the ARN of a role or user',
    ),
]
