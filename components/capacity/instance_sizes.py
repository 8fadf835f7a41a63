"""The processors and the memory of instance types, by their names ("Amazon EC2 instance types guide").

Only families whose sizes follow the rule are known: a large has 2 vCPUs, an xlarge 4, an <n>xlarge 4 n, and each vCPU
has the same memory. Nothing is said of others, such as c4, c5n, r4 and u7i, nor of a plain metal.
"""

import re
from typing import Final, NamedTuple

_GIB: Final = 1024

# GiB of memory for each vCPU → families.
_FAMILIES: Final = {
    2: """a1 c5 c5a c5ad c5d c6a c6g c6gd c6gn c6i c6id c6in c7a c7g c7gd c7gn c7i c7i-flex c8g c8gd c8gn c8i c8i-flex
        g5g""",
    4: """d3en g4ad g4dn g5 g6 im4gn m4 m5 m5a m5ad m5d m5dn m5n m5zn m6a m6g m6gd m6i m6id m6idn m6in m7a m7g m7gd m7i
        m7i-flex m8g m8gd m8i m8i-flex""",
    8: """d3 g6e i3en i4g i4i i7i i7ie i8g r5 r5a r5ad r5b r5d r5dn r5n r6a r6g r6gd r6i r6id r6idn r6in r7a r7g r7gd
        r7i r7iz r8g r8gd r8i r8i-flex z1d""",
    16: "x2gd x2idn x8g",
    32: "x2iedn x2iezn",
}
_MEMORY: Final = {family: gib * _GIB for gib, families in _FAMILIES.items() for family in families.split()}

# The burstable ones have sizes of their own: vCPUs of a t2, of the others, MiB.
_BURSTABLE: Final = {
    "nano": (1, 2, _GIB // 2),
    "micro": (1, 2, _GIB),
    "small": (1, 2, 2 * _GIB),
    "medium": (2, 2, 4 * _GIB),
    "large": (2, 2, 8 * _GIB),
    "xlarge": (4, 4, 16 * _GIB),
    "2xlarge": (8, 8, 32 * _GIB),
}


class Size(NamedTuple):
    """What an instance has."""

    vcpus: int
    memory: int
    """Memory in MiB. ECS registers less: the system keeps a part ("Reserving Amazon ECS Linux container instance
    memory", Amazon ECS Developer Guide)."""

    def holds(self, cpu: int, memory: int) -> bool:
        """Return whether a task of these CPU units and MiB may fit on it; False if it certainly does not."""
        return cpu <= self.vcpus * 1024 and memory < self.memory

    def __str__(self) -> str:
        return f"{self.vcpus} vCPU{'s' if self.vcpus > 1 else ''} and {self.memory} MiB"


def size(instance_type: str) -> Size | None:
    """Return the size of an instance type; None if its name does not tell."""
    family, _, name = instance_type.partition(".")
    if family in ("t2", "t3", "t3a", "t4g") and name in _BURSTABLE:
        old, new, memory = _BURSTABLE[name]
        return Size(old if family == "t2" else new, memory)
    vcpus = _vcpus(name)
    return Size(vcpus, vcpus * _MEMORY[family]) if vcpus and family in _MEMORY else None


def _vcpus(name: str) -> int | None:
    small = {"medium": 1, "large": 2, "xlarge": 4}
    if name in small:
        return small[name]
    many = re.fullmatch(r"([0-9]+)xlarge|metal-([0-9]+)xl", name)
    return 4 * int(many[1] or many[2]) if many else None
