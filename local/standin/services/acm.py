"""AWS Certificate Manager."""

import hashlib
import uuid

from ..account import Account, Properties
from ..behaviour import Behaviour, Made
from ..place import Place


class Certificate(Behaviour):
    """Waits for the proof of its domains."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Name the records that prove its domains."""
        arn = account.place.arn("acm", f"certificate/{uuid.uuid4()}")
        domains = [inputs.get("domainName", ""), *inputs.get("subjectAlternativeNames", [])]
        options = [_proof(str(domain), account.place) for domain in dict.fromkeys(domains)]
        return arn, {"arn": arn, "status": "PENDING_VALIDATION", "domainValidationOptions": options}


class CertificateValidation(Behaviour):
    """Ends at once here."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return the time of issue, which is its id."""
        return "2026-01-01 00:00:00 +0000 UTC", {}


def _proof(domain: str, place: Place) -> dict[str, str]:
    """Return the record that proves a domain: always the same in one account, and for a wildcard as for its domain."""
    bare = domain.removeprefix("*.")
    proof = hashlib.sha256(f"{place.account} {bare}".encode()).hexdigest()
    return {
        "domainName": domain,
        "resourceRecordName": f"_{proof[:32]}.{bare}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{proof[32:]}.acm-validations.aws.",
    }
