"""AWS WAF."""

import uuid
from typing import ClassVar

from ..account import Account, Properties
from ..behaviour import Behaviour, Made


class WebAcl(Behaviour):
    """A web ACL."""

    unique: ClassVar = {"name,scope": "WAFDuplicateItemException: a web ACL named {name} already exists"}

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its ARN, which has its scope."""
        id_ = str(uuid.uuid4())
        scope = "regional" if inputs["scope"] == "REGIONAL" else "global"
        return id_, {
            "arn": account.place.arn("wafv2", f"{scope}/webacl/{inputs['name']}/{id_}"),
            "capacity": 925,
            "lockToken": str(uuid.uuid4()),
            "applicationIntegrationUrl": "",
        }


class WebAclAssociation(Behaviour):
    """What a web ACL protects."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its id: web ACL and resource."""
        return f"{inputs['webAclArn']},{inputs['resourceArn']}", {}


class WebAclLoggingConfiguration(Behaviour):
    """Where a web ACL's logs go."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its id: the web ACL."""
        return str(inputs["resourceArn"]), {}
