"""Runs Checkov and Trivy on the labelled set and stores which rules failed: `python -m benchmarks.precision`.

`--check` runs nothing, and says whether what is stored is of the cases as they are. What it stores goes into
docs/policies.md by `make generate`, which needs neither scanner.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.policies import install_checkov
from benchmarks.precision import results
from benchmarks.precision.terraform import configuration
from local.console import Console
from tests.policies.labelled import cases

ROOT: Final = Path(__file__).resolve().parents[2]
TRIVY: Final = Path(__file__).with_name("trivy")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.precision", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="run nothing; exit 1 if the stored results are of other cases"
    )
    parser.add_argument("--work", type=Path, default=ROOT / ".local" / "benchmarks")
    options = parser.parse_args(arguments)
    written = {case.id: text for case in cases() if (text := configuration(case)) is not None}
    if options.check:
        stale = results.stale(written)
        for case in stale:
            print(f"the results of {case} are of another text: run `python -m benchmarks.precision`", file=sys.stderr)
        return int(bool(stale))
    work: Path = options.work / "precision"
    shutil.rmtree(work / "cases", ignore_errors=True)
    for name, text in written.items():
        (work / "cases" / name).mkdir(parents=True)
        (work / "cases" / name / "main.tf").write_text(text, encoding="utf-8")
    console = Console()
    console.step(f"Checkov on {len(written)} cases")
    versions, found_by_checkov = _checkov(install_checkov(options.work / "checkov", console), work)
    console.step("Trivy on the same cases; the first time it is built from its source, which takes some minutes")
    trivy_versions, found_by_trivy = _trivy(work)
    results.store(written, versions | trivy_versions, {"checkov": found_by_checkov, "trivy": found_by_trivy})
    return 0


def _checkov(command: Path, work: Path) -> tuple[dict[str, str], Mapping[str, Sequence[str]]]:
    arguments = [str(command), "--directory", "cases", "--framework", "terraform", "--output", "json"]
    arguments += ["--quiet", "--compact", "--soft-fail", "--skip-download"]
    report = _report(arguments, work)
    failed: dict[str, set[str]] = defaultdict(set)
    for check in report["results"]["failed_checks"]:
        failed[Path(check["file_path"]).parts[1]].add(check["check_id"])
    return {"checkov": report["summary"]["checkov_version"]}, {case: sorted(ids) for case, ids in failed.items()}


def _trivy(work: Path) -> tuple[dict[str, str], Mapping[str, Sequence[str]]]:
    program = work / "trivy"
    subprocess.run(["go", "build", "-o", str(program), "."], cwd=TRIVY, check=True)
    report = _report([str(program), "cases"], work)
    return report["versions"], report["cases"]


def _report(arguments: Sequence[str], work: Path) -> Any:
    done = subprocess.run(arguments, cwd=work, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        sys.exit(f"{Path(arguments[0]).name} did not run: {done.stdout[-500:]}{done.stderr[-500:]}")


if __name__ == "__main__":
    sys.exit(main())
