"""The Maven to use: an installed one, the one in a bundle, or the one that the project's wrapper downloads."""

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
    """The command that starts Maven. An installed one is preferred, because it may have a proxy or a mirror configured."""
    installed = shutil.which("mvn")
    if installed:
        return [installed]
    program = bundled(project) or wrapper(project)
    if not program:
        raise Problem("Maven is missing: there is no `mvn` on the PATH.", f"Install it: `{INSTALL}`.")
    return _started(program)


def bundled(project: Project) -> Optional[Path]:
    """The Maven in the bundle, if the project was unpacked from one."""
    return next(project.bundled_maven.glob(f"wrapper/dists/*/*/bin/{_script('mvn')}"), None)


def wrapper(project: Project) -> Optional[Path]:
    """The project's wrapper, which downloads Maven once and starts it; None if it or its settings are missing, as in some archives of the sources."""
    program = project.root / _script("mvnw")
    return program if program.is_file() and project.wrapper_settings.is_file() else None


def is_downloaded(project: Project, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the wrapper has downloaded its Maven already."""
    home = Path(environ["MAVEN_USER_HOME"]) if environ.get("MAVEN_USER_HOME") else Path.home() / ".m2"
    return any((home / "wrapper" / "dists" / f"apache-maven-{version(project)}").glob("*"))


def version(project: Project) -> str:
    """The version of the Maven that the wrapper downloads."""
    return re.search(r"apache-maven-([\d.]+)-bin", project.wrapper_settings.read_text(encoding="utf-8")).group(1)


def announce(project: Project, tell: Callable[[str], None] = say) -> None:
    """Reports that the wrapper is going to download Maven, which it does silently."""
    if not shutil.which("mvn") and not bundled(project) and wrapper(project) and not is_downloaded(project):
        tell(f"Maven is not installed; downloading Maven {version(project)} (9 MB) …")


def download(project: Project, folder: Path, run: Callable) -> None:
    """Makes the wrapper download Maven into a given folder."""
    program, log = wrapper(project), []
    if not program:
        raise Problem(f"{_script('mvnw')} is missing in {project.root}, so this copy of the project is incomplete.", "Download the project again.")
    if run([*_started(program), "--version"], env={"MAVEN_USER_HOME": str(folder)}, on_line=log.append) != 0:
        raise missing(log) or Problem(f"{program} failed: {log[-1] if log else 'no message'}", f"Run `{program} --version` to see all messages.")


def missing(log: List[str]) -> Optional[Problem]:
    """The problem, if the wrapper could not download Maven; otherwise None."""
    failed = next((line for line in log if "Failed to fetch" in line or "Could not download" in line or "java.net." in line), None)
    return failed and Problem(f"Maven is not installed and cannot be downloaded ({failed.strip()}).",
                              f"Connect to the network and start again, or install Maven: `{INSTALL}`.")


def _started(program: Path) -> List[str]:
    """The command that starts the wrapper, by the shell, because the file may have lost its executable bit in an archive."""
    return [str(program)] if os.name == "nt" else ["sh", str(program)]


def _script(name: str) -> str:
    return name + ".cmd" if os.name == "nt" else name
