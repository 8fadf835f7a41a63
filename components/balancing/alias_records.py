"""DNS names that point to a load balancer."""

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from .args import ALIAS_RECORDS_LINK_DEFAULTS, AliasRecordsArgs


class AliasRecords(pulumi.ComponentResource):
    """`container-platform:index:AliasRecords`: DNS names that point to a load balancer.

    Creates: an `aws:route53/record:Record` of type A for each name, and with IPv6 one of type AAAA. If a record of
    that name exists already, the update fails and leaves it as it is: it belongs to somebody else.
    Needs: a hosted zone.
    """

    def __init__(self, name: str, args: AliasRecordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(AliasRecordsArgs, args, ALIAS_RECORDS_LINK_DEFAULTS)
        super().__init__("container-platform:index:AliasRecords", name, {}, opts)
        for kind in ["A", "AAAA"] if values["ipv6"] else ["A"]:
            for one in values["names"]:
                aws.route53.Record(
                    f"{name}-{one}-{kind}",
                    zone_id=values["zone_id"],
                    name=one,
                    type=kind,
                    aliases=[
                        aws.route53.RecordAliasArgs(
                            name=values["target_dns_name"],
                            zone_id=values["target_zone_id"],
                            # There is no other load balancer to answer with while this one is unhealthy.
                            evaluate_target_health=False,
                        )
                    ],
                    opts=pulumi.ResourceOptions(parent=self),
                )
        self.register_outputs({})
