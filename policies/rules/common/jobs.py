"""Job definitions of AWS Batch: the documents that say what runs in a job.

The AWS provider takes their names in any case. One definition has one of them
(https://docs.aws.amazon.com/batch/latest/APIReference/API_RegisterJobDefinition.html).
"""

import json
from functools import partial
from typing import Any

from policies.framework import Res, blocks

JOB_DEFINITIONS = ("aws:batch/jobDefinition:JobDefinition",)

_documented = partial(blocks, document=True, any_case=True)

ONE_CONTAINER = _documented("containerProperties", or_one=True)
"""The only container of most jobs."""

TASKS = _documented("ecsProperties.taskProperties")
"""The tasks of a job with several containers."""

JOB_CONTAINERS = (
    ONE_CONTAINER,
    _documented("ecsProperties.taskProperties.containers", named="name"),
    _documented("nodeProperties.nodeRangeProperties.container", or_one=True),
)
"""Where the containers of a job are: the only one, those of a task, and that of each range of nodes."""

POD_CONTAINERS = tuple(
    blocks(f"eksProperties.podProperties.{containers}", named="name") for containers in ("containers", "initContainers")
)
"""The containers of a job that runs in a pod on EKS, where a security context has what they may do."""


def job(**container: Any) -> Res:
    """A job definition `app` of one container, as people write it, for examples."""
    text = json.dumps({"image": "app", **container})
    return Res(JOB_DEFINITIONS[0], "app", {"type": "container", "containerProperties": text})


def job_of_several(*containers: Any) -> Res:
    """A job definition `app` of several containers."""
    text = json.dumps({"taskProperties": [{"containers": list(containers)}]})
    return Res(JOB_DEFINITIONS[0], "app", {"type": "container", "ecsProperties": text})
