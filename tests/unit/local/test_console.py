"""What a user sees of a run: plain lines in logs and files, colour, tables and progress on a terminal."""

import io
from typing import Any

import pytest
from rich.console import Console as Rich

from local.console import Console, Found, Node, Verdict
from local.display import console
from local.terminal import Terminal

ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/load-balancer-d5e507f/669fc6b78b161194"
LONG = "The roles of tasks, builds and deployments are allowed named actions on named resources, and on nothing else."
ADVICE = "policy is not known yet. To be sure now: name the actions in full and the resources by their ARNs"
TREE = [Node("Stack", "dev", [Node("Registry", "registry", [Node("ecr.Repository", "web", [])]), Node("Vpc", "v", [])])]
VERDICTS = [
    Verdict("network-default-security-group-closed", LONG, [], 0),
    Verdict("ecr-scan-on-push", "ECR scans every image.", [Found("ecr.Repository web", ["Fix: set scanOnPush"])], 1),
    Verdict("iam-least-privilege", LONG, [Found("iam.RolePolicy web", [ADVICE])], 0),
]
OUTPUTS: dict[str, Any] = {
    "arn": ARN,
    "none": {},
    "services": {"web": {"running": False, "port": 8080.0, "endpoint": ""}},
    "steps": "docker build\ndocker push",
    "subnets": ["subnet-1", "subnet-2"],
}


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Standard output that is a terminal, where nothing asks for plain lines."""
    for name in ("NO_COLOR", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    return monkeypatch


class TestWhichOne:
    def test_a_terminal_shows_more(self, terminal: pytest.MonkeyPatch) -> None:
        assert isinstance(console(), Terminal)

    @pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("CI", "true"), ("TERM", "dumb")])
    def test_plain_lines_can_be_asked_for(self, terminal: pytest.MonkeyPatch, name: str, value: str) -> None:
        terminal.setenv(name, value)
        assert type(console()) is Console

    def test_a_file_gets_plain_lines(self, terminal: pytest.MonkeyPatch) -> None:
        terminal.setattr("sys.stdout.isatty", lambda: False)
        assert type(console()) is Console


def show(one: Console) -> None:
    """Show everything that a run shows."""
    with one.progress() as progress:
        progress.begin("Update", 2)
        one.operation("+", "create", "ecr.Repository  web", "green")
        progress.advance()
    one.heading("Resources (4)")
    one.tree(TREE)
    one.verdicts(VERDICTS)
    one.outputs(OUTPUTS)


def test_plain_lines_are_whole_and_without_colour(capsys: pytest.CaptureFixture[str]) -> None:
    show(Console())
    assert capsys.readouterr().out.splitlines() == [
        "▸ Update",
        "  + create   ecr.Repository  web",
        "",
        "Resources (4)",
        "  └─ Stack  dev",
        "     ├─ Registry  registry",
        "     │  └─ ecr.Repository  web",
        "     └─ Vpc  v",
        f"  ✓ kept      network-default-security-group-closed: {LONG}",
        "  ✗ broken by 1  ecr-scan-on-push: ECR scans every image.",
        "      ecr.Repository web",
        "        Fix: set scanOnPush",
        f"  ? see 1 below  iam-least-privilege: {LONG}",
        "      iam.RolePolicy web",
        f"        {ADVICE}",
        f"  arn: {ARN}",
        "  none: {}",
        "  services:",
        "    web:",
        "      running: false",
        "      port: 8080",
        "      endpoint: ",
        "  steps:",
        "    docker build",
        "    docker push",
        "  subnets:",
        "    - subnet-1",
        "    - subnet-2",
    ]


@pytest.mark.parametrize("width", [40, 80, 120])
class TestTerminal:
    @pytest.fixture
    def seen(self, width: int) -> str:
        """What is shown, without colours."""
        one, file = Terminal(), io.StringIO()
        one._rich = Rich(file=file, width=width, highlight=False, markup=False, emoji=False)
        show(one)
        return file.getvalue()

    def test_nothing_is_cut_off(self, seen: str) -> None:
        words = set(f"{LONG} {ADVICE} ECR scans every image. Fix: set scanOnPush".split())
        shown = set(seen.split())
        assert words <= shown
        assert "…" not in seen
        for verdict in VERDICTS:
            assert verdict.mark in seen
            assert verdict.rule in "".join(seen.split())

    def test_what_is_to_be_copied_is_in_one_piece(self, seen: str) -> None:
        """The terminal breaks such a line where it ends, and copies it whole."""
        for text in (ARN, "docker build", "subnet-2", "8080"):
            assert any(line.endswith(text) for line in map(str.rstrip, seen.splitlines())), text

    def test_every_value_has_its_path(self, seen: str) -> None:
        for path in ("services.web.running", "services.web.endpoint", "subnets.1", "steps", "none"):
            assert f"  {path}" in seen

    def test_what_stops_the_run_is_told_last(self, seen: str) -> None:
        assert seen.index("iam.RolePolicy web") < seen.index("ecr.Repository web\n")


def test_a_terminal_shows_how_far_it_is_and_leaves_no_trace_of_that(monkeypatch: pytest.MonkeyPatch) -> None:
    one, file = Terminal(), io.StringIO()
    one._rich = Rich(file=file, width=80, force_terminal=True, color_system=None, highlight=False)
    with one.progress() as progress:
        progress.begin("Preview")
        progress.advance()
        progress.begin("Update", 64)
        for _ in range(3):
            progress.advance()
    seen = file.getvalue()
    assert "3/64" in seen
    assert seen.rindex("\x1b[?25h") > seen.rindex("\x1b[?25l"), "the cursor is there in the end"
    assert seen.index("\x1b[?25h") < seen.index("3/64"), "and before, since a run can be killed"
