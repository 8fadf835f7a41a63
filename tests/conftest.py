"""What all lanes share."""

import importlib.util

# `make integration` installs what that lane needs; the others do without.
collect_ignore = [] if importlib.util.find_spec("moto") else ["integration"]
