"""Pack `all`: every rule."""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_ROOT = next((root for root in (_HERE, *_HERE.parents[2:3]) if (root / "policies" / "pack.py").is_file()), None)
if _ROOT is None:
    sys.exit(f"{_HERE} holds no rules: copy a folder made by `python -m policies.vendor` (dist/policy-packs/) instead.")
sys.path.insert(0, str(_ROOT))

from policies.pack import build_pack  # noqa: E402  (found through the path above)

build_pack("all")
