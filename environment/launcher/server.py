"""Starts JupyterLab on the notebooks or on a working copy of them."""

from __future__ import annotations

import errno
import hashlib
import html
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
from .project import RESULTS, Project
from .runner import jupyter_environment
from .state import State, fingerprint, write_atomically

ADDRESS = "127.0.0.1"
FIRST_PORT = 8888
PORTS_TO_TRY = 50
LARGEST_PORT = 65_535
SECONDS_TO_START = 600
SECONDS_TO_HEAR = 3


def open_lab(project: Project, jdk: Jdk, folder: Path, *, port: Optional[int], browser: bool) -> int:
    """Starts the server, opens a browser, and returns after Ctrl-C or when the server is shut down in the browser."""
    port = free_port(port)
    env = jupyter_environment(project, jdk)
    env["JUPYTER_TOKEN"] = token = env.get("JUPYTER_TOKEN") or secrets.token_hex(24)
    env.setdefault("JUPYTERLAB_WORKSPACES_DIR", str(project.state / "jupyter" / "workspaces" / _name_for(folder)))
    _put_style_where_jupyter_looks(project)
    server = children.start(_command(project, folder, port), env=env, cwd=folder, **_apart())
    door = project.state / "jupyter" / f"open-{os.getpid()}.html"
    try:
        _wait_until_it_answers(server, port)
        address = f"http://{ADDRESS}:{port}/lab?token={token}"
        say(f"\nJupyterLab shows {folder} at\n\n    {address}\n\nPress Ctrl-C here to end it and all kernels.")
        if browser:
            webbrowser.open(_write_door(door, address).as_uri())
        return server.wait()
    except KeyboardInterrupt:
        say("\nEnding JupyterLab and its kernels …")
        return 0
    finally:
        door.unlink(missing_ok=True)
        children.end(server, ask=lambda: _shut_down(server, port, token))


def _apart() -> dict:
    """Keeps Ctrl-C in the terminal away from the server, which would print messages about it; the launcher then asks the server to end."""
    return {} if os.name == "nt" else {"start_new_session": True}


def _write_door(file: Path, address: str) -> Path:
    """
    Writes a page that redirects to the address and that only its owner can read. The address contains the token, which gives access to the kernels,
    and must not appear on the browser's command line, which every user of the machine can read.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as page:
        page.write(f'<!DOCTYPE html>\n<meta charset="utf-8">\n<meta http-equiv="refresh" content="0;url={html.escape(address)}">\n'
                   f'<title>JupyterLab</title>\n<p><a href="{html.escape(address)}">JupyterLab</a></p>\n')
    return file


def _shut_down(server: subprocess.Popen, port: int, token: str) -> None:
    """Asks the server to end itself and its kernels, as its own menu does; by a signal if it does not answer."""
    request = urllib.request.Request(f"http://{ADDRESS}:{port}/api/shutdown", method="POST", headers={"Authorization": f"token {token}"})
    try:
        _opener().open(request, timeout=SECONDS_TO_HEAR).close()
    except OSError:
        server.terminate()


def _opener() -> urllib.request.OpenerDirector:
    """An opener that ignores proxies, for addresses on this machine."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _put_style_where_jupyter_looks(project: Project) -> None:
    """Copies the style sheet to the only folder in which Jupyter looks for it, which also holds Jupyter's own changing files."""
    style = (project.jupyter_settings / "custom" / "custom.css").read_text(encoding="utf-8")
    write_atomically(project.state / "jupyter" / "custom" / "custom.css", style)


def trust(project: Project, jdk: Jdk) -> None:
    """
    Marks the project's notebooks as trusted: Jupyter shows tables of other notebooks without their style. Users of the project run its code anyway,
    so this trusts nobody in addition.
    """
    notebooks = sorted(project.notebooks.glob("*.ipynb"))
    made_from, state = fingerprint(*notebooks), State(project.state)
    if notebooks and not state.is_current("trust", made_from):
        log: List[str] = []
        if children.run([project.python, "-m", "nbformat.sign", *notebooks], env=jupyter_environment(project, jdk), on_line=log.append) == 0:
            state.record("trust", made_from)


def free_port(wanted: Optional[int]) -> int:
    """The wanted port, if it is free, or otherwise the first free one from Jupyter's usual port."""
    if wanted is not None:
        refusal = _refusal(wanted)
        if refusal == errno.EADDRINUSE:
            another = wanted + 1 if wanted < LARGEST_PORT else wanted - 1
            raise Problem(f"Port {wanted} is in use.", f"Choose another one, for example `--port {another}`, or leave `--port` out.")
        if refusal in (errno.EACCES, errno.EPERM):
            raise Problem(f"Port {wanted} requires administrator rights.",
                          f"Choose one above 1023, for example `--port {FIRST_PORT}`, or leave `--port` out.")
        if refusal:
            raise Problem(f"Port {wanted} cannot be used: {os.strerror(refusal)}.", "Choose another one, or leave `--port` out.")
        return wanted
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TO_TRY):
        if not _refusal(port):
            return port
    raise Problem(f"The ports {FIRST_PORT} to {FIRST_PORT + PORTS_TO_TRY - 1} are all in use.", "Choose one: `--port NUMBER`.")


def place_for_copy(notebooks: Path, copy: Path) -> Path:
    """Returns the folder for a working copy, which may be anywhere but in the notebooks' own folder."""
    copy = copy.expanduser().resolve()
    if copy == notebooks.resolve() or notebooks.resolve() in copy.parents:
        raise Problem(f"A working copy cannot be in {notebooks} itself.", "Choose a folder elsewhere: `--copy DIR`.")
    return copy


def working_copy(notebooks: Path, copy: Path) -> Path:
    """
    Copies the notebooks into a folder, where `git pull` does not touch them. Files that are there already are kept, except for the committed results,
    which nobody edits.
    """
    copy = place_for_copy(notebooks, copy)
    kept = []
    for file in sorted(path for path in notebooks.rglob("*") if path.is_file() and not _is_hidden(path, notebooks)):
        place = copy / file.relative_to(notebooks)
        if place.exists() and file.relative_to(notebooks).parts[0] != RESULTS:
            kept.append(place.name)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
    if kept:
        say(f"These files in {copy} were kept: {', '.join(kept)}. Delete a file to get a fresh copy of it.")
    return copy


def _command(project: Project, folder: Path, port: int) -> list:
    command = [project.python, "-m", "jupyterlab", "--no-browser", f"--ServerApp.port={port}", f"--ServerApp.root_dir={folder}",
               f"--LabApp.extra_labextensions_path={project.jupyter_settings / 'labextensions'}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container, where Jupyter otherwise refuses to start
        command.append("--allow-root")
    return command


def _wait_until_it_answers(server: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Problem("JupyterLab did not start; its messages are above.",
                          "If port %d is in use, choose another one; otherwise delete `environment/.venv` and start again." % port)
        try:
            _opener().open(f"http://{ADDRESS}:{port}/api", timeout=SECONDS_TO_HEAR).close()
            return
        except OSError:
            time.sleep(0.1)
    raise Problem(f"JupyterLab does not answer on port {port} after {SECONDS_TO_START} s.",
                  "If the machine is very busy, try again later; otherwise delete `environment/.venv` and start again.")


def _refusal(port: int) -> int:
    """The error number with which the system refuses a port to the server; 0 if the port is free."""
    with socket.socket() as probe:
        if os.name != "nt":  # as the server does; on Windows this option would share a port that is in use
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
            return 0
        except OSError as error:
            return error.errno or errno.EADDRINUSE


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _name_for(folder: Path) -> str:
    """A name for the folder's workspace, so that JupyterLab reopens the tabs of that folder."""
    return hashlib.sha256(str(folder).encode()).hexdigest()[:12]
