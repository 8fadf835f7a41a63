"""`python -m policies.reviewed > settings/iam_reviewed.json`: what was reviewed of IAM, for the check of settings.

A pack runs alone and settings know no packs, so that the two share a file that is written from this one: a permission
that the settings accept is one that `iam-least-privilege` accepts.
"""

import json
import sys

from policies.rules.iam._arns import _KINDS
from policies.rules.iam._made import MADE, ONE_OF_ITS_KIND
from policies.rules.iam._unscoped import ALSO_WITHOUT_ARN, UNSCOPED


def text() -> str:
    """The file's content."""
    content = {
        "needAll": sorted(UNSCOPED | ALSO_WITHOUT_ARN),
        "made": {action: sorted(kinds) for action, kinds in sorted(MADE.items())},
        "oneOfItsKind": sorted(f"{service}/{kind}" for service, kind in ONE_OF_ITS_KIND),
        "kinds": sorted(_KINDS),
    }
    lines = (f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in content.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    sys.stdout.write(text())
