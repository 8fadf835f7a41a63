"""Nothing asks for a public address: no task, no instance, no database."""

from functools import partial

from policies.framework import Malformed, Must, Report, Resource, Severity, Unknown, blocks, peek, property_rule
from policies.rules.common.jobs import JOB_DEFINITIONS, ONE_CONTAINER
from policies.rules.common.jobs import TASKS as JOB_TASKS
from policies.rules.network._public_ip_cases import addresses, batch, task_runs_by_document
from policies.rules.network._task_runs import SCHEDULE, STATE_MACHINE, Chosen, TaskRun, document_of, task_runs
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

_REACHED = "AWS gives it an address that the internet can reach"

_must = partial(Must, finding="PublicIp", reason=_REACHED)
_flag = partial(
    _must,
    good=(None, False, "false", ""),
    bad=(True, "true"),
    remedy=f"remove {{path}} or set it to false; {_REACH_OUT}",
)
_word = partial(_must, good=(None, "DISABLED"), remedy=f"remove {{path}} or set it to DISABLED; {_REACH_OUT}")

_ADDRESSES = {
    "aws:ec2/eip:Eip": ("instance", "networkInterface"),
    "aws:ec2/eipAssociation:EipAssociation": ("instanceId", "networkInterfaceId"),
}
"""Elastic IP addresses, and what names the instance that gets one. NAT gateways and load balancers name their own."""


def _check(resource: Resource, report: Report) -> None:
    for prop in _ADDRESSES.get(resource.type, ()):
        # Which instance it is matters to nobody, so it need not be known.
        if peek(resource.inputs, prop) not in (None, ""):
            report.fail(
                resource,
                f"PublicIp::{resource.name}",
                "the Elastic IP address makes the instance one that the internet can reach",
                prop=prop,
                remedy=f"remove the address; {_REACH_OUT}, and Session Manager lets people in",
            )
    if prop := document_of(resource):
        runs = task_runs(resource)
        if isinstance(runs, Unknown):
            report.undecided(resource, prop)
            return
        for run in runs:
            with report.guard(resource):
                _check_run(resource, run, report)


def _check_run(resource: Resource, run: TaskRun, report: Report) -> None:
    path, value = f"{run.path}.AssignPublicIp", run.assign_public_ip
    if isinstance(value, Chosen):
        report.undecided(resource, path, "is chosen while it runs")
    elif isinstance(value, Unknown):
        report.undecided(resource, path)
    elif value == "ENABLED":
        report.fail(
            resource,
            f"PublicIp::{run.name or resource.name}",
            _REACHED,
            prop=path,
            value=value,
            remedy=f"remove {path} or set it to DISABLED; {_REACH_OUT}",
        )
    elif value not in (None, "DISABLED"):
        raise Malformed(path, "must be ENABLED or DISABLED")


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
    *(
        _word("networkConfiguration.assignPublicIp", bad=("ENABLED",), within=within, types=JOB_DEFINITIONS)
        for within in (ONE_CONTAINER, JOB_TASKS)
    ),
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
    types=(*_ADDRESSES, STATE_MACHINE, SCHEDULE),
    check=_check,
    cases=lambda: (*addresses(), *batch(), *task_runs_by_document()),
)
