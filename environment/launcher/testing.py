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

BROWSER_TESTS = "browser"
"""JUnit tests with this tag need a browser, and run apart from the others, last."""


def test_launcher(project: Project) -> bool:
    """The tests of this package."""
    say("\nThe launcher's tests")
    return children.run([sys.executable, "-m", "unittest", "discover", "--buffer", "--start-directory", project.environment]) == 0


def test_library(project: Project, jdk: Jdk, *, fast: bool) -> bool:
    """The library's tests, by Maven."""
    say("\nThe library's tests")
    return Maven(project, jdk).verify(*([f"-Dexcluded.tests={SLOW_TESTS},{BROWSER_TESTS}"] if fast else []))


def test_hard_places(project: Project) -> bool:
    """The launcher with real parts: without a network, on a folder that cannot be written to, two at once, ended with Ctrl-C."""
    say("\nThe launcher in hard places")
    return children.run([sys.executable, "-m", "unittest", "discover", "--verbose", "--start-directory", project.environment / "stress"]) == 0


def test_browser(project: Project, jdk: Jdk) -> bool:
    """JupyterLab in a real browser, by JUnit and Selenium; skipped, with a line that says why, where there is no browser."""
    say("\nJupyterLab in a browser")
    return Maven(project, jdk).verify(f"-Dgroups={BROWSER_TESTS}", "-Dexcluded.tests=none", APD_PYTHON=sys.executable)


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
