"""A certificate for domain names whose zone is in Route 53."""

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from . import domains
from .args import CERTIFICATE_DEFAULTS, CertificateArgs


class Certificate(pulumi.ComponentResource):
    """`container-platform:index:Certificate`: an ACM certificate, validated by DNS records and renewed by AWS.

    Creates: an `aws:acm/certificate:Certificate`, the DNS records that validate its names, and an
    `aws:acm/certificateValidation:CertificateValidation` that waits until it is issued. Changing the names makes a new
    certificate; the old one is deleted once nothing uses it.
    Needs: a public hosted zone in the same account.
    """

    arn: pulumi.Output[str]
    """ARN of the certificate, known once it is issued."""
    zone_id: pulumi.Output[str]
    """Id of the zone."""

    def __init__(self, name: str, args: CertificateArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(CertificateArgs, args, CERTIFICATE_DEFAULTS)
        # Before anything is registered, so that a mistake changes nothing.
        zone_id = values.get("zone_id") or _look_up(values["zone"], pulumi.InvokeOptions(provider=_provider(opts)))
        super().__init__("container-platform:index:Certificate", name, {}, opts)
        self._name = name
        certificate = aws.acm.Certificate(
            name,
            domain_name=values["name"],
            subject_alternative_names=sorted(values["alternative_names"]),
            validation_method="DNS",
            opts=pulumi.ResourceOptions(parent=self),
        )
        records = [
            self._record(certificate, zone_id, proof)
            for proof in domains.proofs([values["name"], *values["alternative_names"]])
        ]
        issued = aws.acm.CertificateValidation(
            name,
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn for record in records],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = issued.certificate_arn
        self.zone_id = pulumi.Output.from_input(zone_id)
        self.register_outputs({"arn": self.arn, "zone_id": self.zone_id})

    def _record(self, certificate: aws.acm.Certificate, zone_id: str, proof: str) -> aws.route53.Record:
        asked = certificate.domain_validation_options.apply(lambda options: domains.record_of(options, proof))
        return aws.route53.Record(
            f"{self._name}-{proof}",
            zone_id=zone_id,
            name=asked["name"],
            type=asked["type"],
            records=[asked["value"]],
            ttl=300,
            # ACM asks an account for one record a name, whatever the certificate: another stack may have made it.
            # So it stays when this stack goes: without it the other certificates are not renewed.
            allow_overwrite=True,
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )


def _provider(opts: pulumi.ResourceOptions | None) -> pulumi.ProviderResource | None:
    return opts.provider if opts else None


def _look_up(zone: str, opts: pulumi.InvokeOptions) -> str:
    try:
        return aws.route53.get_zone(name=zone, private_zone=False, opts=opts).zone_id
    except Exception as error:
        # The provider's messages for no zone and for several. Any other error is raised as it is.
        if "no matching" in str(error):
            raise pulumi.RunError(
                f"{zone}: there is no public hosted zone of that name in this account. Nothing was changed."
            ) from None
        if "multiple" in str(error):
            raise pulumi.RunError(
                f"{zone}: several public hosted zones have that name. Name one by its id (zoneId). Nothing was changed."
            ) from None
        raise
