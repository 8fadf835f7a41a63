"""Tasks under mocks: what their roles may do, how their containers are locked up, and how secrets reach them."""

import json
import shlex
import subprocess
from typing import Any, Final, Unpack

import pulumi
import pytest

from components.common.arguments import complete
from components.tasks.args import TASK_DEFAULTS, TASK_LINK_DEFAULTS, AnsweringArgs, TaskArgs, TaskChoices, TaskLinks
from components.tasks.task import Task, task

from ..conftest import ACCOUNT, REGION, Engine, Run, run_program

REPOSITORY: Final = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/dev/web"


class Changes(TaskChoices, TaskLinks, total=False):
    """What a test may change."""


def tasks(health_check_path: str = "/health", *, elsewhere: bool = False, **changes: Unpack[Changes]) -> Task:
    """Make tasks that answer requests, of a component that has nothing else; elsewhere, without a repository."""
    args: TaskArgs = {
        "service_name": "dev-web",
        "cluster_arn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/main",
        **changes,
    }
    if not elsewhere:
        args["repository_url"] = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/dev/web"
        args["repository_arn"] = REPOSITORY
    owner = pulumi.ComponentResource("test:index:Owner", "web")
    answers: AnsweringArgs = {"container_port": 80, "health_check_path": health_check_path}
    return task("web", complete(TaskArgs, args, TASK_DEFAULTS, TASK_LINK_DEFAULTS), owner, answers)


@pytest.fixture(scope="module", params=[False, True], ids=["update", "preview"])
def made(request: pytest.FixtureRequest) -> Engine:
    """What `tasks()` registers, in an update and in a preview."""
    return run_program(tasks, preview=request.param)


def container(engine: Engine) -> dict[str, Any]:
    """Return the definition of the only container."""
    (only,) = json.loads(engine.one("ecs/taskDefinition:TaskDefinition")["containerDefinitions"])
    found: dict[str, Any] = only
    return found


def statements(engine: Engine) -> dict[str, dict[str, Any]]:
    """Return what the execution role may do, by the statements' ids."""
    document = json.loads(engine.one("iam/rolePolicy:RolePolicy", "web-execution")["policy"])
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_the_execution_role_can_read_exactly_its_image_its_log_and_its_secrets(run: Run) -> None:
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-AbCdEf"
    parameter = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/key"
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
    engine = run(lambda: tasks(secrets={"A": f"{secret}:url::", "B": parameter}, secret_kms_key_arns=[key]))
    granted = {sid: (item["Action"], item["Resource"]) for sid, item in statements(engine).items()}
    assert granted == {
        "LogInToRegistry": (["ecr:GetAuthorizationToken"], ["*"]),
        "PullImages": (
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            [REPOSITORY],
        ),
        "WriteLogs": (
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/ecs/dev-web:*"],
        ),
        "ReadSecrets": (["secretsmanager:GetSecretValue"], [secret]),
        "ReadParameters": (["ssm:GetParameters"], [parameter]),
        "DecryptSecrets": (["kms:Decrypt"], [key]),
    }


def test_the_roles_are_apart_and_only_this_accounts_tasks_get_them(made: Engine) -> None:
    definition = made.one("ecs/taskDefinition:TaskDefinition")
    assert definition["executionRoleArn"] != definition["taskRoleArn"]
    for name in ("web-execution", "web-task"):
        (statement,) = json.loads(made.one("iam/role:Role", name)["assumeRolePolicy"])["Statement"]
        assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert statement["Condition"] == {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:*"},
        }
    assert made.find("iam/rolePolicy:RolePolicy", "web-task") == [], "the application has no permission unasked"


def test_the_container_is_hardened(made: Engine) -> None:
    definition = container(made)
    assert definition["readonlyRootFilesystem"] is True
    assert definition["user"] == "1000:1000"
    assert definition["linuxParameters"]["capabilities"]["drop"] == ["ALL"]
    assert definition["linuxParameters"]["initProcessEnabled"] is True
    assert "privileged" not in definition


def test_a_user_other_than_root_can_listen_on_the_default_port(made: Engine) -> None:
    assert container(made)["systemControls"] == [{"namespace": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]


def test_the_generated_secret_reaches_the_container_and_is_drawn_once(run: Run) -> None:
    engine = run(lambda: tasks(generated_secret={"environment_variable": "PASSWORD"}))
    (version,) = engine.all("secretsmanager/secretVersion:SecretVersion")
    assert version.ignore_changes == ["secretString"]
    assert json.loads(version.inputs["secretString"]) == {"username": "admin", "password": "drawn-by-aws"}
    assert container(engine)["secrets"][0]["valueFrom"].endswith(":password::")
    resource = statements(engine)["ReadSecrets"]["Resource"]
    assert not resource[0].endswith("::"), "IAM knows the secret, not its JSON key"


@pytest.mark.parametrize(
    "path", ["/health", "/health?a=1&b=2", "/a;b", "/$(id)", "/it's", "/*", "/a(b)!", "/~x"], ids=lambda path: path[1:]
)
def test_the_health_check_asks_for_the_path_whatever_the_shell_would_make_of_it(path: str) -> None:
    command = container(run_program(lambda: tasks(health_check_path=path)))["healthCheck"]["command"]
    assert command[0] == "CMD-SHELL"
    assert shlex.split(command[1]) == ["curl", "-f", f"http://localhost:80{path}", "||", "exit", "1"]
    asked = subprocess.run(
        ["sh", "-c", f"curl() {{ printf '%s' \"$2\"; }}; {command[1]}"], capture_output=True, text=True
    )
    assert asked.stdout == f"http://localhost:80{path}"


def test_the_health_check_of_a_plain_path_is_what_it_was() -> None:
    """A different text would be a new revision of every task definition."""
    command = container(run_program(tasks))["healthCheck"]["command"]
    assert command == ["CMD-SHELL", "curl -f http://localhost:80/health || exit 1"]


def test_without_an_image_the_definition_names_a_tag_that_nobody_pushes(made: Engine) -> None:
    assert container(made)["image"].endswith("/dev/web:no-image-yet")


@pytest.mark.parametrize("protect", [True, False])
def test_a_protected_secret_can_be_restored(protect: bool) -> None:
    engine = run_program(lambda: tasks(generated_secret={"environment_variable": "PASSWORD"}, protect=protect))
    (secret,) = engine.all("secretsmanager/secret:Secret")
    assert (secret.protect, secret.inputs["recoveryWindowInDays"]) == (protect, 30 if protect else 0)


@pytest.mark.parametrize(
    ("image", "more"),
    [
        ("git-1", []),
        ("public.ecr.aws/nginx/nginx:1", []),
        (f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/dev/web:1", []),
        (f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/base/proxy:1", [f"{REGION}:{ACCOUNT}:repository/base/proxy"]),
        ("210987654321.dkr.ecr.us-east-1.amazonaws.com/shared@sha256:0", ["us-east-1:210987654321:repository/shared"]),
    ],
)
def test_the_execution_role_can_pull_from_the_repository_that_the_image_names(
    run: Run, image: str, more: list[str]
) -> None:
    granted = statements(run(lambda: tasks(image=image)))["PullImages"]["Resource"]
    assert sorted([granted] if isinstance(granted, str) else granted) == sorted(
        [REPOSITORY, *(f"arn:aws:ecr:{one}" for one in more)]
    )


def test_a_secret_of_a_default_variable_takes_its_place(run: Run) -> None:
    """ECS refuses a name that is in both lists."""
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:x-AbCdEf"
    made = container(
        run(lambda: tasks(secrets={"PORT": secret}, generated_secret={"environment_variable": "NODE_ENV"}))
    )
    assert made["environment"] == []
    assert [one["name"] for one in made["secrets"]] == ["NODE_ENV", "PORT"]
