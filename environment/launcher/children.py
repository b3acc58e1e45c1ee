"""Child processes: the environment they run in, and their reliable end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Callable, Mapping, Optional, Sequence

from . import processes, processor

SECONDS_TO_END = 15

Command = Sequence[object]
"""A program and its arguments, each a string or a path."""


def environment(base: Mapping[str, str], java_home: Path) -> dict:
    """The environment variables for Maven, Jupyter and the kernel: the same JDK, UTF-8, a fast OpenBLAS kernel, no modules of another Python."""
    result = {name: value for name, value in base.items()
              if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CLASSPATH")}
    result["JAVA_HOME"] = str(java_home)
    result["PYTHONUTF8"] = "1"
    result.update(processor.variables(base))
    if os.name != "nt":
        _make_locale_utf8(result)
    return result


def _make_locale_utf8(variables: dict) -> None:
    """Selects a UTF-8 locale, because in the C locale a JVM cannot open files whose path has non-ASCII characters."""
    decisive = variables.get("LC_ALL") or variables.get("LC_CTYPE") or variables.get("LANG") or "C"
    if not re.search(r"utf-?8", decisive, re.IGNORECASE):
        variables.pop("LC_ALL", None)
        variables["LC_CTYPE"] = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"


def run(command: Command, *, env: Optional[Mapping[str, str]] = None, cwd: Optional[Path] = None,
        on_line: Optional[Callable[[str], None]] = None) -> int:
    """Runs a program and returns its exit code. Its output goes to the console or, line by line, to a function."""
    pipe = dict(stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace")
    process = start(command, env=env, cwd=cwd, **(pipe if on_line else {}))
    try:
        if on_line:
            for line in process.stdout:
                on_line(line.rstrip())
        return process.wait()
    finally:
        end(process)


def output_of(command: Command, env: Optional[Mapping[str, str]] = None) -> str:
    """The output of a short program, standard and error stream, whatever its exit code."""
    return subprocess.run([str(word) for word in command], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace", check=False).stdout


def start(command: Command, **options) -> subprocess.Popen:
    """Starts a program, which the caller must end with `end`."""
    return subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, **options)


def end(process: subprocess.Popen, ask: Optional[Callable[[], None]] = None) -> None:
    """
    Ends a program that is still running, together with its descendants. It is first asked to end, by `ask` or by a signal, because Jupyter then ends
    its kernels in good order. Whatever still runs after some seconds, or at a second Ctrl-C, is killed.
    """
    if process.poll() is not None:
        return
    started = processes.descendants(process.pid)
    try:
        if ask:
            ask()
        elif os.name != "nt":  # on Windows this would kill; there Ctrl-C has already reached every program of the console
            process.terminate()
        process.wait(SECONDS_TO_END)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        started |= processes.freeze(process.pid)
        process.kill()
        process.wait()
    finally:
        processes.kill(started)


def treat_termination_as_ctrl_c() -> None:
    """Makes a closed terminal or a `kill` end all child processes as Ctrl-C does, unless these signals are ignored (`nohup`)."""
    def interrupt(number, frame):
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) != signal.SIG_IGN:
            signal.signal(getattr(signal, name), interrupt)
