"""The virtual environment with JupyterLab, made with the standard `venv` module and filled by pip as pip is configured."""

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
"""Where pip looks: its options `index-url`, `extra-index-url` and `find-links`, each with its addresses."""


def make(project: Project) -> None:
    """Makes the virtual environment if there is none, and installs what is required if that changed."""
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
    """Debian and its kin leave out what `venv` needs."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return None
    version = "%d.%d" % sys.version_info[:2]
    return Problem(f"Python {version} at {sys.executable} has no complete `venv` module, so JupyterLab cannot be set up.",
                   f"Install it: `sudo apt install python{version}-venv`.")


def _starts(project: Project) -> bool:
    """False when there is none yet, and when the Python that it was made from has gone."""
    try:
        return children.output_of([project.python, "-c", "print('yes')"]).strip() == "yes"
    except OSError:
        return False


def _create(project: Project) -> None:
    problem = venv_problem()
    if problem:
        raise problem
    say("Making a virtual environment …")
    log: List[str] = []
    if children.run([sys.executable, "-m", "venv", "--clear", project.venv], on_line=log.append) != 0:
        raise Problem(f"Python cannot make a virtual environment in {project.venv}: {' '.join(log[-3:])}")


def _install(project: Project) -> None:
    say("Installing JupyterLab into it …")
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
    """The virtual environment's pip, which asks nothing and does not wait long."""
    return [project.python, "-m", "pip", "--disable-pip-version-check", "--no-input",
            "--timeout", network.SECONDS_OF_SILENCE, "--retries", 2]


def environment(project: Project) -> Dict[str, str]:
    """pip's variables: it looks where it is configured to look and somebody answers, or only into the bundle."""
    narrowed = {} if project.bundled_wheels.exists() else _narrowed_to_reachable(sources(project.python))
    return {**os.environ, "PYTHONUTF8": "1", **narrowed}


def sources(python: Path) -> Sources:
    """Where this interpreter's pip looks, by its configuration files, its variables and its own defaults."""
    pip_says = children.output_of([python, "-m", "pip", "config", "list"])
    default = children.output_of([python, "-c", "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"])
    return configured_sources(pip_says, default.strip())


def configured_sources(config_list: str, default_index: str) -> Sources:
    """Reads `pip config list`: an option set closer to the command wins, an empty one does not count."""
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
    """Warns of sources that do not answer, and leaves them out: pip would wait for them at each of a hundred packages."""
    silent = {address for addresses in configured.values() for address in addresses if not network.answers(address)}
    if not silent:
        return {}
    complain(f"Does not answer, so left out: {', '.join(sorted(silent))}")
    return without(silent, configured)


def without(silent: Sequence[str], configured: Sources) -> Dict[str, str]:
    """pip's variables, which win over its files, so that it looks only where somebody answers."""
    remaining = {option: [address for address in addresses if address not in silent]
                 for option, addresses in configured.items()}
    indexes = remaining.get("index-url", []) + remaining.get("extra-index-url", [])
    links = remaining.get("find-links", [])
    if not indexes and not links:
        raise Problem("pip cannot reach its package index, and JupyterLab is not on this machine yet.",
                      "Connect to the network and start again; behind a proxy or with a mirror, tell pip first: "
                      "`python3 -m pip config set global.index-url ADDRESS` (or `global.proxy`, or `global.find-links FOLDER` "
                      "for a folder of wheels).")
    if not indexes:
        return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": " ".join(links)}
    return {"PIP_INDEX_URL": indexes[0], "PIP_EXTRA_INDEX_URL": " ".join(indexes[1:]), "PIP_FIND_LINKS": " ".join(links)}


def explain(log: Sequence[str]) -> Problem:
    """Why pip failed, in a sentence, from what it printed."""
    text = "\n".join(log)
    if re.search(r"No space left", text):
        return Problem("The disk is full: JupyterLab needs about 250 MB.", "Make room and start again.")
    other = re.search(r"DO NOT MATCH THE HASHES.*?\n\s+(\S+)", text, re.DOTALL)
    if other:
        return Problem(f"pip got other files for {other.group(1)} than those that the project was tested with, so nothing was installed.",
                       "Try again if the download broke off; else ask who runs the index that `python3 -m pip config list` names.")
    missing = re.search(r"No matching distribution found for (\S+)", text)
    if missing:
        return Problem(f"pip finds no {missing.group(1)} in the places where it is configured to look.",
                       "See where with `python3 -m pip config list`; is the network there, or the folder of wheels complete?")
    errors = [line for line in log if line.startswith("ERROR")] or [line for line in log if line.strip()] or ["no message"]
    return Problem(f"pip failed: {errors[0]}")
