"""All tests of the project, with real parts: `lab.py test`."""

from __future__ import annotations

import json
import sys
from typing import List

from . import checks, children
from .console import complain, say
from .java import Jdk
from .maven import Maven
from .project import Project
from .runner import Runner

SLOW_TESTS = "slow"
"""JUnit tests with this tag are left out by `lab.py test --fast`."""


def test_launcher(project: Project) -> bool:
    """The tests of this package."""
    say("\nThe launcher's tests")
    return children.run([sys.executable, "-m", "unittest", "discover", "--buffer", "--start-directory", project.environment]) == 0


def test_library(project: Project, jdk: Jdk, *, fast: bool) -> bool:
    """The library's tests, by Maven."""
    say("\nThe library's tests")
    return Maven(project, jdk).verify(*([f"-Dexcluded.tests={SLOW_TESTS}"] if fast else []))


def test_notebooks(project: Project, jdk: Jdk) -> bool:
    """Executes every notebook with its quick settings and looks at what it shows."""
    say("\nThe notebooks")
    notebooks = sorted(project.notebooks.glob("*.ipynb"))
    runner = Runner(project, jdk, quick=True)
    failed: List[str] = []
    for notebook in notebooks:
        execution = runner.run(notebook, project.output / "test")
        found = _shortcomings(execution)
        for sentence in found:
            complain(f"  {notebook.name}, {sentence}")
        failed += [notebook.name] if found else []
    if not notebooks:
        say(f"There is none in {project.notebooks}.")
        return True
    say(f"\n{len(notebooks) - len(failed)} passed, {len(failed)} failed")
    return not failed


def _shortcomings(execution) -> List[str]:
    if not execution.executed.is_file():
        return ["which could not be executed at all"]
    executed = json.loads(execution.executed.read_text(encoding="utf-8"))
    found = checks.shortcomings(executed) + checks.missing(executed)
    return found or ([] if execution.succeeded else ["whose execution broke off; its messages are above"])
