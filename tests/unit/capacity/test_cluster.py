"""The cluster: how groups, strategies and options come together."""

from typing import ClassVar, Unpack

import pytest

from components import Cluster
from components.capacity import providers
from components.capacity.args import ClusterChoices, ClusterGroupArgs, ClusterLinks
from components.capacity.providers import Capacity, CapacityProviderStrategyArgs

from ..conftest import Engine, Run, run_program

TEMPLATE = "ec2/launchTemplate:LaunchTemplate"
ASSOCIATION = "ecs/clusterCapacityProviders:ClusterCapacityProviders"


class Changes(ClusterChoices, ClusterLinks, total=False):
    """What a test may change."""


def test_the_cluster_has_both_kinds_of_capacity(run: Run) -> None:
    engine = run(lambda: Cluster("cluster", {"cluster_name": "main"}))
    associated = engine.one("ecs/clusterCapacityProviders:ClusterCapacityProviders")
    assert associated["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert associated["defaultCapacityProviderStrategies"] == [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}]
    assert engine.one("ecs/cluster:Cluster")["settings"] == [{"name": "containerInsights", "value": "enabled"}]


class TestTheCluster:
    """How groups, strategies and options come together."""

    GROUP: ClassVar[ClusterGroupArgs] = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-a"]}

    def make(self, **changes: Unpack[Changes]) -> Engine:
        return run_program(lambda: Cluster("cluster", {"cluster_name": "demo-dev", **changes}))

    @pytest.mark.parametrize(
        ("groups", "default"), [([], "FARGATE"), (["apps"], "demo-dev-apps-0abc123"), (["apps", "more"], "FARGATE")]
    )
    def test_the_only_group_is_the_default(self, groups: list[str], default: str) -> None:
        engine = self.make(auto_scaling_groups=dict.fromkeys(groups, self.GROUP))
        association = engine.one(ASSOCIATION)
        made = [f"demo-dev-{name}-0abc123" for name in groups]
        assert association["capacityProviders"] == ["FARGATE", "FARGATE_SPOT", *made]
        (item,) = association["defaultCapacityProviderStrategies"]
        assert item == {"capacityProvider": default, "weight": 1, "base": 0}

    def test_a_strategy_calls_groups_by_their_names_here(self) -> None:
        strategy: list[CapacityProviderStrategyArgs] = [
            {"capacity_provider": "b", "weight": 3},
            {"capacity_provider": "a", "base": 2},
        ]
        groups = dict.fromkeys("ab", self.GROUP)
        engine = self.make(auto_scaling_groups=groups, capacity_provider_strategy=strategy)
        assert engine.one(ASSOCIATION)["defaultCapacityProviderStrategies"] == [
            {"capacityProvider": "demo-dev-b-0abc123", "weight": 3, "base": 0},
            {"capacityProvider": "demo-dev-a-0abc123", "weight": 1, "base": 2},
        ]

    def test_what_people_do_in_a_container_can_have_a_log_of_its_own(self) -> None:
        key = "arn:aws:kms:eu-west-1:123456789012:key/1"
        engine = self.make(execute_command_logging={"kms_key_arn": key}, log_group_prefix="/demo/dev/cluster")
        log = engine.one("cloudwatch/logGroup:LogGroup")
        assert (log["name"], log["retentionInDays"], log["kmsKeyId"]) == ("/demo/dev/cluster/execute-command", 90, key)
        command = engine.one("ecs/cluster:Cluster")["configuration"]["executeCommandConfiguration"]
        assert (command["logging"], command["kmsKeyId"]) == ("OVERRIDE", key)
        assert command["logConfiguration"]["cloudWatchEncryptionEnabled"] is True

    def test_managed_storage_is_encrypted_by_a_key_of_ones_own(self) -> None:
        engine = self.make(storage_kms_key_arn="arn:key")
        assert engine.one("ecs/cluster:Cluster")["configuration"]["managedStorageConfiguration"] == {
            "fargateEphemeralStorageKmsKeyId": "arn:key",
            "kmsKeyId": "arn:key",
        }

    def test_without_options_the_cluster_says_nothing_of_them_nor_of_the_account(self) -> None:
        engine = self.make()
        assert "configuration" not in engine.one("ecs/cluster:Cluster")
        assert engine.find("ecs/accountSettingDefault:AccountSettingDefault") == []

    def test_account_settings_come_before_the_instances_that_they_are_for(self) -> None:
        engine = self.make(account_settings={"awsvpc_trunking": True}, auto_scaling_groups={"apps": self.GROUP})
        made = engine.find("ecs/accountSettingDefault:AccountSettingDefault")
        assert {item["name"]: item["value"] for item in made} == {
            "awsvpcTrunking": "enabled",
            "containerInsights": "enabled",
        }
        (template,) = engine.all(TEMPLATE)
        assert {"cluster-awsvpcTrunking", "cluster-containerInsights"} <= {
            urn.rpartition("::")[2] for urn in template.depends_on
        }


class TestStrategies:
    """Kinds of capacity, told in one place."""

    KINDS = providers.provider_kinds(["apps", "more"], ["managed"])

    @pytest.mark.parametrize(
        ("names", "kind"),
        [
            (["FARGATE"], Capacity.FARGATE),
            (["FARGATE", "FARGATE_SPOT"], Capacity.FARGATE),
            (["apps", "more"], Capacity.AUTO_SCALING),
            (["managed"], Capacity.MANAGED_INSTANCES),
        ],
    )
    def test_a_strategy_has_one_kind(self, names: list[str], kind: Capacity) -> None:
        assert providers.strategy_kind([{"capacity_provider": name} for name in names], self.KINDS) is kind

    @pytest.mark.parametrize(
        ("names", "said"),
        [
            ([], "not none"),
            (["FARGATE", "apps"], "not AUTO_SCALING, FARGATE"),
            (["apps", "managed"], "not AUTO_SCALING, MANAGED_INSTANCES"),
            (["typo"], "typo: no such capacity provider"),
        ],
    )
    def test_anything_else_is_none(self, names: list[str], said: str) -> None:
        with pytest.raises(ValueError, match=said):
            providers.strategy_kind([{"capacity_provider": name} for name in names], self.KINDS)
