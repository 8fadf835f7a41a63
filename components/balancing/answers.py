"""What a load balancer answers itself: redirects and fixed responses."""

from typing import Final

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from . import listener_rules
from .rule_args import (
    ANSWERS_DEFAULTS,
    ANSWERS_LINK_DEFAULTS,
    FIXED_RESPONSE_DEFAULTS,
    REDIRECT_DEFAULTS,
    AnswersArgs,
    ContentType,
    FixedResponseArgs,
    RedirectArgs,
    RedirectProtocol,
    answer_name,
    completed,
)

_KEPT: Final = {
    "protocol": "#{protocol}",
    "host": "#{host}",
    "port": "#{port}",
    "path": "/#{path}",
    "query": "#{query}",
}
"""What leaves each part of an address as the request has it."""


class Answers(pulumi.ComponentResource):
    """`container-platform:index:Answers`: what a load balancer answers itself, without any service.

    Creates: an `aws:lb/listenerRule:ListenerRule` for each redirect and each fixed response.
    Needs: a listener of an Application Load Balancer.
    """

    def __init__(self, name: str, args: AnswersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(AnswersArgs, args, ANSWERS_DEFAULTS, ANSWERS_LINK_DEFAULTS)
        super().__init__("container-platform:index:Answers", name, {}, opts)
        self._name, self._values = name, values
        for one, redirect in values["redirects"].items():
            given = complete(RedirectArgs, redirect, REDIRECT_DEFAULTS)
            self._rule(answer_name("redirects", one), given, _redirect(given))
        for one, answer in values["fixed_responses"].items():
            whole = complete(FixedResponseArgs, answer, FIXED_RESPONSE_DEFAULTS)
            self._rule(answer_name("fixedResponses", one), whole, _fixed_response(whole))
        self.register_outputs({})

    def _rule(self, one: str, given: RedirectArgs | FixedResponseArgs, action: aws.lb.ListenerRuleActionArgs) -> None:
        asked = listener_rules.conditions(given["hosts"], given["paths"], given["headers"])
        number = listener_rules.priority(one, asked, given.get("priority"))
        name = f"priority-{number}" if self._values["named_by_priority"] else f"{self._name}-{one}"
        aws.lb.ListenerRule(
            name,
            listener_arn=self._values["listener_arn"],
            priority=number,
            conditions=listener_rules.api_conditions(given["hosts"], given["paths"], given["headers"]),
            actions=[action],
            # A service that gives its priority up hands the rule over.
            opts=pulumi.ResourceOptions(parent=self, aliases=[listener_rules.alias("Service", name)]),
        )


def _redirect(given: RedirectArgs) -> aws.lb.ListenerRuleActionArgs:
    to = completed(given["to"])
    return aws.lb.ListenerRuleActionArgs(
        type="redirect",
        redirect=aws.lb.ListenerRuleActionRedirectArgs(
            protocol=RedirectProtocol(to["protocol"]).value if "protocol" in to else _KEPT["protocol"],
            host=to.get("host", _KEPT["host"]),
            port=str(int(to["port"])) if "port" in to else _KEPT["port"],
            path=to.get("path", _KEPT["path"]),
            query=to.get("query", _KEPT["query"]),
            status_code=f"HTTP_{int(given['status_code'])}",
        ),
    )


def _fixed_response(given: FixedResponseArgs) -> aws.lb.ListenerRuleActionArgs:
    return aws.lb.ListenerRuleActionArgs(
        type="fixed-response",
        fixed_response=aws.lb.ListenerRuleActionFixedResponseArgs(
            status_code=str(int(given["status_code"])),
            content_type=ContentType(given["content_type"]).value,
            message_body=given.get("body"),
        ),
    )
