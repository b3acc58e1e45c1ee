"""Properties of this machine that Python's standard library does not report."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys
from pathlib import Path

GIB = 1024 ** 3


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
