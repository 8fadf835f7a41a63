"""The policies that keep the platform safe: one rule a file in `rules/`, what each pack selects in `catalog`."""
