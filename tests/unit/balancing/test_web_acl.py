"""The web ACL in front of the load balancer."""

from collections.abc import Callable
from typing import Unpack

import pytest

from components import WebAcl
from components.balancing import web_acl_rules
from components.balancing.args import WebAclArgs, WebAclChoices

from ..conftest import ACCOUNT, Run, run_main, stack_config

KEY = "container-platform:platform"


class TestWebAcl:
    def acl(self, **changes: Unpack[WebAclChoices]) -> Callable[[], WebAcl]:
        args: WebAclArgs = {"log_group_name": "aws-waf-logs-platform-dev", **changes}
        return lambda: WebAcl("acl", args)

    def test_it_blocks_by_default_and_counts_when_told(self) -> None:
        blocking, counting = (web_acl_rules.rules(500, count_only=count) for count in (False, True))
        assert blocking[0]["action"] == {"block": {}}
        assert [rule["override_action"] for rule in blocking[1:]] == [{"none": {}}] * 3
        assert counting[0]["action"] == {"count": {}}
        assert [rule["override_action"] for rule in counting[1:]] == [{"count": {}}] * 3

    def test_rules_have_priorities_of_their_own(self) -> None:
        priorities = [rule["priority"] for rule in web_acl_rules.rules(500, count_only=False)]
        assert priorities == sorted(set(priorities))

    def test_single_rules_of_the_common_group_may_only_count(self) -> None:
        groups = web_acl_rules.rules(500, count_only=False, counted=["SizeRestrictions_BODY"])[1:]
        overrides = {
            group["name"]: group["statement"]["managed_rule_group_statement"].get("rule_action_overrides")
            for group in groups
        }
        assert overrides[web_acl_rules.COMMON] == [{"name": "SizeRestrictions_BODY", "action_to_use": {"count": {}}}]
        assert [value for name, value in overrides.items() if name != web_acl_rules.COMMON] == [None, None]

    def test_what_it_blocks_is_logged_without_secrets(self, run: Run) -> None:
        engine = run(self.acl(rate_limit=100))
        assert engine.one("wafv2/webAcl:WebAcl")["scope"] == "REGIONAL"
        assert engine.one("wafv2/webAcl:WebAcl")["rules"][0]["statement"]["rateBasedStatement"]["limit"] == 100
        logging = engine.one("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration")
        assert logging["loggingFilter"]["defaultBehavior"] == "DROP"
        assert {field["singleHeader"]["name"] for field in logging["redactedFields"]} == {"authorization", "cookie"}

    def test_logs_are_a_choice(self, run: Run) -> None:
        engine = run(self.acl(log_retention_days=0))
        assert engine.find("cloudwatch/logGroup:LogGroup") == []
        assert engine.find("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration") == []

    @pytest.mark.parametrize("setting", ["webAcl", "webAclArn"])
    def test_made_here_or_elsewhere_it_is_put_in_front(self, setting: str) -> None:
        config = stack_config("dev")
        arn = f"arn:aws:wafv2:us-east-1:{ACCOUNT}:regional/webacl/central/1"
        config[KEY]["loadBalancer"] = {setting: {} if setting == "webAcl" else arn}
        engine = run_main("dev", config).engine
        association = engine.one("wafv2/webAclAssociation:WebAclAssociation")
        made = engine.find("wafv2/webAcl:WebAcl")
        assert len(made) == (1 if setting == "webAcl" else 0)
        if setting == "webAclArn":
            assert association["webAclArn"] == arn
