"""The data sources that the platform asks."""

import secrets
import string
from typing import Any

from .account import Account
from .attributes import Place
from .memory import Memory


def answer(token: str, arguments: dict[str, Any], place: Place, memory: Memory, account: Account) -> dict[str, Any]:
    """Return what a data source answers.

    Raises:
        LookupError: the stand-in does not know the data source, or AWS would find nothing.
    """
    network = account.answer(token, arguments, place)
    if network is not None:
        return network
    match token:
        case "aws:index/getCallerIdentity:getCallerIdentity":
            arn = place.arn("iam", "user/local", regional=False)
            return {"accountId": place.account, "arn": arn, "userId": "AIDALOCAL", "id": place.account}
        case "aws:index/getRegion:getRegion":
            return {"name": place.region, "region": place.region, "id": place.region, "endpoint": "", "description": ""}
        case "aws:index/getPartition:getPartition":
            partition = place.partition
            reverse = ".".join(reversed(place.suffix.split(".")))
            return {"partition": partition, "dnsSuffix": place.suffix, "id": partition, "reverseDnsPrefix": reverse}
        case "aws:index/getAvailabilityZones:getAvailabilityZones":
            letters = "abcdef" if place.region == "us-east-1" else "abc"
            names = [f"{place.region}{letter}" for letter in letters]
            ids = [f"{place.region.replace('-', '')[:4]}-az{number}" for number, _ in enumerate(names, start=1)]
            return {**arguments, "names": names, "zoneIds": ids, "groupNames": [place.region], "id": place.region}
        case "aws:secretsmanager/getRandomPassword:getRandomPassword":
            return {**arguments, "randomPassword": _password(arguments), "id": "password"}
        case "aws:ssm/getParametersByPath:getParametersByPath":
            path = str(arguments["path"])
            found = memory.under(path, recursive=bool(arguments.get("recursive", True)))
            arns = [place.arn("ssm", f"parameter{name}") for name in found]
            types = ["String"] * len(found)
            return {
                **arguments,
                "arns": arns,
                "names": [*found],
                "types": types,
                "values": [*found.values()],
                "id": path,
            }
        case _:
            raise LookupError(f"the stand-in does not answer {token}: add it to local/standin/invokes.py")


def _password(arguments: dict[str, Any]) -> str:
    excluded = set(arguments.get("excludeCharacters", ""))
    characters = [one for one in string.ascii_letters + string.digits + string.punctuation if one not in excluded]
    return "".join(secrets.choice(characters) for _ in range(int(arguments.get("passwordLength", 32))))
