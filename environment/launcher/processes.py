"""The processes that a program has started, and those have, whichever group or session they have made their own."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Dict, NamedTuple, Set

SECONDS_TO_FREEZE = 2


class Process(NamedTuple):
    """One process; the time of its start tells it from a later one with the same number."""

    pid: int
    started: str


def descendants(pid: int) -> Set[Process]:
    """Everything that a process has started, directly or not, and that still runs; on Windows nothing, see `freeze`."""
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
    """Stops a process and what it has started, so that nothing new is started any more, and returns the latter; on Windows all of it is ended."""
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
    """Ends those of the processes that still run."""
    if processes:
        for process in _all().keys() & processes:
            _signal(process.pid, signal.SIGKILL)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):  # ended meanwhile, or is somebody else's
        pass


def _all() -> Dict[Process, int]:
    """Every process of this machine with its parent's number."""
    if os.name == "nt":
        return {}
    return _in_proc() if Path("/proc/self/stat").exists() else _listed()


def _in_proc() -> Dict[Process, int]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # ended meanwhile
            continue
        found[Process(int(folder.name), fields[19])] = int(fields[1])
    return found


def _listed() -> Dict[Process, int]:
    found = {}
    try:
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,lstart="], stdout=subprocess.PIPE, encoding="utf-8", errors="replace", check=False,
                                env={**os.environ, "LC_ALL": "C"}).stdout
    except OSError:  # no such program: then only the process itself can be ended
        return {}
    for line in listed.splitlines():
        pid, parent, started = line.split(None, 2)
        found[Process(int(pid), started.strip())] = int(parent)
    return found
