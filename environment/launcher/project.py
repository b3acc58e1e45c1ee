"""The paths of the project. Every path that the launcher reads or writes is defined here."""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Optional

RESULTS = "results"
"""The name of the folder of results beside the notebooks."""


@dataclass(frozen=True)
class Project:
    """The project's folder and the paths in it."""

    root: Path
    elsewhere: Optional[Path] = None
    """The folder for everything that the launcher creates, if the project's folder is read-only."""

    @staticmethod
    def at(root: Path) -> Project:
        """The project in a folder. If that is read-only, the launcher creates its files in the user's cache."""
        writable = all(os.access(folder, os.W_OK) for folder in (root, root / "environment"))
        return Project(root, None if writable else users_cache() / hashlib.sha256(str(root).encode()).hexdigest()[:12])

    @property
    def pom(self) -> Path:
        return self.root / "pom.xml"

    @property
    def wrapper_settings(self) -> Path:
        """The settings of `mvnw`, with the Maven that it downloads."""
        return self.root / ".mvn" / "wrapper" / "maven-wrapper.properties"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def results(self) -> Path:
        """The committed results, which the profile LOOK shows; a folder for each notebook."""
        return self.notebooks / RESULTS

    @property
    def build(self) -> Path:
        """The build folder of Maven."""
        return (self.elsewhere or self.root) / "target"

    @property
    def classes(self) -> Path:
        return self.build / "classes"

    @property
    def test_classes(self) -> Path:
        return self.build / "test-classes"

    @property
    def environment(self) -> Path:
        return self.root / "environment"

    @property
    def requirements(self) -> Path:
        return self.environment / "requirements.txt"

    @property
    def startup_script(self) -> Path:
        return self.environment / "kernel" / "startup.jsh"

    @property
    def kernel_logging(self) -> Path:
        return self.environment / "kernel" / "logging.properties"

    @property
    def draw_text(self) -> Path:
        return self.environment / "kernel" / "DrawText.java"

    @property
    def jupyter_settings(self) -> Path:
        """The project's settings for Jupyter; never written to."""
        return self.environment / "jupyter"

    @property
    def venv(self) -> Path:
        return (self.elsewhere or self.environment) / ".venv"

    @property
    def python(self) -> Path:
        """The virtual environment's interpreter."""
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def kernel_spec(self) -> Path:
        return self.venv / "share" / "jupyter" / "kernels" / "apd4j"

    @property
    def state(self) -> Path:
        """The launcher's state between two starts; may be deleted at any time."""
        return (self.elsewhere or self.environment) / ".state"

    @property
    def output(self) -> Path:
        """Executed notebooks and their HTML pages."""
        return (self.elsewhere or self.environment) / "output"

    @property
    def bundle(self) -> Path:
        """Everything that is otherwise downloaded, if the project was unpacked from a bundle (`lab.py bundle`)."""
        return self.environment / "bundle"

    @property
    def bundled_sums(self) -> Path:
        """The checksums of all files in the bundle's archive."""
        return self.bundle / "SHA256SUMS"

    @property
    def bundled_notices(self) -> Path:
        """The licences of third-party software in the bundle."""
        return self.bundle / "LICENSES.md"

    @property
    def bundled_wheels(self) -> Path:
        return self.bundle / "wheels"

    @property
    def bundled_repository(self) -> Path:
        return self.bundle / "maven"

    @property
    def bundled_maven(self) -> Path:
        """Maven itself, for machines without Maven."""
        return self.bundle / "mvn"


def users_cache(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The user's cache folder, for files that can be created again."""
    if platform == "darwin":
        caches = Path.home() / "Library" / "Caches"
    elif platform == "win32":
        caches = Path(environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        caches = Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "apd4j"


HERE = Project.at(Path(__file__).resolve().parents[2])
