"""JupyterLab on the notebooks, or on a working copy of them."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path
from typing import List, Optional

from . import children
from .console import Problem, say
from .java import Jdk
from .project import Project
from .runner import jupyter_environment
from .state import State, fingerprint, write_atomically

ADDRESS = "127.0.0.1"
FIRST_PORT = 8888
PORTS_TO_TRY = 50
SECONDS_TO_START = 180


def open_lab(project: Project, jdk: Jdk, folder: Path, *, port: Optional[int], browser: bool) -> int:
    """Starts the server, opens a browser on it, and stays until Ctrl-C or until the server is shut down in the browser."""
    port = free_port(port)
    env = jupyter_environment(project, jdk)
    env["JUPYTER_TOKEN"] = token = env.get("JUPYTER_TOKEN") or secrets.token_hex(24)
    env.setdefault("JUPYTERLAB_WORKSPACES_DIR", str(project.state / "jupyter" / "workspaces" / _name_for(folder)))
    _put_style_where_jupyter_looks(project)
    server = children.start(_command(project, folder, port), env=env, cwd=folder)
    try:
        _wait_until_it_answers(server, port)
        address = f"http://{ADDRESS}:{port}/lab?token={token}"
        say(f"\nJupyterLab shows {folder} at\n\n    {address}\n\nCtrl-C here ends it, and all kernels with it.")
        if browser:
            webbrowser.open(address)
        return server.wait()
    except KeyboardInterrupt:
        say("\nEnding JupyterLab and its kernels …")
        return 0
    finally:
        children.end(server)


def _put_style_where_jupyter_looks(project: Project) -> None:
    """That is one folder, which holds what changes, too: so the style sheet is copied."""
    style = (project.jupyter_settings / "custom" / "custom.css").read_text(encoding="utf-8")
    write_atomically(project.state / "jupyter" / "custom" / "custom.css", style)


def trust(project: Project, jdk: Jdk) -> None:
    """
    Tells Jupyter that the outputs that come with the project are the project's: of others it shows tables without their
    style. Who opens these notebooks has built and will run the project's code, so this trusts nobody anew.
    """
    notebooks = sorted(project.notebooks.glob("*.ipynb"))
    made_from, state = fingerprint(*notebooks), State(project.state)
    if notebooks and not state.is_current("trust", made_from):
        log: List[str] = []
        if children.run([project.python, "-m", "nbformat.sign", *notebooks], env=jupyter_environment(project, jdk), on_line=log.append) == 0:
            state.record("trust", made_from)


def free_port(wanted: Optional[int]) -> int:
    """The port that was asked for, or else the first free one from Jupyter's usual port on."""
    if wanted is not None:
        if not _is_free(wanted):
            raise Problem(f"Port {wanted} is taken.", f"Choose another one, e.g. `--port {wanted + 1}`, or leave `--port` out.")
        return wanted
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TO_TRY):
        if _is_free(port):
            return port
    raise Problem(f"The ports {FIRST_PORT} to {FIRST_PORT + PORTS_TO_TRY - 1} are all taken.", "Choose one: `--port NUMBER`.")


def working_copy(notebooks: Path, copy: Path) -> Path:
    """Copies the notebooks into a folder, where experiments are safe from `git pull`; what is there already stays as it is."""
    copy = copy.expanduser().resolve()
    if copy == notebooks.resolve() or notebooks.resolve() in copy.parents:
        raise Problem(f"A working copy cannot lie in {notebooks} itself.", "Name a folder elsewhere: `--copy DIR`.")
    kept = []
    for file in sorted(path for path in notebooks.rglob("*") if path.is_file() and not _is_hidden(path, notebooks)):
        place = copy / file.relative_to(notebooks)
        if place.exists():
            kept.append(place.name)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
    if kept:
        say(f"Kept as they are in {copy}: {', '.join(kept)}. Delete one to get it anew.")
    return copy


def _command(project: Project, folder: Path, port: int) -> list:
    command = [project.python, "-m", "jupyterlab", "--no-browser", f"--ServerApp.port={port}", f"--ServerApp.root_dir={folder}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container, where Jupyter refuses without being told
        command.append("--allow-root")
    return command


def _wait_until_it_answers(server: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Problem("JupyterLab ended at once; its messages are above.",
                          "Is port %d taken? Otherwise delete `environment/.venv` and start again." % port)
        try:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://{ADDRESS}:{port}/api", timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise Problem(f"JupyterLab does not answer on port {port} after {SECONDS_TO_START} s.",
                  "Is the machine very busy? Otherwise delete `environment/.venv` and start again.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name != "nt":  # as the server binds; on Windows this option would share a taken port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
            return True
        except OSError:
            return False


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _name_for(folder: Path) -> str:
    """JupyterLab reopens the tabs of the last time; each folder has its own."""
    return hashlib.sha256(str(folder).encode()).hexdigest()[:12]
