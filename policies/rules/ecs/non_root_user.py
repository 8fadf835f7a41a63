"""A container does not run as root."""

from policies.framework import Has, Severity, any_text, matching, property_rule
from policies.framework.accepts import Accepts
from policies.rules.ecs._tasks import in_every_container, in_every_pod

_ROOT = matching(r"(root|[+-]?0+)?(:.*)?", "root", "0", "0:0", "root:app", "0:1000", "00", "", ":1000")
"""A name or a number, with or without a group. No user before the colon is the one that Docker starts with: root."""

_OTHERS = Accepts(
    lambda value, _: isinstance(value, int | float) and not isinstance(value, bool) and value > 0, (1000,)
)

_WHY = "a process that runs as root needs only one flaw of the kernel or one mount to be root on the host"
_UNSET = "the image decides, and most images run as root"

RULE = property_rule(
    *in_every_container(
        "user",
        on_windows=False,
        good=(any_text("1000", "1000:1000", "app", "app:0", "rooter"),),
        bad=(None, _ROOT),
        finding="RootUser",
        reason=_WHY,
        unset=_UNSET,
    ),
    *in_every_pod(
        "runAsUser",
        where=Has("securityContext.runAsNonRoot", None, False, otherwise=True),  # else no container starts as root
        good=(_OTHERS,),
        bad=(None, 0),
        finding="RootUser",
        reason=_WHY,
        unset=_UNSET,
        remedy="set {path} to a user of the image other than 0, or runAsNonRoot beside it to true",
    ),
    name="ecs-non-root-user",
    title="Containers do not run as root",
    description="Every Linux container names a user other than root.",
    severity=Severity.MEDIUM,
    packs=("workloads",),
    controls=("ECS.20", "CT.ECS.PR.3"),
    remedy='set user to a user of the image other than root, for example "1000:1000"',
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-20",
)
