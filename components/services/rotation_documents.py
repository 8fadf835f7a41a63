"""What restarts a service when a secret changes, as plain documents: event patterns, a state machine, policies."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from ..common import iam
from ..common.arn import parse
from ..tasks import container_definitions

MOST: Final = 2048
"""Characters of an event pattern ("Amazon EventBridge quotas")."""
_CURRENT: Final = "AWSCURRENT"
_ROOM: Final = 400
"""Of them for all but the ARNs."""
_WAIT_SECONDS, _LONGEST_SECONDS = 30, 6 * 60 * 60
_GRACE_MILLISECONDS: Final = 5000
"""EventBridge tells the time in seconds, so what began in the same second may have begun before."""


def watched(secrets: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield ARN and staging label of every secret whose value can change: a version by its id stays as it is.

    A parameter has no label.
    """
    for value_from in sorted(set(secrets)):
        arn = container_definitions.secret_resource(value_from)
        _, _, _, _, _, _, _, _, stage, version, *_ = (*value_from.split(":"), *[""] * 11)
        if parse(arn).service != "secretsmanager":
            yield arn, ""
        elif not version:
            yield arn, stage or _CURRENT


def patterns(secrets: Iterable[str]) -> list[str]:
    """Return the event patterns that match every change of these secrets, each as long as EventBridge takes it.

    Secrets Manager tells of a label that moves ("Secret Label Updated event"), Parameter Store of a new value
    ("Parameter Store Change"). Both name the whole ARN, with the random end of a secret.
    """
    found = sorted(set(watched(secrets)))
    made = []
    for label in sorted({label for _, label in found}):
        arns = sorted({arn for arn, one in found if one == label})
        made += [_pattern(part, label) for part in _parts(arns)]
    return made


def _pattern(arns: Sequence[str], label: str) -> str:
    content: dict[str, Any] = {
        "source": ["aws.secretsmanager"],
        "detail-type": ["Secret Label Updated"],
        "resources": [*arns],
        "detail": {"labelUpdated": [label]},
    }
    if not label:
        content |= {"source": ["aws.ssm"], "detail-type": ["Parameter Store Change"]}
        content["detail"] = {"operation": ["Create", "Update"]}
    return json.dumps(content)


def _parts(arns: Sequence[str]) -> Iterator[Sequence[str]]:
    part: list[str] = []
    for arn in arns:
        if part and len(json.dumps([*part, arn])) > MOST - _ROOM:
            yield part
            part = []
        part.append(arn)
    if part:
        yield part


def service_arn(cluster_arn: str, name: str) -> str:
    """Return the ARN of a service of a cluster."""
    arn = parse(cluster_arn)
    return arn.with_resource("ecs", f"service/{arn.resource.removeprefix('cluster/')}/{name}")


def state_machine(service_arn: str) -> str:
    """Return the state machine that starts new tasks of one service, in Amazon States Language.

    It waits until no deployment runs, so that none is cut off. A deployment that began after the secret changed reads
    the new value: then there is nothing to do, so several secrets that change together restart the service once.
    """
    arn = parse(service_arn)
    cluster = f"cluster/{arn.resource.split('/')[1]}"
    call = f"arn:{arn.partition}:states:::aws-sdk:ecs"
    of_service = {"Cluster": arn.with_resource("ecs", cluster), "Service": service_arn}
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "MaxAttempts": 6, "BackoffRate": 2}]
    deployments = "$states.result.Services[0].Deployments"
    return json.dumps(
        {
            "Comment": "Starts new tasks, which read the secrets again",
            "QueryLanguage": "JSONata",
            "TimeoutSeconds": _LONGEST_SECONDS,
            "StartAt": "Note when it changed",
            "States": {
                "Note when it changed": {
                    "Type": "Pass",
                    "Assign": {"changed": f"{{% $toMillis($states.input.time) + {_GRACE_MILLISECONDS} %}}"},
                    "Next": "Look at the service",
                },
                "Look at the service": {
                    "Type": "Task",
                    "Resource": f"{call}:describeServices",
                    "Arguments": {"Cluster": of_service["Cluster"], "Services": [service_arn]},
                    "Assign": {
                        "began": f"{{% $max({deployments}[Status='PRIMARY'].$toMillis(CreatedAt)) %}}",
                        "deploying": (
                            f"{{% $count({deployments}) > 1 or $exists({deployments}[RolloutState='IN_PROGRESS']) %}}"
                        ),
                    },
                    "Retry": retry,
                    "Next": "Is there anything to do",
                },
                "Is there anything to do": {
                    "Type": "Choice",
                    "Choices": [
                        {"Condition": "{% $began > $changed %}", "Next": "A later deployment has read it"},
                        {"Condition": "{% $deploying %}", "Next": "Wait for the deployment"},
                    ],
                    "Default": "Start new tasks",
                },
                "A later deployment has read it": {"Type": "Succeed"},
                "Wait for the deployment": {"Type": "Wait", "Seconds": _WAIT_SECONDS, "Next": "Look at the service"},
                "Start new tasks": {
                    "Type": "Task",
                    "Resource": f"{call}:updateService",
                    "Arguments": {**of_service, "ForceNewDeployment": True},
                    "Output": {},
                    "Retry": retry,
                    "End": True,
                },
            },
        },
        sort_keys=True,
    )


def machine_trust(service_arn: str) -> str:
    """Return a trust policy for Step Functions, for state machines of this account and region."""
    arn = parse(service_arn)
    # The machine has its name only after it has its role.
    return iam.service_trust("states.amazonaws.com", arn.account_id, arn.with_resource("states", "stateMachine:*"))


def machine_permissions(service_arn: str) -> str:
    """Return what the state machine may do: look at one service, and start new tasks of it."""
    return iam.document([iam.allow("RestartService", ["ecs:DescribeServices", "ecs:UpdateService"], [service_arn])])


def rule_trust(rule_arns: Sequence[str]) -> str:
    """Return a trust policy for EventBridge, for these rules of one account."""
    account = parse(rule_arns[0]).account_id
    statement = json.loads(iam.service_trust("events.amazonaws.com", account, rule_arns[0]))["Statement"][0]
    statement["Condition"]["ArnLike"]["aws:SourceArn"] = sorted(rule_arns)
    return iam.document([statement])


def rule_permissions(machine_arn: str) -> str:
    """Return what EventBridge may do: start one state machine."""
    return iam.document([iam.allow("StartRestart", ["states:StartExecution"], [machine_arn])])
