"""`lab.py test`: all tests of the project."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, List, Mapping, Sequence

from . import checks, children, java, results
from .console import Problem, complain, say
from .java import Jdk
from .maven import Maven
from .project import Project
from .runner import Runner

SLOW_TESTS = "slow"
"""JUnit tests with this tag are left out by `lab.py test --fast`."""

BROWSER_TESTS = "browser"
"""JUnit tests with this tag need a browser; they run last, separately."""


GOLDEN = "APD_GOLDEN"
"""The environment variable with another folder of golden runs."""

JDKS = "APD_JDKS"
"""The environment variable with the homes of further JDKs, separated as in PATH, with which kernels are tested, too."""


@dataclass(frozen=True)
class Part:
    """A group of tests: its name, and the function that runs it and returns whether it passed."""

    name: str
    passes: Callable[[], bool]


def parts(project: Project, jdk: Jdk, *, fast: bool) -> List[Part]:
    """All parts in the order in which they run. The fast ones need neither JupyterLab nor a browser."""
    return [
        Part("The launcher", lambda: test_launcher(project)),
        Part("The library", lambda: test_library(project, jdk, fast=fast)),
        *([] if fast else [
            Part("The kernel", lambda: test_kernel(project)),
            Part("The notebooks", lambda: test_notebooks(project, jdk)),
            Part("The notebooks without training", lambda: test_looks(project, jdk)),
            Part("The launcher under stress", lambda: test_hard_places(project)),
            Part("JupyterLab in a browser", lambda: test_browser(project, jdk)),
        ]),
    ]


def run(todo: Sequence[Part], clock: Callable[[], float] = time.monotonic) -> bool:
    """Runs all parts, even after a failure, prints how long each took, and returns whether all passed."""
    lines, passed, beginning = [], True, clock()
    for part in todo:
        say(f"\n{part.name}")
        started = clock()
        passes = part.passes()
        passed = passed and passes
        lines.append(_line(part.name, clock() - started, "passed" if passes else "FAILED"))
    say("\n" + "\n".join([*lines, _line("All", clock() - beginning, "passed" if passed else "FAILED")]))
    return passed


def _line(name: str, seconds: float, result: str) -> str:
    return f"{name:28} {seconds / 60:6.1f} min  {result}"


def further_jdks(environ: Mapping[str, str] = os.environ) -> List[Jdk]:
    """The JDKs in APD_JDKS, after a check that all can be used. Tests read the variable themselves."""
    homes = [home for home in environ.get(JDKS, "").split(os.pathsep) if home]
    try:
        return [java.find({"JAVA_HOME": home}) for home in homes]
    except Problem as problem:
        raise Problem(f"The environment variable {JDKS} is '{environ[JDKS]}'. {problem.sentence.replace('JAVA_HOME', 'One of its entries')}",
                      f"Set it to the homes of JDKs {java.OLDEST} or later, separated by '{os.pathsep}', or unset it.") from None


def golden_options(environ: Mapping[str, str] = os.environ) -> List[str]:
    """The option that passes the folder in APD_GOLDEN to the tests; a problem if there is no such folder."""
    named = environ.get(GOLDEN, "")
    if not named:
        return []
    folder = Path(named).expanduser()
    if not folder.is_dir():
        raise Problem(f"The environment variable {GOLDEN} is '{named}', which is not a folder.",
                      "Set it to a folder of golden runs, or unset it to use those of the project.")
    return [f"-Dapd.golden={folder.resolve()}"]


def test_launcher(project: Project) -> bool:
    """Runs the tests of the launcher."""
    return children.run([sys.executable, "-m", "unittest", "discover", "--buffer", "--start-directory", project.environment]) == 0


def test_library(project: Project, jdk: Jdk, *, fast: bool) -> bool:
    """Runs the library's tests and code checks with Maven. Test coverage is checked only if all tests run."""
    excluded = [f"-Dexcluded.tests={SLOW_TESTS},{BROWSER_TESTS}", "-Djacoco.skip=true"] if fast else []
    return Maven(project, jdk).verify("--activate-profiles=strict", *excluded, *golden_options())


def test_kernel(project: Project) -> bool:
    """Tests the kernel through Jupyter's protocol, with the JDK of the kernel spec and with each in APD_JDKS."""
    return children.run([project.python, "-m", "unittest", "discover", "--verbose", "--start-directory", project.environment / "kernel_tests"],
                        env={**os.environ, "APD_KERNEL_SPEC": str(project.kernel_spec / "kernel.json")}) == 0


def test_hard_places(project: Project) -> bool:
    """Tests the launcher in difficult conditions: no network, a read-only folder, two at once, Ctrl-C."""
    return children.run([sys.executable, "-m", "unittest", "discover", "--verbose", "--start-directory", project.environment / "stress"]) == 0


def test_browser(project: Project, jdk: Jdk) -> bool:
    """Tests JupyterLab in a browser, with JUnit and Selenium. Skipped with an explanation if there is no browser."""
    return Maven(project, jdk).verify(f"-Dgroups={BROWSER_TESTS}", "-Dexcluded.tests=none", APD_PYTHON=sys.executable)


def test_notebooks(project: Project, jdk: Jdk) -> bool:
    """Executes every notebook with its quick settings and checks its outputs."""
    return _execute_all(project, Runner(project, jdk, profile="QUICK"), sorted(project.notebooks.glob("*.ipynb")))


def test_looks(project: Project, jdk: Jdk) -> bool:
    """Executes every notebook that has committed results with the profile LOOK, which trains nothing, and checks its outputs."""
    notebooks = [notebook for notebook in sorted(project.notebooks.glob("*.ipynb"))
                 if any((project.results / results.folder_name(notebook)).glob("*.npz"))]
    if not notebooks:
        say(f"There are no committed results in {project.results}.")
        return True
    return _execute_all(project, Runner(project, jdk, profile="LOOK"), notebooks)


def _execute_all(project: Project, runner: Runner, notebooks: Sequence[Path]) -> bool:
    failed: List[str] = []
    for notebook in notebooks:
        execution = runner.run(notebook, project.output / "test")
        found = _shortcomings(execution)
        for sentence in found:
            complain(f"  {notebook.name}, {sentence}")
        failed += [notebook.name] if found else []
    if not notebooks:
        say(f"There are no notebooks in {project.notebooks}.")
        return True
    say(f"\n{len(notebooks) - len(failed)} passed, {len(failed)} failed")
    return not failed


def _shortcomings(execution) -> List[str]:
    if not execution.executed.is_file():
        return ["which could not be executed"]
    executed = json.loads(execution.executed.read_text(encoding="utf-8"))
    found = checks.shortcomings(executed) + checks.missing(executed)
    return found or ([] if execution.succeeded else ["whose execution was aborted; its messages are above"])
