"""
`lab.py bundle`: packs the project with everything that it would download, for machines without a network.

The unpacked archive is the project with a folder `environment/bundle`, which `lab.py` uses in place of Maven's repository and pip's index. It works
on machines with the same operating system, processor architecture and Python version, which still need a JDK and Python.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Iterator, List
from xml.sax.saxutils import escape

from . import children, mvn, notices, packages
from .console import Problem, say
from .java import Jdk
from .maven import Library, Maven
from .project import RESULTS, Project
from .state import State, fingerprint

FOLDER = "apd4j"
"""The folder that the archive unpacks to."""

PARTS = ("LICENSE", "README.md", "CITATION.cff", "pom.xml", "mvnw", "mvnw.cmd", "src", "environment", "notebooks")
"""The files and folders that belong to the project; users may keep others beside them."""

MADE_HERE = ("environment/output", "environment/bundle")
"""Folders within them that are generated, in addition to hidden folders and `__pycache__`."""

PACKED_ALREADY = (".jar", ".whl", ".png")

ABOUT_THIS_MACHINE = ("_remote.repositories", "resolver-status.properties", ".lastUpdated")
"""Name endings of the files in which Maven records where an artifact came from. With them, Maven would reject the artifact on another machine."""


def make(project: Project, jdk: Jdk, library: Library, output: Path) -> Path:
    """Writes the archive into a folder; the project must be set up."""
    if project.bundle.exists():
        raise Problem("This project was unpacked from a bundle, from which no new bundle can be made.",
                      "Pass on the archive it came in, or delete `environment/bundle` and start again with a network connection.")
    output.mkdir(parents=True, exist_ok=True)
    archive = output.resolve() / name()
    with tempfile.TemporaryDirectory(prefix="apd4j-bundle-") as temporary:
        contents = Project(Path(temporary))
        _download_wheels(project, contents.bundled_wheels)
        _copy_repository(project, jdk, repository_of(library), contents)
        _download_maven(project, jdk, contents)
        notices.write(contents)
        draft = archive.with_name(f".{archive.name}.new")
        try:
            _pack(project, contents, draft)
            os.replace(draft, archive)
        finally:
            draft.unlink(missing_ok=True)
    return archive


def name() -> str:
    """The name of the archive, which contains the kind of machine it is for."""
    return f"{FOLDER}-{sys.platform}-{platform.machine().lower()}-python{sys.version_info[0]}.{sys.version_info[1]}.zip"


def repository_of(library: Library) -> Path:
    """Maven's local repository, wherever its settings put it: a jar lies at `…/group/artifact/version/artifact-version.jar`."""
    group = "com/github/waikato/thirdparty".split("/")
    return library.kernel_jar.parents[2 + len(group)]


def _download_wheels(project: Project, folder: Path) -> None:
    say("Downloading the packages of JupyterLab …")
    log: List[str] = []
    code = children.run([*packages.pip(project), "download", "--progress-bar", "off", "--only-binary", ":all:", "--dest", folder,
                         "--require-hashes", "--requirement", project.requirements], env=packages.environment(project), on_line=log.append)
    if code != 0:
        raise packages.explain(log)


def _copy_repository(project: Project, jdk: Jdk, repository: Path, contents: Project) -> None:
    """Builds the project with an empty repository and the local one as the only source, so that Maven copies exactly what it needs."""
    say("Copying the Java libraries …")
    settings = contents.root / "settings.xml"
    settings.write_text("<settings><mirrors><mirror><id>here</id><mirrorOf>*</mirrorOf>"
                        f"<url>{escape(repository.as_uri())}</url></mirror></mirrors></settings>", encoding="utf-8")
    trial = Project(project.root, elsewhere=contents.root / "trial")
    Maven(trial, jdk, options=[f"--settings={settings}", f"-Dmaven.repo.local={contents.bundled_repository}"]).library()


def _download_maven(project: Project, jdk: Jdk, contents: Project) -> None:
    say("Downloading Maven …")
    variables = children.environment(os.environ, jdk.home)
    mvn.download(project, contents.bundled_maven, lambda words, env, on_line: children.run(words, env={**variables, **env}, on_line=on_line))


def verify(project: Project) -> None:
    """Checks the bundled files against their checksums once, before they are used. Sources are not checked, because users may change them."""
    sums, state = project.bundled_sums, State(project.state)
    made_from = fingerprint(sums)
    if not sums.exists() or state.is_current("bundle", made_from):
        return
    say("Verifying the bundle …")
    within = f"{project.bundle.relative_to(project.root).as_posix()}/"
    for line in sums.read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        file = project.root / name
        if name.startswith(within) and (not file.is_file() or checksum(file) != digest):
            raise Problem(f"{file} is {'damaged: its checksum is wrong' if file.exists() else 'missing from the bundle'}.",
                          "Unpack the archive again; if that does not help, download it again.")
    state.record("bundle", made_from)


def checksum(file: Path) -> str:
    """The SHA-256 checksum of a file."""
    digest = hashlib.sha256()
    with open(file, "rb") as content:
        for block in iter(lambda: content.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _pack(project: Project, contents: Project, archive: Path) -> None:
    """Packs the project, the downloads, and last the checksums of both in the format of `sha256sum --check`."""
    say("Packing …")
    sums: List[str] = []
    with zipfile.ZipFile(archive, "w") as into:
        for root in (project.root, contents.root):
            for file in sorted(project_files(root) if root == project.root else _gathered(contents)):
                method = zipfile.ZIP_STORED if file.suffix in PACKED_ALREADY else zipfile.ZIP_DEFLATED
                name = file.relative_to(root).as_posix()
                into.write(file, f"{FOLDER}/{name}", compress_type=method)
                sums.append(f"{checksum(file)}  {name}\n")
        into.writestr(f"{FOLDER}/{contents.bundled_sums.relative_to(contents.root).as_posix()}", "".join(sums))


def project_files(root: Path) -> List[Path]:
    """
    The files of the project. In `notebooks`, where users keep their own, only the committed results and what the README of the project or of their
    folder mentions.
    """
    return [file for file in _sources(root, root) if file.relative_to(root).parts[0] != "notebooks"
            or file.relative_to(root).parts[1] == RESULTS or _is_named(file, root)]


def _is_named(file: Path, root: Path) -> bool:
    readmes = {root / "README.md": file.relative_to(root).as_posix(), file.with_name("README.md"): file.name}
    return file.name == "README.md" or any(name in readme.read_text(encoding="utf-8") for readme, name in readmes.items() if readme.is_file())


def _belongs(path: Path) -> bool:
    return path.parts[0] in PARTS and path.as_posix() not in MADE_HERE


def _sources(folder: Path, root: Path) -> Iterator[Path]:
    """The files of the project in a folder, without hidden and generated ones."""
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name == "__pycache__" or not _belongs(path.relative_to(root)):
            continue
        if path.is_dir():
            yield from _sources(path, root)
        else:
            yield path


def _gathered(contents: Project) -> Iterator[Path]:
    for path in contents.bundle.rglob("*"):
        if path.is_file() and not path.name.endswith(ABOUT_THIS_MACHINE):
            yield path
