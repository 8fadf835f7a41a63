"""Whether conditions on OIDC tokens say whose workload may assume a role."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from policies.framework import shown, wildcard_match
from policies.rules.common.iam_documents import Condition
from policies.rules.iam._issuers import ISSUERS, SOMEBODYS_OWN, Issuer

_PARTS = {
    "<name>": r"[^*?:/@{}]+",
    "<all>": r"[^*?]+",
    "<any>": r".+",
    "<uuid>": r"[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27}",
    "<own>": r"(?!system:serviceaccount:)(?:[^*?]+|[^*?:/|@]*[:/|@][^*?\w]*\w.*)|system:serviceaccount:[^*?:]+:.*",
}
_PAIRS = r"(?:[a-z_]+:[^:*?]*:)*"


@lru_cache(maxsize=1024)
def issuer_of(address: str) -> Issuer:
    """What is known of an issuer, given without `https://`; one that is not listed is taken for somebody's own."""
    return next((issuer for issuer in ISSUERS if wildcard_match(issuer.host, _own(address))), SOMEBODYS_OWN)


def names_somebody(conditions: Sequence[Condition], address: str) -> bool:
    """Whether conditions leave, of all who have tokens of an issuer, one customer or some of one's own workloads."""
    return any(
        condition.demands and all(map(pattern.fullmatch, condition.values))
        for condition, pattern in _naming(conditions, address)
    )


def why_nobody(conditions: Sequence[Condition], address: str) -> str:
    """Why conditions on claims of an issuer do not name somebody; empty if there is none."""
    for condition, pattern in _naming(conditions, address):
        anybody = next((value for value in condition.values if not pattern.fullmatch(value)), None)
        if anybody is not None:
            return f"{condition.key} is {shown(anybody)}, which others can have too"
        return f"{condition.operator} on {condition.key} does not demand a value"
    issuer = issuer_of(address)
    others = (condition.key for condition in conditions if issuer.knows(claim_of(condition, address)))
    return next((f"{key} does not tell them apart" for key in others), "")


def _naming(conditions: Sequence[Condition], address: str) -> Iterator[tuple[Condition, re.Pattern[str]]]:
    """The conditions on claims that can name somebody, with what of the claim does."""
    issuer = issuer_of(address)
    for condition in conditions:
        claim = claim_of(condition, address)
        pattern = _pattern(issuer.named_by(claim), issuer.pairs and claim == "sub")
        if pattern is not None:
            yield condition, pattern


def claim_of(condition: Condition, address: str) -> str:
    """The claim of an issuer that a condition is about, or a whole key (`sts:RoleSessionName`), in small letters."""
    key = condition.key.lower()
    for prefix in (f"{_own(address)}:", f"{_own(address)}/:"):
        if key.startswith(prefix):
            return key.removeprefix(prefix)
    return key if ":" in key else ""


def not_evaluated(conditions: Sequence[Condition], address: str) -> list[str]:
    """The claims of an issuer that conditions name, and that IAM does not evaluate."""
    issuer = issuer_of(address)
    claims = [claim_of(condition, address) for condition in conditions]
    keys = [condition.key.lower() for condition in conditions]
    return [
        claim for claim, key in zip(claims, keys, strict=True) if claim not in ("", key) and not issuer.knows(claim)
    ]


def _own(address: str) -> str:
    return address.lower().rstrip("/")


@lru_cache(maxsize=256)
def _pattern(names: tuple[str, ...], pairs: bool) -> re.Pattern[str] | None:
    if not names:
        return None
    return re.compile(f"(?:{_PAIRS if pairs else ''}(?:{'|'.join(map(_written, names))}))", re.DOTALL)


def _written(names: str) -> str:
    """The regular expression of what names somebody."""
    written = "".join(_PARTS.get(part, re.escape(part)) for part in re.split("(<[a-z]+>)", names))
    if names in _PARTS:
        return f"(?:{written})"
    return f"{written}(?::.*)?" if names.endswith("<name>") else f"{written}.*"
