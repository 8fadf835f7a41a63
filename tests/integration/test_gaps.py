"""What the emulated AWS API must do as AWS does, where no stack would show that it does not."""

from tests.integration.conftest import Emulator


def test_what_takes_the_name_of_something_gone_has_none_of_its_tags(emulator: Emulator) -> None:
    logs, scheduler = emulator.client("logs"), emulator.client("scheduler")
    logs.create_log_group(logGroupName="gone", tags={"team": "web"})
    logs.delete_log_group(logGroupName="gone")
    logs.create_log_group(logGroupName="gone")
    (group,) = logs.describe_log_groups(logGroupNamePrefix="gone")["logGroups"]
    assert logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == {}
    scheduler.create_schedule_group(Name="gone", Tags=[{"Key": "team", "Value": "web"}])
    scheduler.delete_schedule_group(Name="gone")
    arn = scheduler.create_schedule_group(Name="gone")["ScheduleGroupArn"]
    assert scheduler.list_tags_for_resource(ResourceArn=arn)["Tags"] == []


def test_an_account_that_is_emptied_has_nothing(emulator: Emulator) -> None:
    emulator.client("sns").create_topic(Name="left")
    emulator.empty()
    assert emulator.client("sns").list_topics()["Topics"] == []
