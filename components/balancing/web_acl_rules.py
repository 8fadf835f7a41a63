"""The rules of a web ACL, as plain data."""

from collections.abc import Sequence
from typing import Any, Final

COMMON: Final = "AWSManagedRulesCommonRuleSet"
"""The group against what attacks every kind of website; one of its rules blocks bodies above 8 KB."""

MANAGED: Final = (
    "AWSManagedRulesAmazonIpReputationList",
    COMMON,
    "AWSManagedRulesKnownBadInputsRuleSet",
)
"""The managed rule groups of AWS that fit every web service ("AWS Managed Rules rule groups list")."""

WINDOW: Final = 300
"""Seconds over which the requests of an address are counted."""


def visibility(metric: str) -> Any:
    """Return under which name CloudWatch counts, with examples of requests for the console."""
    return {"cloudwatch_metrics_enabled": True, "metric_name": metric, "sampled_requests_enabled": True}


def rules(rate_limit: int, *, count_only: bool, counted: Sequence[str] = ()) -> list[Any]:
    """Return the rules in their order: who asks too often is not looked at any further.

    Args:
        rate_limit: requests that an address may send in five minutes.
        count_only: block nothing, and count what would have been blocked.
        counted: rules of the common group that only count.
    """
    limit = {
        "name": "RateLimit",
        "priority": 0,
        "action": {"count": {}} if count_only else {"block": {}},
        "statement": {
            "rate_based_statement": {
                "limit": rate_limit,
                "aggregate_key_type": "IP",
                "evaluation_window_sec": WINDOW,
            }
        },
        "visibility_config": visibility("RateLimit"),
    }
    groups = [_managed(group, place, count_only) for place, group in enumerate(MANAGED, start=1)]
    if counted:
        (common,) = [group for group in groups if group["name"] == COMMON]
        common["statement"]["managed_rule_group_statement"]["rule_action_overrides"] = [
            {"name": rule, "action_to_use": {"count": {}}} for rule in sorted(set(counted))
        ]
    return [limit, *groups]


def _managed(group: str, priority: int, count_only: bool) -> dict[str, Any]:
    return {
        "name": group,
        "priority": priority,
        # A group's own actions, or counting in their place.
        "override_action": {"count": {}} if count_only else {"none": {}},
        "statement": {"managed_rule_group_statement": {"vendor_name": "AWS", "name": group}},
        "visibility_config": visibility(group),
    }


def logged() -> Any:
    """Return which requests are written down: those that a rule blocked or would have."""
    return {
        "default_behavior": "DROP",
        "filters": [
            {
                "behavior": "KEEP",
                "requirement": "MEETS_ANY",
                "conditions": [
                    {"action_condition": {"action": action}} for action in ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")
                ],
            }
        ],
    }


REDACTED: Final[list[Any]] = [
    {"single_header": {"name": "authorization"}},
    {"single_header": {"name": "cookie"}},
]
"""What logs show nothing of: it lets in whoever reads it."""
