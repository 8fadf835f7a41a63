"""Measurements behind docs/performance.md: ratios, taken in one run beside the peer. `make benchmark` runs them."""
