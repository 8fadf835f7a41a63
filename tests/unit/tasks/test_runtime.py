"""How tasks run, under mocks: what definitions and roles get of each argument, and that nothing unasked is in them."""

import json
from typing import Any

import pytest

from components import Cluster, ClusterArgs
from components.common import iam
from components.tasks.container_args import FurtherContainerArgs
from components.tasks.runtime_args import Capability, Storage, VersionConsistency, WritablePathArgs

from ..conftest import ACCOUNT, REGION, Engine, Run, run_program
from .test_task import REPOSITORY, container, statements, tasks

DEFINITION = "ecs/taskDefinition:TaskDefinition"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:registry-AbCdEf"
GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/sessions"
ELSEWHERE = "registry.example.com/team/app:1"


def test_nothing_unasked_is_in_a_definition() -> None:
    """A text or an input more would be a new revision of every task that runs."""
    engine = run_program(lambda: tasks(image="v1"))
    definition = engine.one(DEFINITION)
    assert not {"ephemeralStorage", "volumes", "enableFaultInjection", "tags"} & set(definition)
    only = container(engine)
    assert not {"versionConsistency", "repositoryCredentials"} & set(only)
    assert only["mountPoints"] == []
    assert only["linuxParameters"] == {"capabilities": {"add": [], "drop": ["ALL"]}, "initProcessEnabled": True}
    assert [item.name for item in engine.all("iam/rolePolicy:RolePolicy")] == ["web-execution"]


def test_what_is_asked_for_is_in_the_definition(run: Run) -> None:
    engine = run(
        lambda: tasks(
            image="v1",
            ephemeral_storage_gib=50,
            fault_injection=True,
            version_consistency=VersionConsistency.DISABLED,
            add_capabilities=[Capability.SYS_PTRACE, Capability.CHOWN],
            writable_paths={"/tmp": {}, "/data": {"storage": Storage.DISK}},
        )
    )
    definition, only = engine.one(DEFINITION), container(engine)
    assert definition["ephemeralStorage"] == {"sizeInGib": 50}
    assert definition["enableFaultInjection"] is True
    assert definition["volumes"] == [{"name": "data"}]
    assert only["mountPoints"] == [{"containerPath": "/data", "readOnly": False, "sourceVolume": "data"}]
    assert only["versionConsistency"] == "disabled"
    assert only["linuxParameters"]["capabilities"] == {"add": ["CHOWN", "SYS_PTRACE"], "drop": ["ALL"]}
    assert only["linuxParameters"]["tmpfs"] == [
        {
            "containerPath": "/tmp",
            "mountOptions": ["gid=1000", "mode=0700", "nodev", "noexec", "nosuid", "uid=1000"],
            "size": 64,
        }
    ]


def test_another_registry_is_logged_in_to_with_its_secret_and_nothing_else_is_granted(run: Run) -> None:
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/registry"
    engine = run(
        lambda: tasks(
            image=ELSEWHERE, repository_credentials={"secret_arn": SECRET, "kms_key_arn": key}, elsewhere=True
        )
    )
    assert container(engine)["image"] == ELSEWHERE
    assert container(engine)["repositoryCredentials"] == {"credentialsParameter": SECRET}
    granted = {sid: item["Resource"] for sid, item in statements(engine).items() if sid != "WriteLogs"}
    assert granted == {"ReadSecrets": [SECRET], "DecryptSecrets": [key]}, "it pulls nothing from ECR"


def test_an_image_of_another_repository_is_the_only_one_that_may_be_pulled(run: Run) -> None:
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/base/proxy:1"
    granted = statements(run(lambda: tasks(image=image, elsewhere=True)))
    assert granted["PullImages"]["Resource"] == [f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/base/proxy"]


@pytest.mark.parametrize("image", [None, "v1"])
def test_without_a_repository_the_image_must_be_a_whole_reference(image: str | None) -> None:
    engine = Engine()
    chosen: Any = {"image": image} if image else {}
    with pytest.raises(ValueError, match="repository_url and repository_arn are missing"):
        run_program(lambda: tasks(elsewhere=True, **chosen), engine=engine)
    assert engine.find("cloudwatch/logGroup:LogGroup") == []


def test_a_container_beside_has_paths_and_volumes_of_its_own(run: Run) -> None:
    paths: dict[str, WritablePathArgs] = {"/tmp": {}, "/data": {"storage": Storage.DISK}}
    beside: dict[str, FurtherContainerArgs] = {
        "agent": {
            "image": ELSEWHERE,
            "writable_paths": paths,
            "user": "app",
            "repository_credentials": {"secret_arn": SECRET},
        }
    }
    engine = run(
        lambda: tasks(
            image="v1",
            writable_paths=paths,
            containers=beside,
            execute_command=True,
            execute_command_log_group_arn=GROUP,
        )
    )
    own, agent = json.loads(engine.one(DEFINITION)["containerDefinitions"])
    mounted = [[one["sourceVolume"] for one in container["mountPoints"]] for container in (own, agent)]
    assert mounted == [
        ["data", "var-lib-amazon", "var-log-amazon"],
        ["agent_data", "agent_var-lib-amazon", "agent_var-log-amazon"],
    ], "sessions' agents keep what identifies them there"
    assert sorted(one["name"] for one in engine.one(DEFINITION)["volumes"]) == sorted(
        name for names in mounted for name in names
    )
    assert "mode=1777" in agent["linuxParameters"]["tmpfs"][0]["mountOptions"]
    assert agent["repositoryCredentials"] == {"credentialsParameter": SECRET}
    assert statements(engine)["ReadSecrets"]["Resource"] == [SECRET]


class TestSessions:
    """ECS Exec: a policy on the task role, and two volumes where the root is read-only."""

    def test_the_task_role_may_open_and_log_them(self, run: Run) -> None:
        engine = run(lambda: tasks(image="v1", execute_command=True, execute_command_log_group_arn=GROUP))
        policy = engine.one("iam/rolePolicy:RolePolicy", "web-sessions")
        granted = {one["Sid"]: one["Resource"] for one in json.loads(policy["policy"])["Statement"]}
        assert granted == {"OpenSessions": ["*"], "FindTheSessionLog": ["*"], "WriteTheSessionLog": [f"{GROUP}:*"]}
        assert policy["role"] == engine.one("iam/role:Role", "web-task").get("name", policy["role"])

    def test_a_key_is_decrypted_with(self) -> None:
        engine = run_program(
            lambda: tasks(
                image="v1",
                execute_command=True,
                execute_command_log_group_arn=GROUP,
                execute_command_kms_key_arn="arn:aws:kms:eu-west-1:123456789012:key/x",
            )
        )
        policy = engine.one("iam/rolePolicy:RolePolicy", "web-sessions")["policy"]
        assert (
            iam.allow("DecryptSessions", ["kms:Decrypt"], ["arn:aws:kms:eu-west-1:123456789012:key/x"])
            in (json.loads(policy)["Statement"])
        )

    @pytest.mark.parametrize("readonly", [True, False])
    def test_the_agent_writes_where_the_root_is_read_only(self, readonly: bool) -> None:
        engine = run_program(
            lambda: tasks(
                image="v1",
                execute_command=True,
                execute_command_log_group_arn=GROUP,
                readonly_root_filesystem=readonly,
            )
        )
        paths = [one["containerPath"] for one in container(engine)["mountPoints"]]
        assert paths == (["/var/lib/amazon", "/var/log/amazon"] if readonly else [])
        assert container(engine)["readonlyRootFilesystem"] is readonly
        assert container(engine)["linuxParameters"]["initProcessEnabled"] is True, "else its processes stay as zombies"

    def test_without_their_log_they_are_refused(self) -> None:
        with pytest.raises(ValueError, match="execute_command needs execute_command_log_group_arn"):
            run_program(lambda: tasks(image="v1", execute_command=True))

    @pytest.mark.parametrize("logged", [True, False])
    def test_the_cluster_tells_its_log(self, run: Run, logged: bool) -> None:
        found: list[str] = []

        def program() -> None:
            args: ClusterArgs = {"cluster_name": "main"}
            if logged:
                args["execute_command_logging"] = {}
            Cluster("main", args).execute_command_log_group_arn.apply(found.append)

        run(program)
        assert found == [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/ecs/execute-command" if logged else ""]


def test_the_repository_stays_beside_an_image_of_elsewhere(run: Run) -> None:
    """As before it could be left out: releases go on with it."""
    granted = statements(run(lambda: tasks(image=ELSEWHERE)))
    assert granted["PullImages"]["Resource"] == [REPOSITORY]
