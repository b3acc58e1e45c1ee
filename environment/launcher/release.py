"""All that is published of a version: `lab.py release`."""

from __future__ import annotations

import shutil
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import List

from . import bundle
from .console import say
from .java import Jdk
from .maven import Maven
from .project import Project

SUMS = "SHA256SUMS"
JARS = (".jar", "-sources.jar", "-javadoc.jar")
BILL = "bill-of-materials.json"


def make(project: Project, jdk: Jdk, output: Path) -> Path:
    """Writes everything into a folder named by the version, with checksums in the form that `sha256sum --check` reads."""
    folder = output.resolve() / f"apd4j-{version(project)}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in jars(project, jdk, folder):
        say(f"  {file.name}")
    bundle.make(project, jdk, Maven(project, jdk).library(), folder)
    files = sorted(folder.iterdir())
    (folder / SUMS).write_bytes("".join(f"{bundle.checksum(file)}  {file.name}\n" for file in files).encode())
    return folder


def jars(project: Project, jdk: Jdk, folder: Path) -> List[Path]:
    """Builds the jars from nothing, beside what notebooks use, and puts them into a folder; equal sources give equal bytes."""
    say("Building what is published …")
    with tempfile.TemporaryDirectory(prefix="apd4j-release-") as temporary:
        built = Project(project.root, elsewhere=Path(temporary))
        Maven(built, jdk).package("--activate-profiles=release,bill-of-materials")
        name = f"apd4j-{version(project)}"
        made = {f"{name}{kind}": f"{name}{kind}" for kind in JARS}
        made[f"{name}-{BILL}"] = BILL
        return [Path(shutil.copyfile(built.build / file, folder / published)) for published, file in made.items()]


def version(project: Project) -> str:
    """The version in the POM."""
    model = ElementTree.parse(project.pom).getroot()
    return next(child.text.strip() for child in model if child.tag.rpartition("}")[2] == "version")
