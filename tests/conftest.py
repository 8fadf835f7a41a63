"""What all lanes share."""

import gc
import importlib.util
import os

from hypothesis import settings

# `make integration` installs what that lane needs, moto's server; the others do without.
collect_ignore = [] if importlib.util.find_spec("flask_cors") else ["integration"]

# Programs under test make objects by the million, and few are garbage: to look less often saves a tenth of a lane.
gc.set_threshold(200_000, 20, 20)

# How long an example takes says how busy the machine is. CI draws as many examples as Hypothesis does by itself, a
# developer's run a quarter of them.
settings.register_profile("any-machine", deadline=None, max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "25")))
settings.load_profile("any-machine")
