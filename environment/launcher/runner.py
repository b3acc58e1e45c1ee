"""`lab.py run`: executes notebooks without a browser, in the same kernel."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence

from . import children, machine, npz
from .console import Problem, say
from .java import Jdk
from .maven import Maven
from .mistakes import nearest
from .project import Project

PROFILES = ("LOOK", "QUICK", "PAPER", "LONG")
"""The profiles of the library, from the one that trains nothing to the one that trains longest."""

SHOW = "APD_SHOW"
"""The environment variable with a folder of results that are shown in place of training."""

RECORD = "APD_RECORD"
"""The environment variable with a folder in which results are recorded."""


@dataclass(frozen=True)
class Execution:
    """An executed notebook: its files, and whether all cells ran."""

    notebook: Path
    executed: Path
    page: Path
    succeeded: bool


class Runner:
    """Executes notebooks. The project must be set up."""

    def __init__(self, project: Project, jdk: Jdk, *, profile: Optional[str]):
        """Executes notebooks with a profile; with that of their first cell if none is given."""
        self._project = project
        self._profile = profile
        self._mathjax = Maven(project, jdk).mathjax()
        self._env = jupyter_environment(project, jdk)
        self._env["PYTHONPATH"] = str(project.environment)
        for name in (SHOW, RECORD):
            self._env.pop(name, None)
        if profile:
            self._env["APD_PROFILE"] = profile

    def run(self, notebook: Path, output: Path, *, show: Optional[Path] = None, record: Optional[Path] = None) -> Execution:
        """
        Executes a notebook. The executed notebook and its HTML page are written even if a cell fails.

        `show` is a folder of results that are shown in place of training, `record` one in which results are recorded.
        """
        say(f"{notebook.name}{f' ({self._profile})' if self._profile else ''}")
        output.mkdir(parents=True, exist_ok=True)
        executed, page = output.resolve() / notebook.name, output.resolve() / (notebook.stem + ".html")
        env = {**self._env, "JPY_SESSION_NAME": str(notebook)}  # as Jupyter's server tells a kernel which notebook it is for
        if show:
            env[SHOW] = str(show.resolve())
        if record:
            env.update({RECORD: str(record.resolve()), "APD_COMMIT": commit(self._project), "APD_MACHINE": machine.description()})
        started = time.monotonic()
        code = children.run([self._project.python, "-m", "launcher.execute", notebook.resolve(), executed, page, self._mathjax],
                            env=env, cwd=self._project.root)
        say(f"  {'done' if code == 0 else 'failed'} after {time.monotonic() - started:.0f} s: {_briefly(executed)}, {page.name}")
        return Execution(notebook, executed, page, code == 0)

    def run_and_record(self, notebook: Path, output: Path, kept: Path) -> Execution:
        """Executes a notebook and keeps what it records in a folder for each profile, unless it fails. Under LOOK nothing is recorded."""
        draft = kept.with_name(f"{kept.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        place = draft / (self._profile or "CELL")
        if self._profile == "LOOK" or not _can_be_made(place):
            return self.run(notebook, output)
        try:
            execution = self.run(notebook, output, record=place)
            profile = self._profile or _profile_of(place)
            if execution.succeeded and any(place.glob("*.npz")):
                shutil.rmtree(kept / profile, ignore_errors=True)
                kept.mkdir(parents=True, exist_ok=True)
                place.rename(kept / profile)
            return execution
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def commit(project: Project) -> str:
    """The commit of the project's code, with a remark if it has been changed since; "unknown" outside of a Git repository."""
    try:
        name = _git(project, "rev-parse", "--short", "HEAD")
        changed = _git(project, "status", "--porcelain", "--untracked-files=no", "--", "src", "pom.xml", "environment")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return name + (" with changes" if changed else "")


def _git(project: Project, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=project.root, check=True, capture_output=True, text=True).stdout.strip()


def _can_be_made(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True)
        return True
    except OSError as error:
        say(f"  Results are not recorded: {folder} cannot be made ({error.strerror}).")
        return False


def _profile_of(folder: Path) -> str:
    """The profile of the results in a folder, which the notebook's own cell chose."""
    return next((str(npz.describe(file)["origin"]["profile"]) for file in sorted(folder.glob("*.npz"))), "")


def existing(notebooks: Sequence[str]) -> List[Path]:
    """The given notebooks, after a check that all of them can be executed."""
    paths = [Path(notebook) for notebook in notebooks]
    for path in paths:
        _check(path)
    same = next((name for name in (path.name for path in paths) if [path.name for path in paths].count(name) > 1), None)
    if same:
        raise Problem(f"Two notebooks are called {same}, so the output of one would overwrite that of the other.", "Run them one after the other.")
    return paths


def _check(path: Path) -> None:
    if path.is_dir():
        raise Problem(f"{path} is a folder.", f"Give the notebooks in it, for example `{path / '*.ipynb'}`.")
    if not path.exists():
        there = sorted(other.name for other in path.parent.glob("*.ipynb"))
        meant = nearest(path.name, there)
        raise Problem(f"There is no notebook {path}.", f"Did you mean `{path.with_name(meant)}`?" if meant else "Give a file that ends in .ipynb.")
    try:
        content = json.loads(path.read_text(encoding="utf-8")) if path.suffix == ".ipynb" else None
    except ValueError as error:
        raise Problem(f"{path} is damaged: it is not valid JSON in UTF-8 ({error}).", "Download it again.") from None
    if not _has_cells(content):
        raise Problem(f"{path} is no notebook.", "Give a file that ends in .ipynb, saved by Jupyter 4 or later.")


def _has_cells(content: object) -> bool:
    cells = content.get("cells") if isinstance(content, dict) else None
    return isinstance(cells, list) and all(isinstance(cell, dict) and "cell_type" in cell and "source" in cell for cell in cells)


def put_in_place(execution: Execution) -> None:
    """Writes the outputs into the notebook itself, unless it failed."""
    if execution.succeeded:
        draft = execution.notebook.with_name(f".{execution.notebook.name}.new")
        shutil.copyfile(execution.executed, draft)
        os.replace(draft, execution.notebook)


def jupyter_environment(project: Project, jdk: Jdk) -> Dict[str, str]:
    """The environment variables for Jupyter with the project's settings and kernel, separate from the user's own Jupyter."""
    env = children.environment(os.environ, jdk.home)
    env["JUPYTER_CONFIG_PATH"] = str(project.jupyter_settings)
    env["JUPYTER_CONFIG_DIR"] = str(project.state / "jupyter")
    env["JUPYTER_DATA_DIR"] = str(project.state / "jupyter" / "data")
    env["JUPYTER_PREFER_ENV_PATH"] = "1"
    return env


def _briefly(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
