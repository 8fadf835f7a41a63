"""What the scanners said of each case, stored in a file so that the page can be written without them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.policies.labelled import HERE

FILE: Final = HERE / "scanners.json"
COMMAND: Final = "python -m benchmarks.precision"
SCANNERS: Final = ("checkov", "trivy")

RULES: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "ecr-immutable-tags": {"checkov": ["CKV_AWS_51"], "trivy": ["AWS-0031"]},
    "ecr-scan-on-push": {"checkov": ["CKV_AWS_163"], "trivy": ["AWS-0030"]},
    "ecs-logging-configured": {"checkov": [], "trivy": []},
    "ecs-no-dangerous-capabilities": {"checkov": [], "trivy": []},
    "ecs-no-host-network": {"checkov": [], "trivy": []},
    "ecs-no-host-pid-or-ipc": {"checkov": ["CKV_AWS_335"], "trivy": []},
    "ecs-no-keys-in-environment": {"checkov": [], "trivy": []},
    "ecs-no-privileged": {"checkov": ["CKV_AWS_334"], "trivy": []},
    "ecs-non-root-user": {"checkov": [], "trivy": []},
    "ecs-read-only-root": {"checkov": ["CKV_AWS_336"], "trivy": []},
    "ecs-separate-roles": {"checkov": ["CKV_AWS_249"], "trivy": []},
    "iam-least-privilege": {
        "checkov": [
            *("CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_286", "CKV_AWS_287", "CKV_AWS_288", "CKV_AWS_289", "CKV_AWS_290"),
            *("CKV_AWS_355", "CKV2_AWS_40"),
        ],
        "trivy": ["AWS-0057", "AWS-0342", "AWS-0345", "AWS-0346"],
    },
    "iam-no-broad-managed-policies": {"checkov": ["CKV_AWS_274", "CKV2_AWS_56"], "trivy": []},
    "iam-trust-policy": {"checkov": ["CKV_AWS_60", "CKV_AWS_61", "CKV_AWS_393"], "trivy": []},
    "network-default-security-group-closed": {"checkov": ["CKV2_AWS_12"], "trivy": ["AWS-0173"]},
    "network-no-auto-public-ip": {"checkov": ["CKV_AWS_130"], "trivy": ["AWS-0164"]},
    "network-no-public-ip": {
        "checkov": [
            *("CKV_AWS_17", "CKV_AWS_69", "CKV_AWS_87", "CKV_AWS_88", "CKV_AWS_89", "CKV_AWS_102", "CKV_AWS_291"),
            *("CKV_AWS_333", "CKV_AWS_389"),
        ],
        "trivy": ["AWS-0009", "AWS-0072", "AWS-0180"],
    },
    "network-private-subnets": {"checkov": [], "trivy": []},
    "network-restricted-ingress": {
        "checkov": ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AWS_277"],
        "trivy": ["AWS-0107"],
    },
}
"""By the name of our rule, the scanners' rules of the same aim. An empty list: the scanner has none."""


def load() -> Any:
    """The stored results: `versions`, `command`, and `cases` with the digest of the text and the failed rules."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def store(
    written: Mapping[str, str], versions: Mapping[str, str], found: Mapping[str, Mapping[str, Sequence[str]]]
) -> None:
    """Store what the scanners found, one case a line."""
    compared = {name: {rule for rules in RULES.values() for rule in rules[name]} for name in SCANNERS}
    lines = []
    for case, text in sorted(written.items()):
        failed = {name: sorted(set(found[name].get(case, ())) & compared[name]) for name in SCANNERS}
        lines.append(f"    {json.dumps(case)}: {json.dumps({'text': digest(text), **failed})}")
    head = f'  "command": {json.dumps(COMMAND)},\n  "versions": {json.dumps(versions)},\n'
    FILE.write_text(f'{{\n{head}  "cases": {{\n' + ",\n".join(lines) + "\n  }\n}\n", encoding="utf-8")


def digest(text: str) -> str:
    """What tells two texts of a case apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def stale(written: Mapping[str, str]) -> list[str]:
    """The cases whose stored result is missing, of another text, or of a case that is no longer there."""
    stored = {case: result["text"] for case, result in load()["cases"].items()}
    current = {case: digest(text) for case, text in written.items()}
    return sorted(case for case in {*stored, *current} if stored.get(case) != current.get(case))
