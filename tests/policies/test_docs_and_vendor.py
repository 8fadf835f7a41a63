"""The documentation is made from the rules, and a vendored pack folder is whole."""

import subprocess
import sys
from pathlib import Path
from textwrap import indent

import pytest
import yaml

from policies import docs, vendor
from policies.catalog import PACKS, RULES


def test_the_readme_table_is_up_to_date() -> None:
    assert docs.main(["--check"]) == 0


def test_the_check_notices_an_old_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(docs.README.read_text().replace("ecr-scan-on-push`", "ecr-scan-on-pull`"))
    monkeypatch.setattr(docs, "README", readme)
    assert docs.main(["--check"]) == 1
    assert docs.main([]) == 0
    assert readme.read_text() == Path(docs.__file__).with_name("README.md").read_text()


def test_the_table_has_every_rule_setting_and_control() -> None:
    table = docs.table()
    for rule in RULES.values():
        for text in (rule.name, rule.remedy, rule.url, *rule.settings, *rule.controls):
            assert text in table


def test_the_readme_shows_a_rule_that_is_there() -> None:
    rule = Path(docs.__file__).with_name("rules") / "ecs" / "logging_configured.py"
    assert indent(rule.read_text(), "    ") in docs.README.read_text()


IN_FOLDERS = """
import sys
for folder, pack in zip(sys.argv[1::2], sys.argv[2::2]):
    for name in [name for name in sys.modules if name.split(".")[0] == "policies"]:
        del sys.modules[name]
    sys.path.insert(0, folder)
    import policies
    from policies.pack import policies_of
    print(pack, policies.__file__, *(policy.name for policy in policies_of(pack)))
    sys.path.remove(folder)
"""


def test_a_vendored_pack_needs_nothing_of_this_clone(tmp_path: Path) -> None:
    folders = {pack: vendor.vendor(pack, tmp_path / "out") for pack in PACKS}
    for folder in folders.values():
        project = yaml.safe_load((folder / "PulumiPolicy.yaml").read_text())
        assert project["runtime"]["options"] == {"virtualenv": "venv"}
        assert "pulumi-policy==" in (folder / "requirements.txt").read_text()
        assert not list(folder.rglob("__pycache__"))
    # -P and another working folder: only what is in the pack's folder can be imported, beside the requirements.
    arguments = [text for pack, folder in folders.items() for text in (str(folder), pack)]
    command = [sys.executable, "-P", "-c", IN_FOLDERS, *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    for line, (pack, folder) in zip(done.stdout.splitlines(), folders.items(), strict=True):
        said, where, *names = line.split()
        assert said == pack
        assert Path(where).is_relative_to(folder)
        assert names == [name for name, _ in PACKS[pack]]


def test_vendoring_again_leaves_nothing_of_the_old_folder(tmp_path: Path) -> None:
    folder = vendor.vendor("images", tmp_path)
    (folder / "policies" / "rules" / "retired_rule.py").touch()
    vendor.vendor("images", tmp_path)
    assert not (folder / "policies" / "rules" / "retired_rule.py").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["images"]


def test_vendoring_does_not_delete_what_is_no_pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "photo.txt").write_text("mine")
    assert vendor.main(["--out", str(tmp_path)]) == 1
    assert "is not a policy pack" in capsys.readouterr().err
    assert (tmp_path / "images" / "photo.txt").read_text() == "mine"
