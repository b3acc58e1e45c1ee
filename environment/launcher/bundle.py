"""
The project and all that it would download, in one archive for machines without a network: `lab.py bundle`.

Unpacked, it is the project with a folder `environment/bundle`, which `lab.py` uses instead of Maven's repository and pip's index. It
suits machines of one kind (system, processor, version of Python), and these still need a JDK and Python of their own.
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
from .project import Project
from .state import State, fingerprint

FOLDER = "apd4j"
"""What the archive unpacks to."""

PARTS = ("LICENSE", "README.md", "CITATION.cff", "pom.xml", "mvnw", "mvnw.cmd", "src", "environment", "notebooks")
"""What of the project's folder is the project's; who works in it may have put other things beside."""

MADE_HERE = ("environment/output", "environment/bundle")
"""Folders in these that are no part of the project's sources, beside hidden ones and Python's."""

PACKED_ALREADY = (".jar", ".whl", ".png")

ABOUT_THIS_MACHINE = ("_remote.repositories", "resolver-status.properties", ".lastUpdated")
"""Ends of the names of Maven's notes on where a file came from; with them Maven would refuse it on another machine."""


def make(project: Project, jdk: Jdk, library: Library, output: Path) -> Path:
    """Writes the archive into a folder; the project must be set up."""
    if project.bundle.exists():
        raise Problem("This project came from a bundle itself, and has what a bundle needs only in that form.",
                      "Hand on the archive that it was unpacked from, or delete `environment/bundle` and start again with a network.")
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
    """The archive's name tells which machines it is for."""
    return f"{FOLDER}-{sys.platform}-{platform.machine().lower()}-python{sys.version_info[0]}.{sys.version_info[1]}.zip"


def repository_of(library: Library) -> Path:
    """The local repository of Maven, wherever its settings have put it: `…/group/artifact/version/artifact-version.jar`."""
    group = "com/github/waikato/thirdparty".split("/")
    return library.kernel_jar.parents[2 + len(group)]


def _download_wheels(project: Project, folder: Path) -> None:
    say("Gathering JupyterLab's packages …")
    log: List[str] = []
    code = children.run([*packages.pip(project), "download", "--progress-bar", "off", "--only-binary", ":all:", "--dest", folder,
                         "--require-hashes", "--requirement", project.requirements], env=packages.environment(project), on_line=log.append)
    if code != 0:
        raise packages.explain(log)


def _copy_repository(project: Project, jdk: Jdk, repository: Path, contents: Project) -> None:
    """Lets Maven itself find out what it needs: it builds the project anew, with an empty repository and its full one as the only source."""
    say("Gathering the Java libraries …")
    settings = contents.root / "settings.xml"
    settings.write_text("<settings><mirrors><mirror><id>here</id><mirrorOf>*</mirrorOf>"
                        f"<url>{escape(repository.as_uri())}</url></mirror></mirrors></settings>", encoding="utf-8")
    trial = Project(project.root, elsewhere=contents.root / "trial")
    Maven(trial, jdk, options=[f"--settings={settings}", f"-Dmaven.repo.local={contents.bundled_repository}"]).library()


def _download_maven(project: Project, jdk: Jdk, contents: Project) -> None:
    say("Gathering Maven …")
    variables = children.environment(os.environ, jdk.home)
    mvn.download(project, contents.bundled_maven, lambda words, env, on_line: children.run(words, env={**variables, **env}, on_line=on_line))


def verify(project: Project) -> None:
    """Compares what came with the project with its checksums, once, before any of it is used; sources may have been changed since."""
    sums, state = project.bundled_sums, State(project.state)
    made_from = fingerprint(sums)
    if not sums.exists() or state.is_current("bundle", made_from):
        return
    say("Comparing the bundle with its checksums …")
    within = f"{project.bundle.relative_to(project.root).as_posix()}/"
    for line in sums.read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        file = project.root / name
        if name.startswith(within) and (not file.is_file() or checksum(file) != digest):
            raise Problem(f"{file} is {'damaged' if file.exists() else 'missing'}: it is not as it was when the bundle was made.",
                          "Unpack the archive again; if that does not help, get it again.")
    state.record("bundle", made_from)


def checksum(file: Path) -> str:
    """The SHA-256 of a file's content."""
    digest = hashlib.sha256()
    with open(file, "rb") as content:
        for block in iter(lambda: content.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _pack(project: Project, contents: Project, archive: Path) -> None:
    """Packs the project, what was gathered, and last the checksums of both, in the form that `sha256sum --check` reads."""
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
    """The project's own files; under `notebooks`, where people put theirs, those that the project's README or the one beside them names."""
    return [file for file in _sources(root, root) if file.relative_to(root).parts[0] != "notebooks" or _is_named(file, root)]


def _is_named(file: Path, root: Path) -> bool:
    readmes = {root / "README.md": file.relative_to(root).as_posix(), file.with_name("README.md"): file.name}
    return file.name == "README.md" or any(name in readme.read_text(encoding="utf-8") for readme, name in readmes.items() if readme.is_file())


def _belongs(path: Path) -> bool:
    return path.parts[0] in PARTS and path.as_posix() not in MADE_HERE


def _sources(folder: Path, root: Path) -> Iterator[Path]:
    """The project's own files in a folder: neither hidden ones nor those that are made on this machine."""
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
