"""Tests of the choice of Maven, and that none needs to be installed."""

import contextlib
import functools
import http.server
import io
import os
import shutil
import subprocess
import tarfile
import threading
import unittest
import zipfile
from unittest import mock

from fixtures import TestWithFolder
from launcher import children, doctor, java, maven, mvn, project
from launcher.console import Problem

SETTINGS = ".mvn/wrapper/maven-wrapper.properties"
SCRIPT = "mvnw.cmd" if os.name == "nt" else "mvnw"
NO_MAVEN = mock.patch.object(shutil, "which", return_value=None)


class WhichMaven(TestWithFolder):

    def setUp(self):
        super().setUp()
        self.wrapper = self.write(SCRIPT)
        self.write(SETTINGS, "distributionUrl=https://repo.example/org/apache/maven/apache-maven/3.9.1/apache-maven-3.9.1-bin.zip")

    def test_installed_maven_is_preferred(self):
        with mock.patch.object(shutil, "which", return_value="/usr/bin/mvn"):
            self.assertEqual(["/usr/bin/mvn"], mvn.find(self.project))

    @NO_MAVEN
    def test_wrapper_is_used_if_no_maven_is_installed(self, _):
        self.assertEqual(str(self.wrapper), mvn.find(self.project)[-1])

    @NO_MAVEN
    def test_bundled_maven_is_preferred_to_a_download(self, _):
        program = self.write("environment/bundle/mvn/wrapper/dists/apache-maven-3.9.1/1f/bin/" + ("mvn.cmd" if os.name == "nt" else "mvn"))
        self.assertEqual(str(program), mvn.find(self.project)[-1])

    @NO_MAVEN
    def test_missing_maven_and_wrapper_are_reported_with_a_command(self, _):
        for part in (SETTINGS, SCRIPT):
            (self.folder / part).unlink()
            with self.assertRaisesRegex(Problem, "Maven is missing.*Install it: `"):
                mvn.find(self.project)

    @NO_MAVEN
    def test_download_is_announced_once(self, _):
        said = []
        with mock.patch.dict(os.environ, MAVEN_USER_HOME=str(self.folder / "home")):
            mvn.announce(self.project, said.append)
            self.write("home/wrapper/dists/apache-maven-3.9.1/1f/bin/mvn")
            mvn.announce(self.project, said.append)
        self.assertEqual(["Maven is not installed; downloading Maven 3.9.1 (9 MB) …"], said)

    @NO_MAVEN
    def test_doctor_accepts_the_wrapper(self, _):
        with mock.patch.dict(os.environ, MAVEN_USER_HOME=str(self.folder / "home")):
            finding = doctor._maven(self.project, None)
        self.assertEqual("ok", finding.mark)
        self.assertIn("downloads Maven 3.9.1", finding.text)

    def test_failed_download_is_reported_with_both_remedies(self):
        problem = maven.explain(["curl: Failed to fetch https://repo.example/apache-maven-3.9.1-bin.zip"])
        self.assertRegex(str(problem), "Maven is not installed and cannot be downloaded.*repo.example.*Connect to the network.*or install Maven")


class Repositories(TestWithFolder):

    def test_repository_of_the_wrapper_is_known_before_the_download(self):
        with mock.patch.object(mvn, "find", return_value=["sh", str(self.folder / "mvnw")]), mock.patch.object(maven, "_settings", return_value=[]):
            self.assertEqual([mvn.CENTRAL], maven.repositories())

    def test_wrapper_uses_the_mirror_in_mavens_settings(self):
        here = maven.Maven(self.project, java.Jdk(self.folder, "17", "amd64", "X"))
        with mock.patch.object(maven, "_mirrors", return_value=["https://mirror.example/m2/"]):
            self.assertEqual("https://mirror.example/m2", here._environment()["MVNW_REPOURL"])


class Served(http.server.SimpleHTTPRequestHandler):

    def log_message(self, *arguments):
        pass


@unittest.skipIf(os.name == "nt" or not project.HERE.wrapper_settings.exists(), "the simulated Maven is a shell script; bundles have no wrapper")
class Wrapper(TestWithFolder):
    """The project's own `mvnw`, with a simulated Maven and repository."""

    def test_downloads_maven_once_and_starts_it(self):
        name = f"apache-maven-{mvn.version(project.HERE)}"
        program = self.write(f"made/{name}/bin/mvn", "#!/bin/sh\necho \"a Maven started with $*\"\n")
        program.chmod(0o755)
        at = f"repository/org/apache/maven/apache-maven/{mvn.version(project.HERE)}/{name}-bin"
        (self.folder / at).parent.mkdir(parents=True)
        with zipfile.ZipFile(self.folder / f"{at}.zip", "w") as archive:
            archive.write(program, f"{name}/bin/mvn")
        with tarfile.open(self.folder / f"{at}.tar.gz", "w:gz") as archive:  # for machines without unzip
            archive.add(program, f"{name}/bin/mvn")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Served, directory=str(self.folder / "repository")))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        env = {"MVNW_REPOURL": f"http://127.0.0.1:{server.server_port}", "MAVEN_USER_HOME": str(self.folder / "home")}
        with NO_MAVEN:
            words = mvn.find(project.HERE)
        first = self.output(words, env)
        server.shutdown()
        server.server_close()
        self.assertIn("a Maven started with --version", first)
        self.assertIn("a Maven started with --version", self.output(words, env))

    def test_unreachable_repository_is_reported(self):
        with contextlib.redirect_stdout(io.StringIO()), self.assertRaisesRegex(Problem, "cannot be downloaded"):
            mvn.download(project.HERE, self.folder / "home", lambda words, env, on_line: children.run(
                words, env={**os.environ, **env, "MVNW_REPOURL": "http://127.0.0.1:9"}, on_line=on_line))

    def output(self, words, env):
        return subprocess.run([*words, "--version"], env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              encoding="utf-8", check=False).stdout


if __name__ == "__main__":
    unittest.main()
