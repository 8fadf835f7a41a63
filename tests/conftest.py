"""What all lanes share."""

import importlib.util

from hypothesis import settings

# `make integration` installs what that lane needs, moto's server; the others do without.
collect_ignore = [] if importlib.util.find_spec("flask_cors") else ["integration"]

# How long an example takes says how busy the machine is.
settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")
