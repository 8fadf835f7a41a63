"""A stack of the platform, as another project sees it: the contract's outputs, typed and checked."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

import pulumi

from . import (
    CONTRACT_VERSION,
    BucketOutputs,
    DatabaseOutputs,
    JobOutputs,
    QueueOutputs,
    ServiceOutputs,
    TableOutputs,
    TopicOutputs,
)

_Value = TypeVar("_Value")


class PlatformStack:
    """The outputs of one stack of the platform, read by StackReference.

    Everything waits for a check: a stack that is missing, of another contract or without one of the outputs that are
    needed stops the program with a sentence that names it, before anything that depends on it is registered.
    """

    url: pulumi.Output[str]
    """Where the load balancer answers."""
    vpc_id: pulumi.Output[str]
    """Id of the VPC."""
    public_subnet_ids: pulumi.Output[list[str]]
    """Ids of the public subnets."""
    private_subnet_ids: pulumi.Output[list[str]]
    """Ids of the private subnets."""
    cluster_name: pulumi.Output[str]
    """Name of the ECS cluster."""
    cluster_arn: pulumi.Output[str]
    """ARN of the ECS cluster."""
    load_balancer_dns_name: pulumi.Output[str]
    """DNS name of the load balancer."""
    load_balancer_zone_id: pulumi.Output[str]
    """Hosted zone id of that name, for alias records."""
    load_balancer_security_group_id: pulumi.Output[str]
    """Id of the load balancer's security group."""
    listener_arn: pulumi.Output[str]
    """ARN of the listener that serves, for rules of further services."""

    def __init__(self, stack: str, *, contract_version: int = CONTRACT_VERSION, needs: Sequence[str] = ()) -> None:
        """Refer to a stack.

        Args:
            stack: `<organization>/<project>/<stack>`; with state of your own the organization is `organization`.
            contract_version: the contract that the calling program was written for.
            needs: names of outputs that it cannot do without, beside those that it reads by the attributes here.
        """
        self._stack = stack
        self._version = contract_version
        self._needs = tuple(needs)
        self.outputs: pulumi.Output[dict[str, Any]] = pulumi.StackReference(stack).outputs.apply(self._checked)
        """Every output by its name in the contract, checked."""
        self.url = self._one("url", str)
        self.vpc_id = self._one("vpcId", str)
        self.public_subnet_ids = self._one("publicSubnetIds", list)
        self.private_subnet_ids = self._one("privateSubnetIds", list)
        self.cluster_name = self._one("clusterName", str)
        self.cluster_arn = self._one("clusterArn", str)
        self.load_balancer_dns_name = self._one("loadBalancerDnsName", str)
        self.load_balancer_zone_id = self._one("loadBalancerZoneId", str)
        self.load_balancer_security_group_id = self._one("loadBalancerSecurityGroupId", str)
        self.listener_arn = self._one("listenerArn", str)

    # Read only when asked for: an older version of the platform does not publish them.

    @property
    def execute_command_log_group_arn(self) -> pulumi.Output[str]:
        """ARN of the log group that keeps sessions of ECS Exec on the cluster; empty without one."""
        return self._one("executeCommandLogGroupArn", str)

    @property
    def load_balancer_arn(self) -> pulumi.Output[str]:
        """ARN of the load balancer."""
        return self._one("loadBalancerArn", str)

    @property
    def listener_arns(self) -> pulumi.Output[dict[str, str]]:
        """ARN of each of its listeners by its port."""
        return self._one("listenerArns", dict)

    @property
    def certificate_arn(self) -> pulumi.Output[str]:
        """ARN of the certificate for the domain; empty without one."""
        return self._one("certificateArn", str)

    @property
    def network_load_balancer_arn(self) -> pulumi.Output[str]:
        """ARN of the network load balancer, for listeners of further services; empty without one, as all of it is."""
        return self._one("networkLoadBalancerArn", str)

    @property
    def network_load_balancer_dns_name(self) -> pulumi.Output[str]:
        """DNS name of the network load balancer."""
        return self._one("networkLoadBalancerDnsName", str)

    @property
    def network_load_balancer_zone_id(self) -> pulumi.Output[str]:
        """Hosted zone id of that name, for alias records."""
        return self._one("networkLoadBalancerZoneId", str)

    @property
    def network_load_balancer_security_group_id(self) -> pulumi.Output[str]:
        """Id of the network load balancer's security group."""
        return self._one("networkLoadBalancerSecurityGroupId", str)

    @property
    def network_load_balancer_addresses(self) -> pulumi.Output[list[str]]:
        """Static addresses of the network load balancer, for others' firewalls; none unless they were asked for."""
        return self._one("networkLoadBalancerAddresses", list)

    @property
    def notification_topic_arn(self) -> pulumi.Output[str]:
        """ARN of the SNS topic to which the platform reports what failed; empty where it reports nothing."""
        return self._one("notificationTopicArn", str)

    def repository_url(self, name: str) -> pulumi.Output[str]:
        """Return the URL of an image repository, by its name in the platform's settings."""
        return self._entry("repositoryUrls", name)

    def repository_arn(self, name: str) -> pulumi.Output[str]:
        """Return the ARN of an image repository, by its name in the platform's settings."""
        return self._entry("repositoryArns", name)

    def service(self, name: str) -> pulumi.Output[ServiceOutputs]:
        """Return what is published of a service, by its name in the platform's settings."""
        return cast(pulumi.Output[ServiceOutputs], self._entry("services", name))

    def job(self, name: str) -> pulumi.Output[JobOutputs]:
        """Return what is published of a job, by its name in the platform's settings."""
        return cast(pulumi.Output[JobOutputs], self._entry("jobs", name))

    def bucket(self, name: str) -> pulumi.Output[BucketOutputs]:
        """Return what is published of a bucket, by its name in the platform's settings."""
        return cast(pulumi.Output[BucketOutputs], self._entry("buckets", name))

    def table(self, name: str) -> pulumi.Output[TableOutputs]:
        """Return what is published of a table, by its name in the platform's settings."""
        return cast(pulumi.Output[TableOutputs], self._entry("tables", name))

    def database(self, name: str) -> pulumi.Output[DatabaseOutputs]:
        """Return what is published of a database, by its name in the platform's settings."""
        return cast(pulumi.Output[DatabaseOutputs], self._entry("databases", name))

    def queue(self, name: str) -> pulumi.Output[QueueOutputs]:
        """Return what is published of a queue by itself, by its name in the platform's settings."""
        return cast(pulumi.Output[QueueOutputs], self._entry("queues", name))

    def topic(self, name: str) -> pulumi.Output[TopicOutputs]:
        """Return what is published of a topic, by its name in the platform's settings."""
        return cast(pulumi.Output[TopicOutputs], self._entry("topics", name))

    def _checked(self, outputs: Mapping[str, Any]) -> dict[str, Any]:
        if not outputs:
            raise pulumi.RunError(f"{self._stack} is not up, or publishes nothing: bring it up first")
        found = outputs.get("contractVersion")
        if found != self._version:
            self._refuse_version(found)
        if missing := [name for name in self._needs if name not in outputs]:
            raise self._lacking(*missing)
        return dict(outputs)

    def _refuse_version(self, found: Any) -> None:
        if found is None:
            raise pulumi.RunError(f"{self._stack} publishes no contractVersion: is it a stack of the platform?")
        older = float(found) < self._version
        advice = "bring it up with a newer version of the platform" if older else "change this project to its contract"
        raise pulumi.RunError(
            f"{self._stack} has contractVersion {found:g}. This project needs contractVersion {self._version}: {advice}"
        )

    def _lacking(self, *names: str) -> pulumi.RunError:
        return pulumi.RunError(
            f"{self._stack} lacks {', '.join(names)}: bring it up with a version of the platform that publishes this"
        )

    def _one(self, name: str, kind: Callable[[Any], _Value]) -> pulumi.Output[_Value]:
        def take(outputs: Mapping[str, Any]) -> _Value:
            if name not in outputs:
                raise self._lacking(name)
            return kind(outputs[name])

        return self.outputs.apply(take)

    def _entry(self, output: str, name: str) -> pulumi.Output[Any]:
        def take(outputs: Mapping[str, Any]) -> Any:
            entries = outputs.get(output)
            if entries is None:
                raise self._lacking(output)
            if name not in entries:
                there = ", ".join(sorted(entries)) or "none"
                raise pulumi.RunError(f"{self._stack} has no {name} among its {output} (there: {there})")
            return entries[name]

        return self.outputs.apply(take)
