"""Which Maven: the installed one, the one that came with a bundle, or the one that the project's wrapper downloads."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Callable, List, Mapping, Optional

from . import machine
from .console import Problem, say
from .project import HERE, Project

INSTALL = machine.install_command(debian="sudo apt install maven", mac="brew install maven",
                                  windows="choco install maven")
CENTRAL = "https://repo.maven.apache.org/maven2"


def find(project: Project = HERE) -> List[str]:
    """The words that start Maven; an installed one goes first, since it may know a proxy or a mirror."""
    installed = shutil.which("mvn")
    if installed:
        return [installed]
    program = bundled(project) or wrapper(project)
    if not program:
        raise Problem("Maven is missing: there is no `mvn` on the PATH.", f"Install it: `{INSTALL}`.")
    return _started(program)


def bundled(project: Project) -> Optional[Path]:
    """The Maven that came with the project, if that came as a bundle."""
    return next(project.bundled_maven.glob(f"wrapper/dists/*/*/bin/{_script('mvn')}"), None)


def wrapper(project: Project) -> Optional[Path]:
    """The project's wrapper, which downloads Maven once and starts it; an archive of the sources may have lost its settings."""
    program = project.root / _script("mvnw")
    return program if program.is_file() and project.wrapper_settings.is_file() else None


def is_downloaded(project: Project, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the Maven that the wrapper starts is on this machine already."""
    home = Path(environ["MAVEN_USER_HOME"]) if environ.get("MAVEN_USER_HOME") else Path.home() / ".m2"
    return any((home / "wrapper" / "dists" / f"apache-maven-{version(project)}").glob("*"))


def version(project: Project) -> str:
    """The version of the Maven that the wrapper downloads."""
    return re.search(r"apache-maven-([\d.]+)-bin", project.wrapper_settings.read_text(encoding="utf-8")).group(1)


def announce(project: Project, tell: Callable[[str], None] = say) -> None:
    """Says that Maven is going to be downloaded, if it is; the wrapper does so without a word."""
    if not shutil.which("mvn") and not bundled(project) and wrapper(project) and not is_downloaded(project):
        tell(f"There is no Maven on this machine: downloading Maven {version(project)} (9 MB) …")


def download(project: Project, folder: Path, run: Callable) -> None:
    """Has the wrapper download Maven into a folder of its own."""
    program, log = wrapper(project), []
    if not program:
        raise Problem(f"There is no {_script('mvnw')} in {project.root}.", "Get the project anew: a part of it is missing.")
    if run([*_started(program), "--version"], env={"MAVEN_USER_HOME": str(folder)}, on_line=log.append) != 0:
        raise missing(log) or Problem(f"{program} failed: {log[-1] if log else 'no message'}", f"Start `{program} --version` to see more.")


def missing(log: List[str]) -> Optional[Problem]:
    """What to say when the wrapper could not get Maven."""
    failed = next((line for line in log if "Failed to fetch" in line or "Could not download" in line or "java.net." in line), None)
    return failed and Problem(f"Maven is missing, and it cannot be downloaded either ({failed.strip()}).",
                              f"Connect to the network and start again, or install Maven: `{INSTALL}`.")


def _started(program: Path) -> List[str]:
    """Archives forget which files can be executed, so the shell is told to."""
    return [str(program)] if os.name == "nt" else ["sh", str(program)]


def _script(name: str) -> str:
    return name + ".cmd" if os.name == "nt" else name
