"""Amazon Route 53."""

from typing import ClassVar

from ..account import Account, Properties
from ..behaviour import Behaviour, Made, Refused
from ..place import hex_digits


class Zone(Behaviour):
    """A hosted zone."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its id, ARN and name servers."""
        id_ = f"Z{hex_digits(20).upper()}"
        arn = f"arn:{account.place.partition}:route53:::hostedzone/{id_}"
        servers = [f"ns-{number}.awsdns-0{number}.example." for number in range(1, 5)]
        return id_, {"arn": arn, "zoneId": id_, "nameServers": servers, "primaryNameServer": servers[0]}


class Record(Behaviour):
    """A record."""

    unique: ClassVar = {
        "zoneId,name,type,setIdentifier": "InvalidChangeBatch: [Tried to create resource record set [name='{name}', "
        "type='{type}'] but it already exists]"
    }

    def refuse_twins(self, id_: str | None, properties: Properties, account: Account) -> None:
        """Refuse a second record, unless it may overwrite the first."""
        if properties.get("allowOverwrite") is not True:
            super().refuse_twins(id_, properties, account)

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its id and its name."""
        name = str(inputs["name"]).rstrip(".")
        return f"{inputs['zoneId']}_{name}_{inputs['type']}", {"fqdn": name}


def get_zone(arguments: Properties, account: Account) -> Properties:
    """Return the public zone of a name."""
    name = arguments["name"]
    named = [zone for zone in account.of("aws:route53/zone:Zone") if zone["name"].rstrip(".") == name]
    public = [zone for zone in named if not zone.get("vpcs")]
    if len(public) > 1:
        raise Refused("multiple Route 53 Hosted Zones matched; use additional constraints to reduce matches")
    for zone in public:
        return {**{key: zone[key] for key in ("id", "zoneId", "name", "arn", "nameServers")}, "privateZone": False}
    raise Refused(f"no matching Route 53 Hosted Zone found: no stack in this state folder has {name}")
