"""What a resource type does beyond the table: the interface that `services/<service>.py` fills in.

`table.py` knows each type's inputs and outputs, which are required, and what AWS cannot change. A type that needs no
more gets the plain `Behaviour`. One that does gets a subclass, named as in pulumi_aws, in the module of the same name:
`aws.ecs.Service` is the class `Service` in `services/ecs.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

from .account import Account, Properties
from .place import Place, hex_digits

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine's protocol sends for a value that is not known yet."""


def is_known(*values: Any) -> bool:
    """Tell whether every part of the values is known."""
    return UNKNOWN not in str(values)


Fault = tuple[str, str]
"""A property, and what is wrong with it."""
Made = tuple[str, Properties]
"""The id of a new resource, and what AWS decides about it."""


class Refused(Exception):  # noqa: N818 it is AWS's answer, not a mistake here
    """AWS would refuse the call, or find nothing. The text is what it would say."""


class Behaviour:
    """One resource type. Override what it does differently; every method may look at the rest of the account."""

    documents: ClassVar[Mapping[str, Callable[[Any], Iterator[str]]]] = {}
    """Inputs that hold a JSON document, and the check that yields what is wrong with its content (`documents.py`)."""

    replacing: ClassVar[Iterable[str]] = ()
    """Inputs that AWS cannot change though the plugin's schema does not say so; `extract.py` puts them in the table."""

    replacing_within: ClassVar[Mapping[str, str]] = {}
    """Blocks that the schema calls unchangeable, and the one path in each for which that is true; for `extract.py`."""

    unique: ClassVar[Mapping[str, str]] = {}
    """Inputs that no two resources of the type may share, joined by commas, and what AWS says to the second one."""

    def __init__(self, token: str) -> None:
        self.token: Final = token

    def refuse_twins(self, id_: str | None, properties: Properties, account: Account) -> None:
        """Refuse what another resource of the account has already.

        Args:
            id_: the resource's id; none before it is made.
            properties: what it has, or would have.
            account: where it is.

        Raises:
            Refused: another one has it.
        """
        for names, answer in self.unique.items():
            wanted = [properties.get(name) for name in names.split(",")]
            for other in account.of(self.token):
                if other["id"] != id_ and wanted == [other.get(name) for name in names.split(",")]:
                    raise Refused(answer.format(**properties))

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Yield what is wrong with the inputs; values that are not known yet pass."""
        yield from ()

    def replaces(self, olds: Properties, news: Properties) -> set[str]:
        """Return changed inputs that need a new resource because of their values, which the table cannot tell."""
        return set()

    def undecided(self, properties: Properties) -> set[str]:
        """Return outputs that a preview cannot know although the table or the state has a value for them."""
        return set()

    def create(self, inputs: Properties, account: Account) -> Made:
        """Make a resource.

        Raises:
            Refused: AWS would not.
        """
        service, name = self.token.split(":")[1].partition("/")[0], self.token.rpartition(":")[2].lower()
        name = str(inputs.get("name") or name)
        return f"{name}-{hex_digits(8)}", {"arn": account.place.arn(service, f"{name}/{hex_digits(8)}")}

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Return a changed resource: `news` has the new inputs and what AWS decided so far.

        Raises:
            Refused: AWS would not change it.
        """
        return news

    def delete(self, id_: str, properties: Properties, account: Account) -> None:
        """Delete a resource.

        Raises:
            Refused: AWS would not.
        """

    def drift(self, id_: str, account: Account) -> Properties:
        """Return properties that others have changed since the stack's last run."""
        return {}


class Numbered(Behaviour):
    """A resource of EC2: its id is a prefix and a number."""

    prefix: ClassVar[str]
    kind: ClassVar[str] = ""
    """What its ARN calls it; empty where it has no ARN."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Make a resource with a number."""
        id_, place = f"{self.prefix}-{hex_digits(17)}", account.place
        made = {"arn": place.arn("ec2", f"{self.kind}/{id_}"), "ownerId": place.account} if self.kind else {}
        return id_, {**made, **self.outputs(id_, inputs, place)}

    def outputs(self, id_: str, inputs: Properties, place: Place) -> Properties:
        """Return what AWS decides besides id, ARN and owner."""
        return {}


class Named(Behaviour):
    """A resource whose id and ARN carry its name."""

    arn: ClassVar[str]
    """Service and resource part of the ARN: `ecr:repository/{name}`."""

    arn_is_id: ClassVar[bool] = False

    def create(self, inputs: Properties, account: Account) -> Made:
        """Make a resource with a name."""
        name = str(inputs.get("name", ""))
        service, _, resource = self.arn.partition(":")
        arn = account.place.arn(service, resource.format(name=name))
        return (arn if self.arn_is_id else name), {"arn": arn, **self.outputs(name, inputs, account.place)}

    def outputs(self, name: str, inputs: Properties, place: Place) -> Properties:
        """Return what AWS decides besides the ARN."""
        return {}
