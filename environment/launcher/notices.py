"""Under which licences the programs in a bundle are: read from what each of them says of itself."""

from __future__ import annotations

import email.parser
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path
from typing import Iterator, List, Optional

from .console import Problem
from .project import Project

BEGINNING = """# Programs by others in this bundle

APD4J itself is under the MIT License (`LICENSE`). The bundle holds the following programs unchanged, each under its own licence, whose text is in
its archive or at the address that is named. Where several are named, the program is offered under any one of them.
"""


def write(contents: Project) -> None:
    """Writes the list beside what was gathered."""
    jars, wheels = _of_repository(contents.bundled_repository), _of_wheels(contents.bundled_wheels)
    maven = [f"{folder.name}: Apache-2.0 (its folder holds LICENSE and NOTICE)" for folder in sorted(contents.bundled_maven.glob("wrapper/dists/*"))]
    parts = [BEGINNING, "## Java libraries, and what of Maven builds the library\n", *jars, "\n## Python packages\n", *wheels, "\n## Maven\n", *maven]
    contents.bundled_notices.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _of_repository(repository: Path) -> List[str]:
    """A line for each artifact that has a jar in a Maven repository."""
    found = sorted({jar.parent for jar in repository.rglob("*.jar")})
    return [_line(f"{_coordinates(repository, folder)}", _licences_of_pom(repository, _pom(folder))) for folder in found]


def _of_wheels(folder: Path) -> List[str]:
    return [_line(*_of_wheel(wheel)) for wheel in sorted(folder.glob("*.whl"))]


def _line(name: str, licences: List[str]) -> str:
    if not licences:
        raise Problem(f"{name} says nothing of its licence, so it cannot be handed on.",
                      "Look its licence up and leave the program out.")
    return f"- {name}: {', '.join(dict.fromkeys(licences))}"


def _coordinates(repository: Path, folder: Path) -> str:
    *group, artifact, version = folder.relative_to(repository).parts
    return f"{'.'.join(group)}:{artifact} {version}"


def _pom(folder: Path) -> Path:
    return folder / f"{folder.parent.name}-{folder.name}.pom"


def _licences_of_pom(repository: Path, pom: Optional[Path]) -> List[str]:
    """What a POM says, or else the nearest of its parents that says something."""
    while pom and pom.is_file():
        model = _model(pom)
        named = [": ".join(filter(None, (_text(licence, "name"), _text(licence, "url")))) for licence in model.findall("licenses/license")]
        if named:
            return [" ".join(name.split()) for name in named]
        parent = model.find("parent")
        group, artifact, version = (_text(parent, name) for name in ("groupId", "artifactId", "version")) if parent is not None else ("", "", "")
        pom = _pom(repository.joinpath(*group.split("."), artifact, version)) if group else None
    return []


def _model(pom: Path) -> ElementTree.Element:
    """A POM without its namespace, and without the entities of HTML that some hold and no XML reader knows."""
    text = re.sub(rb"\sxmlns=[\"'][^\"']*[\"']", b"", pom.read_bytes(), count=1)
    return ElementTree.fromstring(re.sub(rb"&(?!(?:amp|lt|gt|quot|apos|#\w+);)\w+;", b"?", text))


def _text(element: ElementTree.Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _of_wheel(wheel: Path) -> tuple:
    """A package's name and version, and its licence: the expression, or the classifiers, or the first line of free text."""
    with zipfile.ZipFile(wheel) as archive:
        file = next(name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        about = email.parser.BytesParser().parsebytes(archive.read(file), headersonly=True)
        texts = [name for name in archive.namelist() if re.search(r"\.dist-info/(?:.*/)?(LICEN[CS]E|COPYING)", name, re.IGNORECASE)]
    return f"{about['Name']} {about['Version']}", list(_stated(about)) or [f"see {text}" for text in texts[:1]]


def _stated(about) -> Iterator[str]:
    if about["License-Expression"]:
        yield about["License-Expression"]
        return
    classified = [value.split(" :: ")[-1] for value in about.get_all("Classifier", []) if value.startswith("License :: ")]
    free = (about["License"] or "").strip().splitlines()
    yield from [name for name in classified if name != "OSI Approved"] or free[:1]
