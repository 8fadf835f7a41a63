"""The containers of a task: the same definition for the same choices, and no graph that never starts."""

import json
from collections.abc import Mapping
from random import Random
from typing import Any, Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components.common.arguments import complete
from components.tasks import container_rules
from components.tasks.args import TASK_DEFAULTS, TASK_LINK_DEFAULTS, TaskArgs
from components.tasks.container_args import APPLICATION, ContainersChoices, DependencyCondition, FurtherContainerArgs
from components.tasks.container_rules import Runs, circles
from components.tasks.containers import containers
from local.standin import containers as standin

from ..conftest import ACCOUNT, REGION, Run
from .test_task import statements, tasks

RUNS = Runs(cpu=1024, memory=2048, port=8080, is_checked=True, fargate=True, bridge=False)
NAMES = ["a", "b", "c", "d"]
CONDITIONS = ["START", "COMPLETE", "SUCCESS", "HEALTHY"]


def told(chosen: ContainersChoices, runs: Runs = RUNS) -> dict[str, str]:
    """Return path → advice of all that is wrong."""
    return {".".join(map(str, fault.path)): fault.advice for fault in container_rules.faults(chosen, runs)}


def beside(**containers: Mapping[str, Any]) -> Any:
    """Return the choices of a task with containers beside the application."""
    return {"containers": {name: {"image": "example.com/x:1", **one} for name, one in containers.items()}}


def _reaches(graph: Mapping[str, set[str]], start: str) -> set[str]:
    """Return all that a name waits for in the end: by widening a set, not by walking the graph."""
    reached = set(graph.get(start, ()))
    while (wider := reached | {far for near in reached for far in graph.get(near, ())}) != reached:
        reached = wider
    return reached


GRAPHS = st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES)))


@given(GRAPHS)
def test_a_circle_is_found_wherever_one_is(graph: dict[str, set[str]]) -> None:
    waiting_for_itself = {name for name in graph if name in _reaches(graph, name)}
    found = circles(graph)
    assert bool(found) == bool(waiting_for_itself)
    for circle in found:
        assert circle[0] == min(circle), "told the same way at each run"
        for name, other in zip(circle, [*circle[1:], circle[0]], strict=True):
            assert other in graph[name]
    assert circles(dict(reversed(graph.items()))) == found


@st.composite
def waiting(draw: st.DrawFn) -> Any:
    """Draw containers with dependencies, whether they make sense or not."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    needs = st.dictionaries(st.sampled_from([*names, APPLICATION, "nobody"]), st.sampled_from(CONDITIONS), max_size=3)
    one = st.fixed_dictionaries(
        {"image": st.just("example.com/x:1")},
        optional={
            "depends_on": needs,
            "essential": st.booleans(),
            "health_check": st.just({"command": ["CMD", "true"]}),
        },
    )
    return {"containers": {name: draw(one) for name in names}, "depends_on": draw(needs)}


@given(waiting(), st.booleans())
def test_every_illegal_graph_is_refused_and_no_other(chosen: Any, is_checked: bool) -> None:
    runs = RUNS._replace(is_checked=is_checked)
    containers: dict[str, FurtherContainerArgs] = chosen["containers"]
    every: dict[str, Any] = {APPLICATION: chosen, **containers}
    edges = [(name, other, how) for name, one in every.items() for other, how in one.get("depends_on", {}).items()]
    graph: dict[str, set[str]] = {name: set() for name in every}
    for name, other, _ in edges:
        graph[name].add(other)
    awaited = {other for _, other, how in edges if how in ("COMPLETE", "SUCCESS")}
    checked = {name for name, one in containers.items() if "health_check" in one} | (
        {APPLICATION} if is_checked else set()
    )
    illegal = (
        any(other not in every for _, other, _ in edges)
        or any(name in _reaches(graph, name) for name in graph)
        or any(how == "HEALTHY" and other not in checked for _, other, how in edges)
        or APPLICATION in awaited
        or any(containers[name].get("essential") for name in awaited & containers.keys())
    )
    assert bool(told(chosen, runs)) == illegal, told(chosen, runs)


@pytest.mark.parametrize(
    ("said", "waited_for", "is_essential"),
    [(None, "START", True), (None, "SUCCESS", False), (None, "COMPLETE", False), (False, "START", False)],
)
def test_a_container_is_essential_unless_another_one_waits_for_its_end(
    said: bool | None, waited_for: str, is_essential: bool
) -> None:
    one = {} if said is None else {"essential": said}
    chosen: Any = {**beside(setup=one), "depends_on": {"setup": waited_for}}
    assert container_rules.essential("setup", chosen) is is_essential
    assert told(chosen) == {}


LIMITS = st.integers(-1, 2_000_000)


@given(LIMITS, LIMITS)
def test_a_limit_of_open_files_is_taken_exactly_where_fargate_takes_it(soft: int, hard: int) -> None:
    right = soft != -1 and hard != -1 and soft <= hard <= 1_048_576
    chosen: Any = {"ulimits": {"nofile": {"soft": soft, "hard": hard}}}
    assert (told(chosen) == {}) is right


@given(st.dictionaries(st.sampled_from(NAMES), st.integers(2, 1024), min_size=1))
def test_containers_leave_something_of_the_task_to_the_application(shares: dict[str, int]) -> None:
    for key, whole in (("cpu", RUNS.cpu), ("memory", RUNS.memory), ("memory_reservation", RUNS.memory)):
        found = told(beside(**{name: {key: share} for name, share in shares.items()}))
        assert bool(found) == (sum(shares.values()) >= whole)


@given(st.lists(st.tuples(st.sampled_from(["", *NAMES]), st.integers(1, 5)), max_size=4), st.booleans())
def test_each_port_of_a_task_is_there_once(ports: list[tuple[str, int]], bridge: bool) -> None:
    chosen: Any = beside(**{name: {"ports": {}} for name in NAMES}) | {"ports": {}}
    for index, (owner, number) in enumerate(ports):
        (chosen["containers"][owner] if owner else chosen)["ports"][f"p{index}"] = {"port": number}
    taken = [*ports, ("", 3)]
    places = taken if bridge else [number for _, number in taken]
    assert bool(told(chosen, RUNS._replace(port=3, bridge=bridge))) == (len(set(places)) < len(places))


# Definitions

NUMBERS = st.integers(2, 120)
TEXTS = st.dictionaries(st.sampled_from(["A", "B", "C"]), st.text(max_size=5), max_size=3)
PORTS = st.dictionaries(
    st.sampled_from(["x", "y"]),
    st.fixed_dictionaries({"port": st.integers(1, 65535)}, optional={"protocol": st.sampled_from(["tcp", "udp"])}),
)
ANY: dict[str, st.SearchStrategy[Any]] = {
    "command": st.lists(st.text(max_size=5), min_size=1, max_size=3),
    "entry_point": st.lists(st.text(max_size=5), min_size=1, max_size=3),
    "environment_files": st.lists(st.sampled_from(["arn:aws:s3:::b/a.env", "arn:aws:s3:::b/b.env"]), unique=True),
    "ulimits": st.just({"nofile": {"soft": 1, "hard": 2}}),
    "init_process": st.booleans(),
    "stop_timeout_seconds": NUMBERS,
    "restart_policy": st.fixed_dictionaries(
        {}, optional={"ignored_exit_codes": st.just([7, 0]), "restart_attempt_period_seconds": st.integers(60, 1800)}
    ),
    "ports": PORTS,
}
TIMES = {"interval_seconds": st.integers(5, 300), "retries": st.integers(1, 10)}
FURTHER: dict[str, st.SearchStrategy[Any]] = {
    **ANY,
    "environment": TEXTS,
    "secrets": st.just({"S": "arn:aws:ssm:eu-west-1:123456789012:parameter/s"}),
    "cpu": NUMBERS,
    "memory": st.integers(100, 300),
    "memory_reservation": st.integers(6, 99),
    "health_check": st.fixed_dictionaries({"command": st.just(["CMD", "true"])}, optional=TIMES),
    "readonly_root_filesystem": st.booleans(),
}


@st.composite
def legal(draw: st.DrawFn) -> Any:
    """Draw what the rules take: each container waits for those drawn before it only."""
    containers: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True)):
        one = draw(st.fixed_dictionaries({"image": st.just("example.com/x:1")}, optional=FURTHER))
        one["depends_on"] = draw(_needs(containers))
        containers[name] = one
    chosen: Any = draw(st.fixed_dictionaries({}, optional=ANY))
    chosen |= {"containers": containers, "depends_on": draw(_needs(containers))}
    assume(not told(chosen))
    return chosen


def _needs(containers: Mapping[str, Any]) -> st.SearchStrategy[dict[str, str]]:
    if not containers:
        return st.just({})
    return st.dictionaries(st.sampled_from(sorted(containers)), st.sampled_from(CONDITIONS), max_size=2)


def definitions(chosen: Mapping[str, Any]) -> str:
    """Return the container definitions of a task of which this was chosen."""
    required: Any = {"service_name": "dev-web", "cluster_arn": "c", "repository_url": "r", "repository_arn": "r"}
    given: Any = {"cpu": RUNS.cpu, "memory": RUNS.memory, "image": "git-1", **required, **chosen}
    values = complete(TaskArgs, given, TASK_DEFAULTS, TASK_LINK_DEFAULTS)
    return containers(
        values,
        {"container_port": 8080, "health_check_path": "/health"},
        repository_url="example.com/web",
        log_group="/ecs/web",
        region="eu-west-1",
        secrets={},
    )


def _shuffled(value: Any, random: Random) -> Any:
    """Return the same with the entries of each map in another order."""
    if isinstance(value, dict):
        entries = [(key, _shuffled(one, random)) for key, one in value.items()]
        random.shuffle(entries)
        return dict(entries)
    return value


def _leaves(value: Any) -> list[Any]:
    """Return every value that is neither map nor list."""
    if isinstance(value, dict | list):
        return [leaf for one in (value.values() if isinstance(value, dict) else value) for leaf in _leaves(one)]
    return [value]


@given(legal(), st.randoms(use_true_random=False))
def test_the_same_choices_make_the_same_definition_which_ecs_takes(chosen: dict[str, Any], random: Random) -> None:
    text = definitions(chosen)
    assert definitions(_shuffled(chosen, random)) == text
    made = json.loads(text)
    assert json.dumps(made, sort_keys=True) == text
    assert None not in _leaves(made)
    assert [one["name"] for one in made] == ["dev-web", *sorted(chosen["containers"])], "the application comes first"
    for one in made:
        assert one["portMappings"] == sorted(one["portMappings"], key=lambda port: port.get("name", ""))
        assert one["linuxParameters"]["capabilities"] == {"add": [], "drop": ["ALL"]}
    task = {
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": str(RUNS.cpu),
        "memory": str(RUNS.memory),
        "executionRoleArn": "arn",
    }
    assert [*standin.faults(made), *standin.against_task(made, task)] == []


AS_IT_WAS: Final = (
    '[{"cpu": 0, "dockerLabels": {"container-platform.health-check-path": "/health"}, "environment": [{"name": '
    '"NODE_ENV", "value": "production"}, {"name": "PORT", "value": "8080"}], "essential": true, "healthCheck": '
    '{"command": ["CMD-SHELL", "curl -f http://localhost:8080/health || exit 1"], "interval": 30, "retries": 3, '
    '"startPeriod": 60, "timeout": 5}, "image": "example.com/web:git-1", "linuxParameters": {"capabilities": {"add": '
    '[], "drop": ["ALL"]}, "initProcessEnabled": true}, "logConfiguration": {"logDriver": "awslogs", "options": '
    '{"awslogs-group": "/ecs/web", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "ecs", "max-buffer-size": '
    '"25m", "mode": "non-blocking"}}, "mountPoints": [], "name": "dev-web", "portMappings": [{"containerPort": 8080, '
    '"hostPort": 8080, "protocol": "tcp"}], "readonlyRootFilesystem": true, "secrets": [], "systemControls": [], '
    '"user": "1000:1000", "volumesFrom": []}]'
)


def test_a_service_that_says_nothing_of_it_keeps_its_revision() -> None:
    """Another text would replace every task of every stack at the next run."""
    assert definitions({}) == AS_IT_WAS


def test_all_that_may_be_said_is_in_the_definition() -> None:
    application, cache, setup = json.loads(
        definitions(
            {
                "command": ["serve"],
                "entry_point": ["sh"],
                "environment_files": ["arn:aws:s3:::b/b.env", "arn:aws:s3:::b/a.env"],
                "ports": {"b": {"port": 91, "protocol": "udp"}, "a": {"port": 90, "app_protocol": "grpc"}},
                "depends_on": {"setup": "SUCCESS", "cache": "HEALTHY"},
                "ulimits": {"nofile": {"soft": 1, "hard": 2}},
                "init_process": False,
                "stop_timeout_seconds": 60,
                "restart_policy": {"ignored_exit_codes": [7, 0]},
                "container_health_check": {"interval_seconds": 10},
                "containers": {
                    "setup": {"image": "example.com/setup:1", "start_timeout_seconds": 9},
                    "cache": {
                        "image": "example.com/cache:1",
                        "health_check": {"command": ["CMD", "ping"], "retries": 1},
                        "environment": {"A": "1"},
                        "secrets": {"B": "arn:aws:ssm:eu-west-1:123456789012:parameter/s"},
                        "cpu": 64,
                        "memory": 128,
                        "memory_reservation": 64,
                        "user": "999",
                    },
                },
            }
        )
    )
    assert application["command"] == ["serve"]
    assert application["entryPoint"] == ["sh"]
    # ECS reads them in this order.
    assert [file["value"] for file in application["environmentFiles"]] == [
        "arn:aws:s3:::b/b.env",
        "arn:aws:s3:::b/a.env",
    ]
    assert application["portMappings"] == [
        {"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"},
        {"appProtocol": "grpc", "containerPort": 90, "hostPort": 90, "name": "a", "protocol": "tcp"},
        {"containerPort": 91, "hostPort": 91, "name": "b", "protocol": "udp"},
    ]
    assert {"name": "PORT", "value": "8080"} in application["environment"]
    assert application["dependsOn"] == [
        {"condition": "HEALTHY", "containerName": "cache"},
        {"condition": "SUCCESS", "containerName": "setup"},
    ]
    assert application["ulimits"] == [{"name": "nofile", "softLimit": 1, "hardLimit": 2}]
    assert application["linuxParameters"]["initProcessEnabled"] is False
    assert application["stopTimeout"] == 60
    assert application["restartPolicy"] == {"enabled": True, "ignoredExitCodes": [0, 7], "restartAttemptPeriod": 300}
    assert (application["healthCheck"]["interval"], application["healthCheck"]["startPeriod"]) == (10, 60)
    assert (setup["essential"], setup["startTimeout"], setup["image"]) == (False, 9, "example.com/setup:1")
    assert (cache["essential"], cache["cpu"], cache["memory"], cache["memoryReservation"]) == (True, 64, 128, 64)
    assert (cache["environment"], cache["user"]) == ([{"name": "A", "value": "1"}], "999")
    assert cache["healthCheck"]["retries"] == 1
    assert cache["readonlyRootFilesystem"] is setup["readonlyRootFilesystem"] is True
    assert cache["logConfiguration"] == application["logConfiguration"]


def test_a_container_that_waits_for_the_application_finds_it_by_its_name_in_ecs() -> None:
    _, agent = json.loads(definitions(beside(agent={"depends_on": {"application": "HEALTHY"}})))
    assert agent["dependsOn"] == [{"condition": "HEALTHY", "containerName": "dev-web"}]


def test_in_bridge_mode_each_port_is_any_free_one_of_the_instance() -> None:
    chosen = {**beside(agent={"ports": {"b": {"port": 80}}}), "ports": {"a": {"port": 90}}, "network_mode": "bridge"}
    application, agent = json.loads(definitions(chosen))
    assert [port["hostPort"] for port in (*application["portMappings"], *agent["portMappings"])] == [0, 0, 0]
    assert application["systemControls"]
    assert agent["systemControls"]


def test_a_task_that_ecs_would_refuse_is_refused_before_anything_is_registered(run: Run) -> None:
    def program() -> None:
        with pytest.raises(ValueError, match="is no container of the task") as caught:
            tasks(depends_on={"cache": DependencyCondition.START}, stop_timeout_seconds=121)
        assert "stopTimeoutSeconds: is above 120" in str(caught.value)
        with pytest.raises(ValueError, match=r"containers\.dev-web: is the name of the service's own container"):
            tasks(containers={"dev-web": {"image": "example.com/x:1"}})
        with pytest.raises(TypeError, match=r"containers\.cache\.imag is unknown; did you mean image\?"):
            tasks(containers={"cache": {"imag": "x"}})  # type: ignore[typeddict-item]

    assert [one for one in run(program).resources if one.type.startswith("aws:")] == []


def test_the_execution_role_can_read_exactly_what_all_containers_need(run: Run) -> None:
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-AbCdEf"
    engine = run(
        lambda: tasks(
            environment_files=["arn:aws:s3:::one/a.env"],
            containers={
                "agent": {
                    "image": f"210987654321.dkr.ecr.{REGION}.amazonaws.com/agent:1",
                    "secrets": {"A": f"{secret}:key::"},
                    "environment_files": ["arn:aws:s3:::two/folder/b.env", "arn:aws:s3:::one/a.env"],
                }
            },
        )
    )
    granted = statements(engine)
    assert granted["ReadEnvironmentFiles"]["Action"] == ["s3:GetObject"]
    assert granted["ReadEnvironmentFiles"]["Resource"] == ["arn:aws:s3:::one/a.env", "arn:aws:s3:::two/folder/b.env"]
    assert granted["LocateBuckets"]["Action"] == ["s3:GetBucketLocation"]
    assert granted["LocateBuckets"]["Resource"] == ["arn:aws:s3:::one", "arn:aws:s3:::two"]
    assert granted["ReadSecrets"]["Resource"] == [secret]
    assert f"arn:aws:ecr:{REGION}:210987654321:repository/agent" in granted["PullImages"]["Resource"]
