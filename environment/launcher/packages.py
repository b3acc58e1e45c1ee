"""The virtual environment with JupyterLab, created by `venv` and filled by pip, which uses its own configuration."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import sys
from pathlib import Path
from typing import Dict, List, Optional, Sequence

from . import children, network
from .console import LiveLine, Problem, complain, say
from .project import Project
from .state import State, fingerprint

Sources = Dict[str, List[str]]
"""The sources of pip: its options `index-url`, `extra-index-url` and `find-links`, each with its addresses."""


def make(project: Project) -> None:
    """Creates the virtual environment if there is none, and installs the requirements if they changed."""
    made_from = fingerprint(project.requirements, str(project.venv), sys.version)
    state = State(project.state)
    if state.is_current("packages", made_from, project.python):
        return
    state.forget("packages")
    if not _starts(project):
        _create(project)
    _install(project)
    state.record("packages", made_from)


def venv_problem() -> Optional[Problem]:
    """The problem, if `venv` is incomplete, as in Debian and its derivatives; otherwise None."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return None
    version = "%d.%d" % sys.version_info[:2]
    return Problem(f"The `venv` module of Python {version} at {sys.executable} is incomplete, so JupyterLab cannot be installed.",
                   f"Install it: `sudo apt install python{version}-venv`.")


def _starts(project: Project) -> bool:
    """Whether there is a virtual environment and the Python that it was created from still exists."""
    try:
        return children.output_of([project.python, "-c", "print('yes')"]).strip() == "yes"
    except OSError:
        return False


def _create(project: Project) -> None:
    problem = venv_problem()
    if problem:
        raise problem
    say("Creating a virtual environment …")
    log: List[str] = []
    if children.run([sys.executable, "-m", "venv", "--clear", project.venv], on_line=log.append) != 0:
        raise Problem(f"Python cannot create a virtual environment in {project.venv}: {' '.join(log[-3:])}")


def _install(project: Project) -> None:
    say("Installing JupyterLab …")
    log, line = [], LiveLine()

    def follow(text: str) -> None:
        log.append(text)
        if text.strip().startswith(("Collecting", "Downloading", "Installing")):
            line.show(text[:100])

    where = ["--no-index", "--find-links", project.bundled_wheels] if project.bundled_wheels.exists() else []
    code = children.run([*pip(project), "install", "--progress-bar", "off", *where, "--require-hashes", "--requirement", project.requirements],
                        env=environment(project), on_line=follow)
    line.close(keep=False)
    if code != 0:
        raise explain(log)


def pip(project: Project) -> Sequence[object]:
    """The command of the virtual environment's pip, without questions and with short timeouts."""
    return [project.python, "-m", "pip", "--disable-pip-version-check", "--no-input",
            "--timeout", network.SECONDS_OF_SILENCE, "--retries", 2]


def environment(project: Project) -> Dict[str, str]:
    """The environment variables for pip: it uses those of its configured sources that answer, or only the bundle."""
    narrowed = {} if project.bundled_wheels.exists() else _narrowed_to_reachable(sources(project.python))
    return {**os.environ, "PYTHONUTF8": "1", **narrowed}


def sources(python: Path) -> Sources:
    """The sources of an interpreter's pip, from its configuration files, environment variables and defaults."""
    pip_says = children.output_of([python, "-m", "pip", "config", "list"])
    default = children.output_of([python, "-c", "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"])
    return configured_sources(pip_says, default.strip())


def configured_sources(config_list: str, default_index: str) -> Sources:
    """Parses `pip config list`. More specific sections take precedence, and an empty option does not count."""
    options: Dict[str, str] = {}
    for section in ("global", "install", ":env:"):
        for name, value in re.findall(rf"^{section}\.([\w-]+)=(.*)$", config_list, re.MULTILINE):
            options[name] = str(ast.literal_eval(value))
    links = options.get("find-links", "").split()
    if options.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        return {"find-links": links}
    return {"index-url": [options.get("index-url") or default_index],
            "extra-index-url": options.get("extra-index-url", "").split(),
            "find-links": links}


def _narrowed_to_reachable(configured: Sources) -> Dict[str, str]:
    """Reports and leaves out sources that do not answer, because pip would wait for them at each of a hundred packages."""
    silent = {address for addresses in configured.values() for address in addresses if not network.answers(address)}
    if not silent:
        return {}
    complain(f"These package sources do not answer and are not used: {', '.join(sorted(silent))}")
    return without(silent, configured)


def without(silent: Sequence[str], configured: Sources) -> Dict[str, str]:
    """The environment variables, which take precedence over configuration files, that leave out silent sources."""
    remaining = {option: [address for address in addresses if address not in silent]
                 for option, addresses in configured.items()}
    indexes = remaining.get("index-url", []) + remaining.get("extra-index-url", [])
    links = remaining.get("find-links", [])
    if not indexes and not links:
        raise Problem("pip cannot reach its package index, and JupyterLab is not installed yet.",
                      "Connect to the network and start again; with a proxy or a mirror, configure pip first: "
                      "`python3 -m pip config set global.index-url ADDRESS` (or `global.proxy`, or `global.find-links FOLDER` "
                      "for a folder of wheels).")
    if not indexes:
        return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": " ".join(links)}
    return {"PIP_INDEX_URL": indexes[0], "PIP_EXTRA_INDEX_URL": " ".join(indexes[1:]), "PIP_FIND_LINKS": " ".join(links)}


def explain(log: Sequence[str]) -> Problem:
    """Explains a failure of pip from its output."""
    text = "\n".join(log)
    if re.search(r"No space left", text):
        return Problem("The disk is full; JupyterLab needs about 250 MB.", "Free some space and start again.")
    other = re.search(r"DO NOT MATCH THE HASHES.*?\n\s+(\S+)", text, re.DOTALL)
    if other:
        return Problem(f"pip received files for {other.group(1)} that differ from those the project was tested with, so nothing was installed.",
                       "Try again if the download was interrupted; otherwise ask the operator of the index that `python3 -m pip config list` shows.")
    missing = re.search(r"No matching distribution found for (\S+)", text)
    if missing:
        return Problem(f"pip does not find {missing.group(1)} in its configured sources.",
                       "`python3 -m pip config list` shows them; check the network, or that the folder of wheels is complete.")
    errors = [line for line in log if line.startswith("ERROR")] or [line for line in log if line.strip()] or ["no message"]
    return Problem(f"pip failed: {errors[0]}")
