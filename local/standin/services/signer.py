"""AWS Signer."""

from ..account import Account, Properties
from ..behaviour import Behaviour, Made
from ..place import hex_digits


class SigningProfile(Behaviour):
    """What images are signed with."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its name, and the ARNs of the profile and its version."""
        name = inputs.get("name") or f"{inputs['namePrefix']}{hex_digits(26)}"
        arn, version = account.place.arn("signer", f"/signing-profiles/{name}"), hex_digits(10)
        return name, {
            "arn": arn,
            "name": name,
            "version": version,
            "versionArn": f"{arn}/{version}",
            "platformDisplayName": "Notation for Container Registries",
            "revocationRecords": [],
            "status": "Active",
        }
