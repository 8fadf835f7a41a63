"""Redirects and fixed responses: the rules that they make."""

from typing import Any

import pytest

from components import Answers
from components.balancing import listener_rules
from components.balancing.rule_args import ContentType, FixedResponseArgs, RedirectArgs, RedirectProtocol

from ..conftest import Engine, Run

LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/x/1/2"


def answers(
    redirects: dict[str, RedirectArgs] | None = None, fixed: dict[str, FixedResponseArgs] | None = None
) -> Answers:
    return Answers(
        "answers",
        {"listener_arn": LISTENER, "redirects": redirects or {}, "fixed_responses": fixed or {}},
    )


def rule(engine: Engine) -> dict[str, Any]:
    found: dict[str, Any] = engine.one("lb/listenerRule:ListenerRule")
    return found


def test_a_redirect_changes_what_is_given_and_keeps_the_rest(run: Run) -> None:
    made = rule(run(lambda: answers({"old": {"hosts": ["old.example.com"], "to": {"host": "www.example.com"}}})))
    (action,) = made["actions"]
    assert action["type"] == "redirect"
    assert action["redirect"] == {
        "protocol": "#{protocol}",
        "host": "www.example.com",
        "port": "#{port}",
        "path": "/#{path}",
        "query": "#{query}",
        "statusCode": "HTTP_301",
    }
    assert made["conditions"] == [{"hostHeader": {"values": ["old.example.com"]}}]
    assert made["listenerArn"] == LISTENER


@pytest.mark.parametrize(("protocol", "port"), [(RedirectProtocol.HTTPS, "443"), (RedirectProtocol.HTTP, "80")])
def test_a_redirect_to_another_protocol_goes_to_its_port(run: Run, protocol: RedirectProtocol, port: str) -> None:
    made = rule(run(lambda: answers({"old": {"to": {"protocol": protocol}, "status_code": 302}})))
    redirect = made["actions"][0]["redirect"]
    assert (redirect["protocol"], redirect["port"]) == (protocol.value, port)
    assert redirect["statusCode"] == "HTTP_302"


def test_a_fixed_response_has_its_body(run: Run) -> None:
    fixed: FixedResponseArgs = {
        "paths": ["/status"],
        "status_code": 503,
        "content_type": ContentType.JSON,
        "body": '{"ok": false}',
        "priority": 9,
    }
    made = rule(run(lambda: answers(fixed={"maintenance": fixed})))
    assert made["actions"][0]["fixedResponse"] == {
        "statusCode": "503",
        "contentType": "application/json",
        "messageBody": '{"ok": false}',
    }
    assert made["priority"] == 9


def test_rules_without_a_priority_have_a_stable_one_of_their_own(run: Run) -> None:
    same: RedirectArgs = {"paths": ["/a"], "to": {"path": "/b"}}
    engine = run(lambda: answers({"a": same, "b": {**same, "paths": ["/c"]}}))
    numbers = {item.name: item.inputs["priority"] for item in engine.all("lb/listenerRule:ListenerRule")}
    asked = listener_rules.conditions(paths=["/a"])
    assert numbers["answers-redirects.a"] == listener_rules.stable_priority("redirects.a", asked)
    assert len(set(numbers.values())) == 2


def test_named_by_priority_a_rule_can_be_handed_over(run: Run) -> None:
    made = run(
        lambda: Answers(
            "answers",
            {
                "listener_arn": LISTENER,
                "named_by_priority": True,
                "redirects": {"a": {"priority": 5, "to": {"path": "/"}}},
            },
        )
    )
    (one,) = made.all("lb/listenerRule:ListenerRule")
    assert one.name == "priority-5"
    kind = "container-platform:index:Service$aws:lb/listenerRule:ListenerRule"
    assert any(kind in alias and alias.endswith("::priority-5") for alias in one.aliases)
