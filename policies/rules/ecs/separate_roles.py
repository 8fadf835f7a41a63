"""What starts a task and what runs in it have different roles."""

from policies.framework import UNKNOWN, Example, Expect, Report, Res, Resource, Rule, Severity, Stack, Unknown, peek
from policies.rules.common.role_stacks import PREVIEW, UPDATE
from policies.rules.common.roles import ROLE, TASK_DEFINITION, TASK_ROLES, roles_of

_TASK, _EXECUTION = TASK_ROLES
_WHY = "the application then has the rights of the ECS agent, which reads the task's secrets and pulls its images"


def _check(definition: Resource, report: Report) -> None:
    task, execution = (peek(definition.inputs, prop) for prop in TASK_ROLES)
    if isinstance(task, str) and task and task == execution:
        _fail(definition, task.rpartition("/")[2], report)


def _check_stack(stack: Stack, report: Report) -> None:
    roles = roles_of(stack)
    for definition in stack.of_type(TASK_DEFINITION):
        with report.guard(definition):
            _check(definition, report)
            task, execution = (roles.behind_task(definition, prop) for prop in TASK_ROLES)
            if len(task) == 1 and task == execution:
                _fail(definition, _name(task[0]), report)
            elif set(map(id, task)) & set(map(id, execution)):
                report.undecided(definition, _EXECUTION, "comes from several roles, and taskRoleArn may be one of them")
            elif not task or not execution:
                _judge_outside(definition, report)
    for role in roles.of_tasks():
        with report.guard(role):
            purposes = roles.purposes[role.urn]
            tasks, executions = ([found.name for found in purposes.get(prop, [])] for prop in TASK_ROLES)
            if tasks and executions and not set(tasks) & set(executions):
                shared = f"it is the task role of {', '.join(tasks)} and the execution role of {', '.join(executions)}"
                report.fail(role, f"SharedRole::{_name(role)}", f"{shared}: {_WHY}")


def _judge_outside(definition: Resource, report: Report) -> None:
    """A role that comes from no resource of this stack may be any, until its ARN is known."""
    arns = {prop: peek(definition.inputs, prop) for prop in TASK_ROLES}
    if all(arns.values()):
        for prop, arn in arns.items():
            if isinstance(arn, Unknown):
                report.undecided(definition, prop)


def _fail(definition: Resource, role: str, report: Report) -> None:
    report.fail(definition, f"SharedRole::{role}", f"it is the same role as {_TASK}: {_WHY}", prop=_EXECUTION)


def _name(role: Resource) -> str:
    name = peek(role.inputs, "name")
    return name if isinstance(name, str) else role.name


_OUTSIDE = "arn:aws:iam::123456789012:role/elsewhere"
_BOTH = {"taskRoleArn": ["a", "b"], "executionRoleArn": ["a", "b"]}

RULE = Rule(
    name="ecs-separate-roles",
    title="Separate task and execution roles",
    description="A task definition's task role and execution role are different roles.",
    severity=Severity.HIGH,
    packs=("identity",),
    controls=("CKV_AWS_249",),
    remedy="make two roles: an execution role that pulls, logs and reads secrets, and a task role for the application",
    url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-ecs-iam-role-overview.html",
    types=(TASK_DEFINITION, ROLE),
    check=_check,
    check_stack=_check_stack,
    cases=lambda: (
        Example("two roles", [UPDATE.role("task"), UPDATE.role("start"), UPDATE.task("task", "start")]),
        Example(
            "two roles, at the first preview",
            [PREVIEW.role("task"), PREVIEW.role("start"), PREVIEW.task("task", "start")],
        ),
        Example(
            "a role that is not known yet, and no other",
            [Res(TASK_DEFINITION, "web", {_EXECUTION: UNKNOWN})],
        ),
        Example("a task role only", [UPDATE.role("task"), UPDATE.task()]),
        Example("no role at all", [Res(TASK_DEFINITION, "web", {"family": "web"})]),
        Example(
            "two task definitions that share both",
            [
                UPDATE.role("task"),
                UPDATE.role("start"),
                UPDATE.task("task", "start", "one"),
                UPDATE.task("task", "start", "other"),
            ],
        ),
        *(
            Example(
                f"one role, {name}",
                [at.role("task"), at.task("task", "task")],
                [
                    Expect(
                        "SharedRole::task",
                        "web",
                        ["executionRoleArn: it is the same role as taskRoleArn", "Fix: make two roles"],
                    )
                ],
            )
            for name, at in {"preview": PREVIEW, "update": UPDATE}.items()
        ),
        Example(
            "one role from outside of the stack",
            [Res(TASK_DEFINITION, "web", {"taskRoleArn": _OUTSIDE, "executionRoleArn": _OUTSIDE})],
            [Expect("SharedRole::elsewhere", "web")],
        ),
        Example(
            "one role for two purposes of two task definitions",
            [
                PREVIEW.role("task"),
                PREVIEW.role("start"),
                PREVIEW.task("task", "start", "one"),
                PREVIEW.task("start", "task", "other"),
            ],
            [Expect("SharedRole::start", "start", ["task role of other"]), Expect("SharedRole::task", "task")],
        ),
        Example(
            "a role that is chosen while it runs",
            [
                PREVIEW.role("a"),
                PREVIEW.role("b"),
                Res(TASK_DEFINITION, "web", {"taskRoleArn": UNKNOWN, "executionRoleArn": UNKNOWN}, depends=_BOTH),
            ],
            undecided=[Expect("Undecided::executionRoleArn", "web")],
        ),
        *(
            Example(
                f"{name} that comes from nowhere in the stack and is not known yet",
                [Res(TASK_DEFINITION, "web", {_TASK: _OUTSIDE, _EXECUTION: _OUTSIDE, prop: UNKNOWN})],
                undecided=[Expect(f"Undecided::{prop}", "web")],
            )
            for name, prop in (("a task role", _TASK), ("an execution role", _EXECUTION))
        ),
    ),
)
