"""The section of the settings for quotas of the account."""

from pydantic import Field

from ..section import Section


class Quotas(Section):
    """Quotas that AWS has raised for the account in this region."""

    # "Amazon VPC quotas": this times the security groups of an interface is at most 1000.
    security_group_rules: int = Field(
        default=60,
        ge=60,
        le=1000,
        description="Rules of a security group, each way, for IPv4 and for IPv6. Defaults to 60, as AWS does.",
    )
    # "AWS PrivateLink quotas".
    interface_endpoints: int = Field(
        default=50, ge=50, description="Interface endpoints of a VPC. Defaults to 50, as AWS does."
    )
    # "Amazon VPC quotas", Elastic IP addresses.
    elastic_addresses: int = Field(
        default=5, ge=5, description="Elastic IP addresses in the region. Defaults to 5, as AWS does."
    )
    # "AWS Certificate Manager quotas".
    certificate_names: int = Field(
        default=10, ge=10, le=100, description="Names on a certificate. Defaults to 10, as AWS does."
    )
