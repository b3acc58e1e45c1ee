"""Where things are. Every path that the launcher reads or writes is named here and nowhere else."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """The project's folder and the places in it."""

    root: Path

    @property
    def pom(self) -> Path:
        return self.root / "pom.xml"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def classes(self) -> Path:
        return self.root / "target" / "classes"

    @property
    def test_classes(self) -> Path:
        return self.root / "target" / "test-classes"

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
        """Jupyter's settings that come with the project; read only."""
        return self.environment / "jupyter"

    @property
    def venv(self) -> Path:
        return self.environment / ".venv"

    @property
    def python(self) -> Path:
        """The virtual environment's interpreter."""
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def kernel_spec(self) -> Path:
        return self.venv / "share" / "jupyter" / "kernels" / "apd4j"

    @property
    def state(self) -> Path:
        """What the launcher remembers between two starts; may be deleted at any time."""
        return self.environment / ".state"

    @property
    def output(self) -> Path:
        """Executed notebooks and their HTML pages."""
        return self.environment / "output"


HERE = Project(Path(__file__).resolve().parents[2])
