"""`lab.py release`: builds everything that is published of a version."""

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
    """Writes everything into a folder named after the version, with checksums in the format of `sha256sum --check`."""
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
    """Builds the jars from scratch, apart from the build that notebooks use, and copies them into a folder. Equal sources give equal bytes."""
    say("Building the release …")
    with tempfile.TemporaryDirectory(prefix="apd4j-release-") as temporary:
        built = Project(project.root, elsewhere=Path(temporary))
        Maven(built, jdk).package("--activate-profiles=release,bill-of-materials")
        name = f"apd4j-{version(project)}"
        made = {f"{name}{kind}": f"{name}{kind}" for kind in JARS}
        made[f"{name}-{BILL}"] = BILL
        return [Path(shutil.copyfile(built.build / file, folder / published)) for published, file in made.items()]


def version(project: Project) -> str:
    """The version number in the POM."""
    model = ElementTree.parse(project.pom).getroot()
    return next(child.text.strip() for child in model if child.tag.rpartition("}")[2] == "version")
