"""The task sizes that AWS Fargate offers ("Task CPU and memory", Amazon ECS Developer Guide)."""

from typing import Final

_GIB: Final = 1024

# CPU units → (least, most, step) of memory in MiB. 256 CPU units start at half a GiB, hence its own list below.
_RANGES: Final[dict[int, tuple[int, int, int]]] = {
    512: (1 * _GIB, 4 * _GIB, _GIB),
    1024: (2 * _GIB, 8 * _GIB, _GIB),
    2048: (4 * _GIB, 16 * _GIB, _GIB),
    4096: (8 * _GIB, 30 * _GIB, _GIB),
    8192: (16 * _GIB, 60 * _GIB, 4 * _GIB),
    16384: (32 * _GIB, 120 * _GIB, 8 * _GIB),
}

CPU_VALUES: Final[tuple[int, ...]] = (256, *_RANGES)
"""CPU units a Fargate task can have; 1024 units are one vCPU."""


def memory_values(cpu: int) -> tuple[int, ...]:
    """Return the memory sizes in MiB that go with `cpu` units, smallest first; none if Fargate lacks that size."""
    if cpu == 256:
        return (512, 1 * _GIB, 2 * _GIB)
    if cpu not in _RANGES:
        return ()
    least, most, step = _RANGES[cpu]
    return tuple(range(least, most + 1, step))


def size_problem(cpu: int, memory: int) -> str | None:
    """Return what is wrong with a pair of CPU units and MiB of memory and what would be right, or None."""
    sizes = memory_values(cpu)
    if not sizes:
        return f"Fargate has no size of {cpu} CPU units: choose one of {', '.join(map(str, CPU_VALUES))}"
    if memory in sizes:
        return None
    step = sizes[-1] - sizes[-2]
    offered = ", ".join(map(str, sizes)) if len(sizes) <= 4 else f"{sizes[0]} to {sizes[-1]} in steps of {step}"
    return f"{cpu} CPU units go with {offered} MiB of memory"
