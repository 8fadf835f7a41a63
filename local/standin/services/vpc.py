"""Rules of security groups, which pulumi_aws keeps in a module of their own."""

from typing import ClassVar

from ..account import Properties
from ..behaviour import Numbered
from ..place import Place


class _Rule(Numbered):
    prefix = "sgr"
    kind = "security-group-rule"
    unique: ClassVar = {
        "securityGroupId,ipProtocol,fromPort,toPort,cidrIpv4,cidrIpv6,referencedSecurityGroupId,prefixListId": (
            "InvalidPermission.Duplicate: the specified rule already exists in {securityGroupId}"
        )
    }
    # The plugin decides this in its plan modifiers, of which the schema knows nothing.
    replacing = ("securityGroupId",)

    def outputs(self, id_: str, inputs: Properties, place: Place) -> Properties:
        """Return the rule's id under its other name."""
        return {"securityGroupRuleId": id_}


class SecurityGroupIngressRule(_Rule):
    """Who may connect."""


class SecurityGroupEgressRule(_Rule):
    """What may be connected to."""
