"""How the provisioned capacity of a table and its indexes follows what is used."""

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from .table_args import CAPACITY_DEFAULTS, CapacityArgs, TableArgs


def units(values: TableArgs) -> dict[str, tuple[int, int]]:
    """Return read and write units of the table, under an empty name, and of each index; none if it is paid by request.

    They are what autoscaling has made them, within the limits, so that no run changes them back.
    """
    if "provisioned" not in values:
        return {}
    limits = _limits(values["provisioned"])
    found = {}
    for name in ("", *values["indexes"]):
        now = values["current_units"].get(name, (0, 0))
        read, write = (max(least, min(int(one), most)) for one, (least, most) in zip(now, limits.values(), strict=True))
        found[name] = (read, write)
    return found


def scale(name: str, values: TableArgs, table: aws.dynamodb.Table, parent: pulumi.Resource) -> None:
    """Let Application Auto Scaling change the units of a table and its indexes ("Managing throughput capacity
    automatically with DynamoDB auto scaling").

    Args:
        name: start of the resources' names.
        values: what the table is made from.
        table: the table.
        parent: the component it belongs to.
    """
    if "provisioned" not in values:
        return
    limits = _limits(values["provisioned"])
    percent = complete(CapacityArgs, values["provisioned"], CAPACITY_DEFAULTS)["target_utilization"]
    child = pulumi.ResourceOptions(parent=parent)
    for index in ("", *sorted(values["indexes"])):
        # No table has an underscore in its name, so that none of these is another one's.
        start = f"{name}_{index}" if index else name
        end = f"/index/{index}" if index else ""
        for direction, (least, most) in limits.items():
            if least == most:
                continue
            target = aws.appautoscaling.Target(
                f"{start}-{direction.lower()}",
                service_namespace="dynamodb",
                resource_id=pulumi.Output.concat("table/", table.name, end),
                scalable_dimension=f"dynamodb:{'index' if index else 'table'}:{direction}CapacityUnits",
                min_capacity=least,
                max_capacity=most,
                opts=child,
            )
            metric = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs(
                predefined_metric_type=f"DynamoDB{direction}CapacityUtilization"
            )
            aws.appautoscaling.Policy(
                f"{start}-{direction.lower()}",
                policy_type="TargetTrackingScaling",
                service_namespace=target.service_namespace,
                resource_id=target.resource_id,
                scalable_dimension=target.scalable_dimension,
                target_tracking_scaling_policy_configuration=(
                    aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
                        target_value=float(percent), predefined_metric_specification=metric
                    )
                ),
                opts=child,
            )


def _limits(provisioned: CapacityArgs) -> dict[str, tuple[int, int]]:
    """Return the least and the most units of each direction."""
    chosen = complete(CapacityArgs, provisioned, CAPACITY_DEFAULTS)
    return {
        "Read": (int(chosen["min_read_units"]), int(chosen["max_read_units"])),
        "Write": (int(chosen["min_write_units"]), int(chosen["max_write_units"])),
    }
