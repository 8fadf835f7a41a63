"""Names that lead to a load balancer."""

from typing import cast

import pulumi
import pulumi_aws as aws

from .args import ALIAS_RECORDS_DEFAULTS, AliasRecordsArgs


class AliasRecords(pulumi.ComponentResource):
    """`container-platform:index:AliasRecords`: names that lead to a load balancer.

    Creates: an `aws:route53/record:Record` of type A for each name, and with IPv6 one of type AAAA. A record that is
    there already is left alone: it is somebody's, and the update fails.
    Needs: a hosted zone.
    """

    def __init__(self, name: str, args: AliasRecordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("container-platform:index:AliasRecords", name, {}, opts)
        values = cast(AliasRecordsArgs, {**ALIAS_RECORDS_DEFAULTS, **args})
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
                            # A load balancer that is ill is the only one there is: it is answered all the same.
                            evaluate_target_health=False,
                        )
                    ],
                    opts=pulumi.ResourceOptions(parent=self),
                )
        self.register_outputs({})
