"""The descendants of a process, in whatever process group or session they are."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Dict, NamedTuple, Set

SECONDS_TO_FREEZE = 2


class Process(NamedTuple):
    """A process. Its start time distinguishes it from a later process with the same number."""

    pid: int
    started: str


def descendants(pid: int) -> Set[Process]:
    """The running descendants of a process; on Windows none, see `freeze`."""
    children: Dict[int, Set[Process]] = {}
    for process, parent in _all().items():
        children.setdefault(parent, set()).add(process)
    found: Set[Process] = set()
    todo = [pid]
    while todo:
        new = children.get(todo.pop(), set()) - found
        found |= new
        todo += [process.pid for process in new]
    return found


def freeze(pid: int) -> Set[Process]:
    """Stops a process and its descendants, so that they start no others, and returns the descendants. On Windows all of them are killed."""
    if os.name == "nt":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(pid)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return set()
    _signal(pid, signal.SIGSTOP)
    frozen: Set[Process] = set()
    deadline = time.monotonic() + SECONDS_TO_FREEZE
    new = descendants(pid)
    while new and time.monotonic() < deadline:
        for process in new:
            _signal(process.pid, signal.SIGSTOP)
        frozen |= new
        new = descendants(pid) - frozen
    return frozen | new


def kill(processes: Set[Process]) -> None:
    """Kills those of the processes that still run."""
    if processes:
        for process in _all().keys() & processes:
            _signal(process.pid, signal.SIGKILL)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):  # it has ended, or belongs to another user
        pass


def _all() -> Dict[Process, int]:
    """All processes of this machine, with the number of their parent."""
    if os.name == "nt":
        return {}
    return _in_proc() if Path("/proc/self/stat").exists() else _listed()


def _in_proc() -> Dict[Process, int]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        found[Process(int(folder.name), fields[19])] = int(fields[1])
    return found


def _listed() -> Dict[Process, int]:
    found = {}
    try:
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,lstart="], stdout=subprocess.PIPE, encoding="utf-8", errors="replace", check=False,
                                env={**os.environ, "LC_ALL": "C"}).stdout
    except OSError:  # without `ps`, only the process itself can be killed
        return {}
    for line in listed.splitlines():
        pid, parent, started = line.split(None, 2)
        found[Process(int(pid), started.strip())] = int(parent)
    return found
