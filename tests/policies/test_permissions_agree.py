"""What the settings accept as a permission of a task role, `iam-least-privilege` accepts too."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from components.common import iam
from components.tasks import permissions as granted
from components.tasks.permissions import PermissionArgs
from policies import reviewed
from policies.rules.common.iam_documents import identity_document
from policies.rules.iam.least_privilege import RULE, _findings
from settings import iam_reference as reference
from settings.checks.permissions import permission_problems
from settings.sections.permissions import Permission
from settings.surroundings import Surroundings

ROOT = Path(__file__).parents[2]
ACTIONS = [
    f"{service}:{name}"
    for service in sorted(reference.services())
    for name in sorted(reference._names(service).values())
]
NAMES = ["name", "na*", "*", "?ame", "i-*", "mrk-*", "app/*", "aws-service-role/*", "a/b/*", "-*", "db-??????", "a*b"]


def is_refused(text: str) -> bool:
    """Tell whether the rule has a finding, or cannot read the document."""
    content = identity_document(text, "policy")
    return bool(content.problems or _findings(content))


def is_accepted(statement: dict[str, Any]) -> bool:
    """Tell whether the settings take a statement."""
    one = Permission.model_validate_json(json.dumps(statement))
    return not list(permission_problems(("permissions",), [one], Surroundings(region="eu-west-1")))


def arn(action: str, form: reference.Form, names: list[str]) -> str:
    """Return the ARN of a form, with names in place of its variables."""
    *head, name = form.text.split(":", 5)
    service = action.partition(":")[0] if "$" in head[2] else head[2]
    region = "eu-west-1" if "$" in head[3] or head[3] == "*" else head[3]
    account = "123456789012" if "$" in head[4] or head[4] == "*" else head[4]
    filled = re.sub(r"\$\{\w+\}|\*", lambda _: names.pop(0) if len(names) > 1 else names[0], name)
    return f"arn:aws:{service}:{region}:{account}:{filled}"


def test_what_was_reviewed_is_the_same_for_both() -> None:
    assert (ROOT / "settings/iam_reviewed.json").read_text() == reviewed.text(), "make generate"


def test_where_the_settings_take_all_resources_the_rule_does_too() -> None:
    """Asked of every action of AWS, many at once."""
    every = [one.name for one in map(reference.action, ACTIONS) if one and one.needs_all]
    assert len(every) > 5000
    assert not is_refused(iam.document([iam.allow("All", every, ["*"])]))


def test_a_name_of_each_kind_of_resource_is_good_for_both() -> None:
    """And the start of it is only where the rule takes it."""
    forms: dict[str, tuple[str, reference.Form]] = {}
    for action in filter(None, map(reference.action, ACTIONS)):
        for form in action.forms:
            forms.setdefault(f"{form.text} {form.made}", (action.name, form))
    assert len(forms) > 1500
    judged = 0
    for name, form in forms.values():
        for names in (["name"], ["name", "*"], ["na*"], ["*"], ["name", "na*"]):
            resource = arn(name, form, [*names])
            known = reference.action(name)
            assert known
            parts = reference.Resource(*resource.split(":", 5)[2:])
            fitting = [one for one in known.forms if one.fits(parts)]
            if fitting and all(one.names(parts) for one in fitting):
                judged += 1
                assert not is_refused(iam.document([iam.allow("One", [name], [resource])])), resource
    assert judged > 3000


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a statement that may be good: actions of one service, and ARNs of what they work on."""
    service = draw(st.sampled_from(sorted(reference.services())))
    names = sorted(reference._names(service).values()) or ["None"]
    actions = draw(st.lists(st.sampled_from(names).map(lambda name: f"{service}:{name}"), min_size=1, max_size=3))
    resources = []
    for action in actions:
        known = reference.action(action)
        if known and known.forms and draw(st.integers(0, 9)):
            form = draw(st.sampled_from(known.forms))
            resources.append(arn(action, form, draw(st.lists(st.sampled_from(NAMES), min_size=3, max_size=3))))
        else:
            resources.append("*")
    conditions = draw(
        st.sampled_from(
            [
                {},
                {"StringEquals": {"aws:ResourceTag/team": "a"}},
                {"Bool": {"aws:SecureTransport": True}},
                {"Null": {"aws:TagKeys": "true"}},
            ]
        )
    )
    return {"actions": actions, "resources": resources, "conditions": conditions}


@given(statements())
@limits(max_examples=300, deadline=None)
def test_what_the_settings_accept_the_rule_accepts(statement: dict[str, Any]) -> None:
    one = Permission.model_validate_json(json.dumps(statement))
    problems = list(permission_problems(("permissions",), [one], Surroundings(region="eu-west-1")))
    text = granted.document([one.given(PermissionArgs)])
    assert problems or not is_refused(text)


def test_what_the_rule_refuses_in_its_examples_the_settings_refuse() -> None:
    """Every statement of its examples that a person can write as a setting."""
    asked = refused = 0
    for case in RULE.cases():
        for resource in case.resources:
            for statement in _statements(resource.inputs.get("policy")):
                asked += 1
                if is_refused(json.dumps({"Statement": [statement]})):
                    refused += 1
                    assert not is_accepted(_as_setting(statement)), statement
    assert asked > 150
    assert refused > 80


def _statements(policy: Any) -> list[dict[str, Any]]:
    try:
        content = json.loads(policy) if isinstance(policy, str) else policy
    except ValueError:
        return []
    found = content.get("Statement") if isinstance(content, dict) else None
    listed = found if isinstance(found, list) else [found]
    return [
        one
        for one in listed
        if isinstance(one, dict)
        and one.get("Effect") == "Allow"
        and {*one} <= {"Sid", "Effect", "Action", "Resource", "Condition"}
        and all(isinstance(one.get(key), str | list) for key in ("Action", "Resource"))
        and _is_valid(_as_setting(one))
    ]


def _as_setting(statement: dict[str, Any]) -> dict[str, Any]:
    texts = {
        setting: [statement[key]] if isinstance(statement[key], str) else statement[key]
        for setting, key in (("actions", "Action"), ("resources", "Resource"))
    }
    return {**texts, "conditions": statement.get("Condition") or {}}


def _is_valid(setting: dict[str, Any]) -> bool:
    try:
        Permission.model_validate_json(json.dumps(setting, default=str))
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", "arn:aws:s3:::uploads/*"),
        ("s3:ListBucket", "arn:aws:s3:::uploads"),
        ("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/*"),
        ("logs:PutLogEvents", "arn:aws:logs:eu-west-1:123456789012:log-group:/orders:*"),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-??????"),
        ("ssm:GetParametersByPath", "arn:aws:ssm:eu-west-1:123456789012:parameter/orders/*"),
        ("ecs:StopTask", "arn:aws:ecs:eu-west-1:123456789012:task/main/*"),
        ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:123456789012:function:orders:live"),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/jobs/orders"),
        ("batch:SubmitJob", "arn:aws:batch:eu-west-1:123456789012:job-queue/orders"),
        ("bedrock:InvokeModel", "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0"),
        ("rds-db:connect", "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABC/orders"),
        ("autoscaling:SetDesiredCapacity", "arn:aws:autoscaling:eu-west-1:1:autoScalingGroup:*:autoScalingGroupName/w"),
        ("xray:PutTraceSegments", "*"),
        ("cloudwatch:PutMetricData", "*"),
        ("ec2:DescribeInstances", "*"),
        ("translate:TranslateText", "*"),
    ],
)
def test_what_applications_need_is_accepted_by_both(action: str, resource: str) -> None:
    resource = resource.replace(":1:", ":123456789012:")
    assert is_accepted({"actions": [action], "resources": [resource]})
    assert not is_refused(iam.document([iam.allow("One", [action], [resource])]))
