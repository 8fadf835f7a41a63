"""The pure parts of how tasks run: what is mounted where, and what ECS Exec's agent may do."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.tasks import exec_documents, mounts
from components.tasks.runtime_args import Storage, WritablePathArgs

PATHS = st.from_regex(r"(/[A-Za-z0-9._-]{1,12}){1,6}", fullmatch=True)


def options(user: str) -> list[str]:
    (only,) = mounts.tmpfs({"/tmp": {}}, user)
    found: list[str] = only["mountOptions"]
    return found


@pytest.mark.parametrize(
    ("user", "owner"),
    [
        ("1000:1000", ["gid=1000", "mode=0700"]),
        ("1000", ["mode=0700"]),
        ("1000:app", ["mode=0700"]),
        ("app", ["mode=1777"]),
        ("app:1000", ["mode=1777"]),
    ],
)
def test_memory_belongs_to_the_containers_user_as_far_as_the_kernel_knows_it(user: str, owner: list[str]) -> None:
    uid = [f"uid={user.partition(':')[0]}"] if user[0].isdigit() else []
    assert options(user) == sorted([*owner, *uid, "nodev", "noexec", "nosuid"])


def test_memory_and_disk_are_told_apart_and_sorted() -> None:
    paths: dict[str, WritablePathArgs] = {
        "/z": {},
        "/b": {"storage": Storage.DISK},
        "/a": {"size_mib": 5, "storage": Storage.MEMORY},
    }
    assert [(one["containerPath"], one["size"]) for one in mounts.tmpfs(paths, "1000")] == [("/a", 5), ("/z", 64)]
    volumes = mounts.volume_paths(paths, session=True)
    assert volumes == {"b": "/b", "var-lib-amazon": "/var/lib/amazon", "var-log-amazon": "/var/log/amazon"}
    assert mounts.mount_points(volumes)[0] == {"containerPath": "/b", "readOnly": False, "sourceVolume": "b"}


@given(st.sets(PATHS, min_size=2, max_size=8))
def test_each_path_has_a_volume_of_its_own_with_a_name_that_ecs_takes(paths: set[str]) -> None:
    names = {mounts.volume_name(path) for path in paths}
    assert len(names) == len(paths)
    assert all(re.fullmatch("[A-Za-z0-9_-]{1,255}", name) for name in names)


@given(st.sets(PATHS, max_size=6))
def test_the_order_of_paths_makes_no_new_revision(paths: set[str]) -> None:
    one: Any = {path: {"storage": "disk"} for path in sorted(paths)}
    other: Any = {path: {"storage": "disk"} for path in sorted(paths, reverse=True)}
    assert list(mounts.volume_paths(one, session=True).items()) == list(
        mounts.volume_paths(other, session=True).items()
    )


def test_a_path_within_another_is_found() -> None:
    assert mounts.overlapping(["/a", "/ab", "/a/b"]) == [("/a/b", "/a")]


def test_sessions_may_use_what_has_no_arn_and_one_log_group() -> None:
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:/x"
    granted = {one["Sid"]: one for one in json.loads(exec_documents.permissions(group, "key"))["Statement"]}
    assert [sid for sid, one in granted.items() if one["Resource"] == ["*"]] == ["OpenSessions", "FindTheSessionLog"]
    assert granted["WriteTheSessionLog"]["Resource"] == [f"{group}:*"]
    assert granted["DecryptSessions"]["Action"] == ["kms:Decrypt"]
    assert "DecryptSessions" not in exec_documents.permissions(group)
    assert not any("*" in action for one in granted.values() for action in one["Action"])
