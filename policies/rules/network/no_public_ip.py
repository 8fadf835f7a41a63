"""Nothing asks for a public address: no task, no instance, no database."""

from functools import partial

from policies.framework import Example, Must, Res, Severity, blocks, property_rule
from policies.rules.network._workloads import TASKS

_EVENT_TARGET, _PIPE = "aws:cloudwatch/eventTarget:EventTarget", "aws:pipes/pipe:Pipe"
_STORES = (
    "aws:dms/replicationInstance:ReplicationInstance",
    "aws:mq/broker:Broker",
    "aws:neptune/clusterInstance:ClusterInstance",
    "aws:rds/cluster:Cluster",
    "aws:rds/clusterInstance:ClusterInstance",
    "aws:rds/instance:Instance",
    "aws:rds/shardGroup:ShardGroup",
    "aws:redshift/cluster:Cluster",
    "aws:redshiftserverless/workgroup:Workgroup",
    "aws:timestreaminfluxdb/dbCluster:DbCluster",
    "aws:timestreaminfluxdb/dbInstance:DbInstance",
)
_ASSIGN = {type_: ".".join((*path, "assignPublicIp")) for type_, path in TASKS.items()}
_ASSOCIATE = "associatePublicIpAddress"
_REACH_OUT = "NAT gateways or VPC endpoints let it reach out"

_must = partial(Must, finding="PublicIp", reason="AWS gives it an address that the internet can reach")
_flag = partial(
    _must,
    good=(None, False, "false", ""),
    bad=(True, "true"),
    remedy=f"remove {{path}} or set it to false; {_REACH_OUT}",
)
_word = partial(_must, good=(None, "DISABLED"), remedy=f"remove {{path}} or set it to DISABLED; {_REACH_OUT}")

RULE = property_rule(
    *(_flag(path, types=(type_,)) for type_, path in _ASSIGN.items() if type_ != _PIPE),
    _word(_ASSIGN[_PIPE], bad=("ENABLED",), types=(_PIPE,)),
    _flag(
        _ASSOCIATE,
        types=(
            "aws:ec2/instance:Instance",
            "aws:ec2/launchConfiguration:LaunchConfiguration",
            "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
        ),
    ),
    _flag(_ASSOCIATE, within=blocks("networkInterfaces"), types=("aws:ec2/launchTemplate:LaunchTemplate",)),
    _flag(_ASSOCIATE, within=blocks("launchSpecifications"), types=("aws:ec2/spotFleetRequest:SpotFleetRequest",)),
    _flag("publiclyAccessible", types=_STORES),
    _word(
        "brokerNodeGroupInfo.connectivityInfo.publicAccess.type",
        bad=("SERVICE_PROVIDED_EIPS",),
        types=("aws:msk/cluster:Cluster",),
    ),
    name="network-no-public-ip",
    title="No public addresses",
    description="Tasks, instances and databases ask for no public address.",
    severity=Severity.HIGH,
    packs=("network",),
    controls=(
        *("ECS.2", "ECS.16", "EC2.9", "EC2.25", "AutoScaling.5", "RDS.2", "Redshift.1", "DMS.1"),
        *("CKV_AWS_333", "CKV_AWS_88", "CKV_AWS_389", "CKV_AWS_17", "AWS-0009", "AWS-0180", "CT.ECS.PR.9"),
    ),
    remedy=f"remove the property or set it to false; {_REACH_OUT}",
    url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
    cases=lambda: [
        Example(
            "an event target that starts no task", [Res(_EVENT_TARGET, "app", {"arn": "arn:aws:sqs:us-east-1:1:q"})]
        )
    ],
)
