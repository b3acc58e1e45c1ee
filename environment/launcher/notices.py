"""The licences of the programs in a bundle, as each program states them in its metadata."""

from __future__ import annotations

import email.parser
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path
from typing import Iterator, List, Optional

from .console import Problem
from .project import Project

BEGINNING = """# Third-party software in this bundle

APD4J itself is under the MIT License (`LICENSE`). The bundle contains the following programs unchanged, each under its own licence. The text of a
licence is in the program's archive or at the address given. Where several are listed, any one of them applies.

The library contains one set of data: the test set of *Optical Recognition of Handwritten Digits* by E. Alpaydin and C. Kaynak (1998), UCI Machine
Learning Repository, https://doi.org/10.24432/C50P49, unchanged, under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).
"""


def write(contents: Project) -> None:
    """Writes the list into the bundle."""
    jars, wheels = _of_repository(contents.bundled_repository), _of_wheels(contents.bundled_wheels)
    maven = [f"{folder.name}: Apache-2.0 (its folder holds LICENSE and NOTICE)" for folder in sorted(contents.bundled_maven.glob("wrapper/dists/*"))]
    parts = [BEGINNING, "## Java libraries and Maven plug-ins\n", *jars, "\n## Python packages\n", *wheels, "\n## Maven\n", *maven]
    contents.bundled_notices.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _of_repository(repository: Path) -> List[str]:
    """A line for each artifact in a Maven repository that has a jar."""
    found = sorted({jar.parent for jar in repository.rglob("*.jar")})
    return [_line(f"{_coordinates(repository, folder)}", _licences_of_pom(repository, _pom(folder))) for folder in found]


def _of_wheels(folder: Path) -> List[str]:
    return [_line(*_of_wheel(wheel)) for wheel in sorted(folder.glob("*.whl"))]


def _line(name: str, licences: List[str]) -> str:
    if not licences:
        raise Problem(f"{name} does not state its licence, so it must not be redistributed.",
                      "Find out its licence, or remove the dependency.")
    return f"- {name}: {', '.join(dict.fromkeys(licences))}"


def _coordinates(repository: Path, folder: Path) -> str:
    *group, artifact, version = folder.relative_to(repository).parts
    return f"{'.'.join(group)}:{artifact} {version}"


def _pom(folder: Path) -> Path:
    return folder / f"{folder.parent.name}-{folder.name}.pom"


def _licences_of_pom(repository: Path, pom: Optional[Path]) -> List[str]:
    """The licences in a POM, or otherwise in its nearest parent that states some."""
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
    """Parses a POM without its namespace, and without the HTML entities that some POMs contain and XML does not define."""
    text = re.sub(rb"\sxmlns=[\"'][^\"']*[\"']", b"", pom.read_bytes(), count=1)
    return ElementTree.fromstring(re.sub(rb"&(?!(?:amp|lt|gt|quot|apos|#\w+);)\w+;", b"?", text))


def _text(element: ElementTree.Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _of_wheel(wheel: Path) -> tuple:
    """Name and version of a package, and its licences: from the expression, the classifiers, or the first line of free text."""
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
