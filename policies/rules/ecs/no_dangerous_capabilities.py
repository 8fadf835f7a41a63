"""No container gets a right of the kernel that leads out of it."""

from collections.abc import Sequence
from typing import Final, TypeGuard

from policies.framework import Must, Severity, property_rule
from policies.framework.accepts import Accepts
from policies.rules.ecs._tasks import CONTAINERS, WITH_CONTAINERS

_DANGEROUS: Final = {
    "ALL", "AUDIT_CONTROL", "DAC_READ_SEARCH", "MAC_ADMIN", "MAC_OVERRIDE", "NET_ADMIN", "SYS_ADMIN", "SYS_BOOT",
    "SYS_MODULE", "SYS_RAWIO", "SYS_TIME", "SYSLOG",
}  # fmt: skip
"""What changes or reads the host rather than the container: its modules, devices, clock, files, network and logs."""


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _adds_one(value: Sequence[object]) -> bool:
    return any(str(one).upper().removeprefix("CAP_") in _DANGEROUS for one in value)


RULE = property_rule(
    Must(
        "linuxParameters.capabilities.add",
        within=CONTAINERS,
        good=(
            None,
            Accepts(lambda value, _: _is_list(value) and not _adds_one(value), ([], ["SYS_PTRACE"], ["CHOWN", "KILL"])),
        ),
        bad=(
            Accepts(
                lambda value, _: _is_list(value) and _adds_one(value), (["SYS_ADMIN"], ["CHOWN", "ALL"], ["net_admin"])
            ),
        ),
        finding="Capability",
        reason="with it a process can leave the container, or change the host for every other one",
    ),
    name="ecs-no-dangerous-capabilities",
    title="No dangerous kernel capabilities",
    description="No container adds a capability of Linux that reaches beyond the container.",
    severity=Severity.HIGH,
    packs=("workloads",),
    controls=("CIS Docker 5.4",),
    remedy="remove it from linuxParameters.capabilities.add; add only what the program needs, such as NET_BIND_SERVICE",
    url="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html",
    types=WITH_CONTAINERS,
)
