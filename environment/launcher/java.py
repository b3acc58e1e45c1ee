"""The JDK: finds it and checks that it can run the notebooks."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Optional

from . import children, machine
from .console import Problem

OLDEST = 17

INSTALL = machine.install_command(
    debian="sudo apt install openjdk-17-jdk-headless",
    mac="brew install openjdk@17",
    windows="winget install EclipseAdoptium.Temurin.17.JDK",
)


@dataclass(frozen=True)
class Jdk:
    """A Java installation, described by its own properties."""

    home: Path
    version: str
    architecture: str
    vendor: str

    @property
    def feature(self) -> int:
        return feature_version(self.version)

    @property
    def java(self) -> Path:
        return self.home / "bin" / _executable("java")

    @property
    def has_compiler(self) -> bool:
        """Whether it can compile, which a JRE cannot."""
        return (self.home / "bin" / _executable("javac")).exists()

    @property
    def is_translated(self) -> bool:
        """Whether it was built for x86 and runs on an Arm processor, translated."""
        return machine.is_arm() and self.architecture in ("amd64", "x86_64", "x86")

    def __str__(self) -> str:
        return f"Java {self.version} ({self.vendor}, {self.architecture}) at {self.home}"


def find(environ: Mapping[str, str] = os.environ) -> Jdk:
    """The JDK in JAVA_HOME, or otherwise that of the `java` on the PATH; a problem if the project cannot use it."""
    jdk = describe(locate(environ))
    if jdk.feature < OLDEST:
        raise Problem(f"{jdk} is too old; the project needs JDK {OLDEST} or later.",
                      f"Install one (`{INSTALL}`) and set JAVA_HOME to its folder.")
    if not jdk.has_compiler:
        raise Problem(f"{jdk} is only a runtime environment (JRE) and has no compiler.",
                      f"Install the JDK: `{INSTALL}`.")
    return jdk


def locate(environ: Mapping[str, str]) -> Path:
    """The `java` program to use."""
    home = environ.get("JAVA_HOME")
    if home:
        java = Path(home) / "bin" / _executable("java")
        if not java.exists():
            raise Problem(f"JAVA_HOME is {home}, where there is no Java.",
                          f"Set it to the folder of JDK {OLDEST} or later, or unset it to use the `java` on the PATH.")
        return java
    found = shutil.which("java", path=environ.get("PATH"))
    if not found:
        raise Problem("Java was not found: JAVA_HOME is not set, and there is no `java` on the PATH.",
                      f"Install a JDK: `{INSTALL}`.")
    return Path(found)


def describe(java: Path) -> Jdk:
    """Asks a `java` program for its version and its home, because the program on the PATH may be a link or a stub."""
    try:
        answer = children.output_of([java, "-XshowSettings:properties", "-version"])
    except OSError as error:  # not executable, or built for another kind of machine
        answer = error.strerror or str(error)
    properties = parse_properties(answer)
    if "java.home" not in properties:
        raise Problem(f"`{java}` does not start: {first_line(answer)}", f"Install a JDK: `{INSTALL}`.")
    return Jdk(Path(properties["java.home"]), properties["java.version"], properties.get("os.arch", "unknown"),
               properties.get("java.vendor", "unknown vendor"))


def parse_properties(text: str) -> dict:
    """Parses the lines `name = value` of `java -XshowSettings:properties`."""
    return dict(re.findall(r"^\s+([\w.]+) = (.*?)\s*$", text, re.MULTILINE))


def feature_version(version: str) -> int:
    """The feature number of a version: 17 for "17.0.15", 25 for "25-ea", 8 for "1.8.0_392"."""
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    return numbers[1] if numbers[0] == 1 and len(numbers) > 1 else numbers[0]


def font_problem(jdk: Jdk, draw_text: Path) -> Optional[Problem]:
    """Draws a word as charts do, which a headless JDK cannot on a machine without fonts."""
    errors: list = []
    code = children.run([jdk.java, "-Djava.awt.headless=true", draw_text], on_line=errors.append,
                        env=children.environment(os.environ, jdk.home))
    if code == 0:
        return None
    cause = next((line for line in errors if "Exception" in line or "Error" in line), "no message")
    return Problem(f"Java cannot draw text, so charts cannot be drawn: {cause.strip()}.",
                   "Install a font: `" + machine.install_command(debian="sudo apt install fontconfig fonts-dejavu-core",
                                                              mac="brew install fontconfig",
                                                              windows="winget install EclipseAdoptium.Temurin.17.JDK") + "`.")


def first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no answer")


def _executable(name: str) -> str:
    return name + ".exe" if os.name == "nt" else name
