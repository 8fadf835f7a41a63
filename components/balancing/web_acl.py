"""A web application firewall in front of a load balancer."""

from typing import cast

import pulumi
import pulumi_aws as aws

from . import web_acl_rules
from .args import WEB_ACL_DEFAULTS, WebAclArgs


class WebAcl(pulumi.ComponentResource):
    """`container-platform:index:WebAcl`: a web ACL with a limit for each address and managed rules of AWS.

    Creates: an `aws:wafv2/webAcl:WebAcl` of the region (Security Hub WAF.10, WAF.12).
    Optional: a log group with an `aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration` (WAF.11).
    """

    arn: pulumi.Output[str]
    """ARN of the web ACL."""

    def __init__(self, name: str, args: WebAclArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("container-platform:index:WebAcl", name, {}, opts)
        values = cast(WebAclArgs, {**WEB_ACL_DEFAULTS, **args})
        child = pulumi.ResourceOptions(parent=self)
        acl = aws.wafv2.WebAcl(
            name,
            scope="REGIONAL",
            description="In front of the load balancer",
            default_action=aws.wafv2.WebAclDefaultActionArgs(allow=aws.wafv2.WebAclDefaultActionAllowArgs()),
            rules=web_acl_rules.rules(
                int(values["rate_limit"]), count_only=values["count_only"], counted=values["counted_rules"]
            ),
            visibility_config=web_acl_rules.visibility("WebAcl"),
            opts=child,
        )
        if days := int(values["log_retention_days"]):
            group = aws.cloudwatch.LogGroup(name, name=values["log_group_name"], retention_in_days=days, opts=child)
            aws.wafv2.WebAclLoggingConfiguration(
                name,
                resource_arn=acl.arn,
                log_destination_configs=[group.arn],
                logging_filter=web_acl_rules.logged(),
                redacted_fields=web_acl_rules.REDACTED,
                opts=child,
            )
        self.arn = acl.arn
        self.register_outputs({"arn": self.arn})
