"""Properties of this machine that Python's standard library does not report."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Optional, Tuple

from .console import Problem

GIB = 1024 ** 3
OLDEST_GLIBC = (2, 34)
"""What the native code of OpenBLAS and JavaCPP was linked with; `objdump -T` of these libraries shows it."""


def memory() -> int:
    """The memory in bytes that processes may use: the machine's, or the limit of a container."""
    return min(_physical_memory(), _container_limit())


def _physical_memory() -> int:
    if os.name == "nt":
        return _physical_memory_of_windows()
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _physical_memory_of_windows() -> int:
    class MemoryStatus(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [
            (name, ctypes.c_ulonglong) for name in (
                "physical", "free_physical", "page_file", "free_page_file", "virtual", "free_virtual", "extended")]

    status = MemoryStatus()
    status.length = ctypes.sizeof(status)
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
    return status.physical


def _container_limit() -> int:
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            return int(Path(file).read_text())
        except (OSError, ValueError):  # no such control group, or "max": no limit
            continue
    return sys.maxsize


def kind() -> str:
    """The kind of machine that wheels and native libraries are built for."""
    return f"{platform.system()}, {platform.machine()}, Python {sys.version_info[0]}.{sys.version_info[1]}"


def description() -> str:
    """The machine in words: system, processor and the number of cores that may be used."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return f"{platform.system()}, {_processor() or platform.machine()}, {cores} {'core' if cores == 1 else 'cores'}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not Linux
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def c_library_problem(c_library: Optional[Tuple[str, str]] = None) -> Optional[Problem]:
    """That Linux's C library is too old for the native code; nothing on other systems, and of other C libraries nothing is known."""
    name, version = c_library or platform.libc_ver()
    if name != "glibc" or tuple(map(int, version.split(".")[:2])) >= OLDEST_GLIBC:
        return None
    return Problem(f"This Linux is too old: its C library is glibc {version}, and the native code for matrix products needs "
                   f"{'.'.join(map(str, OLDEST_GLIBC))} or later.", "Use a newer one, e.g. Ubuntu 22.04, Debian 12 or RHEL 9.")


def is_arm() -> bool:
    """Whether the processor is an Arm, even if this Python was built for another one and is translated."""
    if sys.platform == "darwin":
        answer = subprocess.run(["sysctl", "-n", "hw.optional.arm64"], capture_output=True, text=True, check=False)
        return answer.stdout.strip() == "1"
    native = os.environ.get("PROCESSOR_ARCHITEW6432") or platform.machine()
    return native.lower() in ("arm64", "aarch64")


def install_command(debian: str, mac: str, windows: str) -> str:
    """The installation command for this operating system."""
    if os.name == "nt":
        return windows
    return mac if sys.platform == "darwin" else debian
