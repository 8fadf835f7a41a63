"""Ways to run tasks other than a service, for `network-private-subnets`."""

import json
from collections.abc import Sequence
from typing import Any

from policies.framework import UNKNOWN, Example, Expect, Res
from policies.rules.network._network_stacks import UPDATE, machine
from policies.rules.network._task_runs import SCHEDULE, STATE_MACHINE
from policies.rules.network._workloads import EXPRESS_SERVICE

_EXPRESS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-work.html"
_UNIVERSAL = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html"
_ECS = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html"


def task_runs() -> Sequence[Example]:
    """Express services, jobs, state machines and schedules."""

    def express(*configurations: Any, **inputs: Any) -> list[Res]:
        given = {"networkConfigurations": list(configurations)} if configurations else {}
        return [*UPDATE.zones(), Res(EXPRESS_SERVICE, "app", {**given, **inputs})]

    def of(document: object) -> list[Res]:
        return [*UPDATE.zones(), Res(STATE_MACHINE, "app", {"definition": json.dumps(document)})]

    def schedule(**network: Any) -> list[Res]:
        call = json.dumps({"NetworkConfiguration": {"AwsvpcConfiguration": network}})
        target = {"arn": "arn:aws:scheduler:::aws-sdk:ecs:runTask", "input": call}
        return [*UPDATE.zones(), Res(SCHEDULE, "app", {"target": target})]

    public = machine(["subnet-public-1"])
    state = public["States"]["Run"]
    found = [Expect("PublicSubnets::app", "app", ["definition", "subnet-public-1", "Fix: "])]
    where = "definition.States.Run.Parameters.NetworkConfiguration.AwsvpcConfiguration.Subnets"
    default = [Expect("PublicSubnets::app", "app", ["networkConfigurations[].subnets is not set", "the default VPC"])]
    return (
        Example("an Express service in private subnets", express({"subnets": ["subnet-private-1"]}), source=_EXPRESS),
        Example("an Express service without subnets", express(), default, source=_EXPRESS),
        Example("an Express service that names none", express({"subnets": []}), default, source=_EXPRESS),
        Example(
            "an Express service that nobody knows the network of yet",
            express(networkConfigurations=UNKNOWN),
            undecided=[Expect("Undecided::networkConfigurations[].subnets", "app")],
        ),
        Example(
            "an Express service whose subnets are no list",
            express({"subnets": "subnet-1"}),
            [Expect("Malformed::networkConfigurations[0].subnets", "app")],
        ),
        Example(
            "a compute environment that somebody else manages",
            [Res("aws:batch/computeEnvironment:ComputeEnvironment", "app", {"type": "UNMANAGED"})],
        ),
        Example("a state machine's task in private subnets", of(machine(["subnet-private-1"])), source=_ECS),
        Example("a state machine without tasks", of({"States": {"End": {"Type": "Succeed"}}})),
        Example(
            "a state machine's task that has no network of its own",
            of({"States": {"Run": {**state, "Parameters": {}}}}),
        ),
        *(
            Example(f"a state machine's task in a public subnet, {name}", of(document), found, source=_ECS)
            for name, document in {
                "in one state": public,
                "in JSONata": {"States": {"Run": {"Resource": state["Resource"], "Arguments": state["Parameters"]}}},
                "in a branch": {"States": {"Both": {"Branches": [machine(["subnet-private-1"]), public]}}},
                "in a map": {"States": {"Each": {"ItemProcessor": public}}},
            }.items()
        ),
        Example(
            "a state machine's task whose subnets are no list",
            of(machine("subnet-public-1")),
            [Expect(f"Malformed::{where}", "app", ["must be a list, not text"])],
        ),
        *(
            Example(
                f"subnets that are chosen while it runs, {name}",
                of(document),
                undecided=[Expect("Undecided::definition", "app", ["which is chosen while it runs", where])],
            )
            for name, document in {
                "by a path": json.loads(
                    json.dumps(public).replace('"Subnets": ["subnet-public-1"]', '"Subnets.$": "$.s"')
                ),
                "by JSONata": machine("{% $states.input.subnets %}"),
                "each by JSONata": machine(["{% $states.input.subnet %}"]),
            }.items()
        ),
        Example(
            "a definition that is not known yet",
            [*UPDATE.zones(), Res(STATE_MACHINE, "app", {"definition": UNKNOWN})],
            undecided=[Expect("Undecided::definition", "app", ["Nothing to do now: the update judges it"])],
        ),
        Example("a schedule's own call of RunTask", schedule(Subnets=["subnet-private-1"]), source=_UNIVERSAL),
        Example(
            "a schedule's own call of RunTask, in a public subnet",
            schedule(Subnets=["subnet-public-1"]),
            [Expect("PublicSubnets::app", "app", ["target.input"])],
            source=_UNIVERSAL,
        ),
    )
