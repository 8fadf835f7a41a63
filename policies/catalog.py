"""Every rule, and what each pack selects at which level. A new rule is one line in `_ALL` and one in its packs."""

from collections.abc import Mapping

from policies.framework.rule import Rule
from policies.rules import (
    ecr_immutable_tags,
    ecr_scan_on_push,
    ecs_separate_roles,
    iam_least_privilege,
    iam_no_broad_managed_policies,
    iam_trust_policy,
    network_default_security_group_closed,
    network_no_auto_public_ip,
    network_no_public_ip,
    network_private_subnets,
    network_restricted_ingress,
)

_ALL = (
    ecr_scan_on_push.RULE,
    ecr_immutable_tags.RULE,
    network_private_subnets.RULE,
    network_no_auto_public_ip.RULE,
    network_no_public_ip.RULE,
    network_restricted_ingress.RULE,
    network_default_security_group_closed.RULE,
    iam_least_privilege.RULE,
    iam_no_broad_managed_policies.RULE,
    iam_trust_policy.RULE,
    ecs_separate_roles.RULE,
)

RULES: Mapping[str, Rule] = {rule.name: rule for rule in _ALL}
"""The rules by name, in the order they run and are listed."""

_THEMES: dict[str, tuple[tuple[str, str], ...]] = {
    "images": (
        ("ecr-scan-on-push", "mandatory"),
        ("ecr-immutable-tags", "mandatory"),
    ),
    "network": (
        ("network-private-subnets", "mandatory"),
        ("network-no-auto-public-ip", "mandatory"),
        ("network-no-public-ip", "mandatory"),
        ("network-restricted-ingress", "mandatory"),
        ("network-default-security-group-closed", "mandatory"),
    ),
    "identity": (
        ("iam-least-privilege", "mandatory"),
        ("iam-no-broad-managed-policies", "mandatory"),
        ("iam-trust-policy", "mandatory"),
        ("ecs-separate-roles", "mandatory"),
    ),
}

PACKS: Mapping[str, tuple[tuple[str, str], ...]] = {
    **_THEMES,
    "all": tuple(dict.fromkeys(selected for theme in _THEMES.values() for selected in theme)),
}
"""What each pack selects: rule name and level, which the pack's configuration can change."""
