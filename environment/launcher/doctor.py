"""`lab.py doctor`: reports what is installed, what is missing, and how large each download is."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List, Optional

from . import children, java, kernel, machine, maven, mvn, network, packages, processor
from .console import Problem, say
from .project import Project

SMALLEST_MEMORY = 4 * machine.GIB
DISK = 1 * machine.GIB
OLDEST_MAVEN = (3, 6, 3)


@dataclass(frozen=True)
class Finding:
    """The result of one check: `ok`, `note` (works with a limitation), or `missing` (does not work without it)."""

    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark:8} {self.text}"


def examine(project: Project) -> bool:
    """Prints all findings and returns whether everything necessary is there."""
    needed = 0
    for finding in _findings(project):
        say(str(finding))
        needed += finding.mark == "missing"
    say("\nNothing is missing." if not needed else f"\n{needed} missing; each line says what to do.")
    return needed == 0


def _findings(project: Project) -> Iterator[Finding]:
    yield Finding("ok", f"Python {platform.python_version()} at {sys.executable}")
    yield _venv(project)
    jdk = None
    try:
        jdk = java.find()
        yield Finding("ok", str(jdk))
    except Problem as problem:
        yield Finding("missing", _with_size(problem, java.INSTALL, "about 250 MB"))
    if jdk:
        yield from _about_jdk(project, jdk)
    yield _maven(project, jdk)
    yield _products()
    yield _memory()
    yield from _places(project)
    yield _disk(project)
    yield _set_up(project)
    yield from _network(project)


def _with_size(problem: Problem, command: str, size: str) -> str:
    """Adds the size of the download if the remedy is an installation."""
    return f"{problem} ({size})" if command in problem.remedy else str(problem)


def _venv(project: Project) -> Finding:
    if project.python.exists():
        return Finding("ok", f"virtual environment at {project.venv}")
    problem = packages.venv_problem()
    return Finding("missing", f"{problem} (about 5 MB)") if problem else Finding("ok", "Python's module venv")


def _about_jdk(project: Project, jdk: java.Jdk) -> Iterator[Finding]:
    if jdk.is_translated:
        yield Finding("note", f"The JDK was built for {jdk.architecture} and this processor is an Arm, so it runs several times slower. "
                              f"Install a JDK for Arm: `{java.INSTALL}` (about 300 MB).")
    problem = java.font_problem(jdk, project.draw_text)
    yield Finding("missing", f"{problem} (about 10 MB)") if problem else Finding("ok", "Java can draw text, so charts have labels")


def _maven(project: Project, jdk: Optional[java.Jdk]) -> Finding:
    try:
        words = mvn.find(project)
    except Problem as problem:
        return Finding("missing", f"{problem} (about 30 MB)")
    program = Path(words[-1])
    if program == mvn.wrapper(project) and not mvn.is_downloaded(project):
        return Finding("ok", f"Maven is not installed; {program} downloads Maven {mvn.version(project)} (9 MB) when it is first needed")
    if not jdk:
        return Finding("note", f"Maven at {program}; it cannot start without a JDK")
    answer = children.output_of([*words, "--version"], env=children.environment(os.environ, jdk.home))
    version = re.search(r"Apache Maven (\d+)\.(\d+)\.(\d+)", answer)
    if not version:
        return Finding("missing", f"Maven at {program} does not start: {java.first_line(answer)}. Install it: `{mvn.INSTALL}`.")
    if tuple(map(int, version.groups())) < OLDEST_MAVEN:
        return Finding("missing", f"{version.group()} is too old; 3.6.3 or later is needed. Install it: `{mvn.INSTALL}`.")
    return Finding("ok", f"{version.group().replace('Apache ', '')} at {program}")


def _products() -> Finding:
    own = os.environ.get(processor.CORE_TYPE)
    if own is not None:
        return Finding("note", f"{processor.CORE_TYPE} is set to '{own}': products are computed with what OpenBLAS makes of that")
    code = processor.fastest(processor.features())
    return Finding("ok", f"products are computed with OpenBLAS's code for {code}" if code else "OpenBLAS chooses its code for products itself")


def _memory() -> Finding:
    memory = machine.memory()
    text = f"{memory / machine.GIB:.1f} GiB of memory, of which each kernel may use {kernel.heap() / machine.GIB:.1f} for its heap"
    if memory >= SMALLEST_MEMORY:
        return Finding("ok", text)
    return Finding("note", f"{text}. That is little: close other programs, run one notebook at a time, and use QUICK for the larger experiments.")


def _places(project: Project) -> Iterator[Finding]:
    if project.elsewhere:
        yield Finding("note", f"{project.root} is read-only, so the set-up goes to {project.elsewhere}; changes to notebooks can be saved only in "
                              "a working copy (`--copy DIR`)")
    if project.bundle.exists():
        yield Finding("ok", f"no downloads are needed: everything is in {project.bundle}")


def _disk(project: Project) -> Finding:
    free = shutil.disk_usage(_existing_parent(project.venv)).free
    text = f"{free / machine.GIB:.1f} GiB of free disk space"
    if free >= DISK or project.python.exists():
        return Finding("ok", text)
    return Finding("missing", f"{text}; the set-up needs {DISK / machine.GIB:.0f}. Free some space.")


def _set_up(project: Project) -> Finding:
    if (project.kernel_spec / "kernel.json").exists():
        return Finding("ok", f"kernel \"{kernel.DISPLAY_NAME}\" at {project.kernel_spec}")
    return Finding("note", "Nothing is set up yet; `python3 environment/lab.py` does so (downloads about 270 MB, occupies about 450 MB).")


def _existing_parent(path: Path) -> Path:
    """The nearest parent folder that exists."""
    return next(parent for parent in path.parents if parent.exists())


def _network(project: Project) -> Iterator[Finding]:
    """Checks the sources of downloads. They are needed only for the set-up, so one that does not answer is just a note."""
    if project.bundle.exists():
        return
    for name, addresses in (("Maven's repository", maven.repositories()), ("pip's package index", _pip_sources(project))):
        for address in addresses:
            if network.answers(address):
                yield Finding("ok", f"{name} answers: {address}")
            else:
                yield Finding("note", f"{name} does not answer: {address}. It is needed only for the first set-up and after an update: "
                                      f"connect to the network, or configure your proxy or mirror in {name.split(chr(39))[0]}.")


def _pip_sources(project: Project) -> List[str]:
    interpreter = project.python if project.python.exists() else Path(sys.executable)
    return [address for addresses in packages.sources(interpreter).values() for address in addresses]
