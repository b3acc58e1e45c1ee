"""Tests of the release: third-party licences, names, checksums."""

import hashlib
import os
import shutil
import subprocess
import unittest
import zipfile
from unittest import mock

from fixtures import TestWithFolder
from launcher import bundle, maven, notices, project, release
from launcher.console import Problem
from launcher.project import Project

POM = '<project xmlns="http://maven.apache.org/POM/4.0.0">{}</project>'
LICENCE = "<licenses><license><name>{}</name><url>https://example/{}</url></license></licenses>"
PARENT = "<parent><groupId>org.a</groupId><artifactId>parent</artifactId><version>7</version></parent>"


class Notices(TestWithFolder):

    def add_jar(self, artifact, pom):
        self.write(f"environment/bundle/maven/org/a/{artifact}/1/{artifact}-1.jar")
        self.write(f"environment/bundle/maven/org/a/{artifact}/1/{artifact}-1.pom", POM.format(pom))

    def add_wheel(self, name, about, *files):
        self.project.bundled_wheels.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(self.project.bundled_wheels / f"{name}-2-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}-2.dist-info/METADATA", f"Name: {name}\nVersion: 2\n{about}\n\nText")
            for file in files:
                wheel.writestr(f"{name}-2.dist-info/{file}", "")

    def lines(self):
        notices.write(self.project)
        return [line[2:] for line in self.project.bundled_notices.read_text(encoding="utf-8").splitlines() if line.startswith("- ")]

    def test_jars_are_listed_with_the_licences_of_their_pom_or_of_its_parent(self):
        self.add_jar("own", LICENCE.format("MIT", "mit"))
        self.add_jar("inherited", PARENT)
        self.write("environment/bundle/maven/org/a/parent/7/parent-7.pom", POM.format(LICENCE.format("Apache-2.0", "apache")))
        self.assertEqual(["org.a:inherited 1: Apache-2.0: https://example/apache", "org.a:own 1: MIT: https://example/mit"], self.lines())

    def test_wheels_are_listed_with_the_licences_in_their_metadata(self):
        self.add_wheel("a", "License-Expression: BSD-3-Clause")
        self.add_wheel("b", "Classifier: License :: OSI Approved :: MIT License")
        self.add_wheel("c", "License: PSF\n   and more")
        self.add_wheel("d", "Summary: d", "licenses/LICENSE.txt")
        self.assertEqual(["a 2: BSD-3-Clause", "b 2: MIT License", "c 2: PSF", "d 2: see d-2.dist-info/licenses/LICENSE.txt"], self.lines())

    def test_program_without_a_licence_is_not_redistributed(self):
        self.add_jar("silent", "")
        with self.assertRaisesRegex(Problem, "org.a:silent 1 does not state its licence"):
            notices.write(self.project)

    @unittest.skipIf(not (project.HERE.state / "runtime.classpath").exists(), "the library was not built here")
    def test_every_library_of_the_kernel_states_its_licence(self):
        paths = "".join((project.HERE.state / f"{scope}.classpath").read_text(encoding="utf-8") + os.pathsep for scope in ("runtime", "provided"))
        jars = [file for file in map(project.Path, paths.split(os.pathsep)) if file.suffix == ".jar"]
        self.assertGreater(len(jars), 40)
        for jar in jars:
            repository = next(folder for folder in jar.parents if (folder / "org" / "nd4j").is_dir())
            self.assertTrue(notices._licences_of_pom(repository, notices._pom(jar.parent)), jar)


class Release(TestWithFolder):

    def make(self):
        def pretend_to_package(self, *options):
            build = self._project.build
            build.mkdir(parents=True)
            for name in ("apd4j-3.1.jar", "apd4j-3.1-sources.jar", "apd4j-3.1-javadoc.jar", "bill-of-materials.json"):
                (build / name).write_text(name)

        self.write("pom.xml", POM.format(PARENT + "<version>3.1</version>"))
        with mock.patch.object(maven.Maven, "package", pretend_to_package), mock.patch.object(maven.Maven, "library"), \
                mock.patch.object(bundle, "make", lambda project, jdk, library, output: (output / "b.zip").write_text("bundle")):
            return release.make(Project(self.folder), None, self.folder / "out")

    def test_folder_is_named_after_the_version_and_contains_everything(self):
        folder = self.make()
        self.assertEqual("apd4j-3.1", folder.name)
        self.assertEqual(["SHA256SUMS", "apd4j-3.1-bill-of-materials.json", "apd4j-3.1-javadoc.jar", "apd4j-3.1-sources.jar",
                          "apd4j-3.1.jar", "b.zip"], sorted(file.name for file in folder.iterdir()))

    def test_checksums_are_those_of_the_files(self):
        folder = self.make()
        sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
        self.assertEqual(5, len(sums))
        self.assertEqual(sums, {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sums})

    @unittest.skipIf(shutil.which("sha256sum") is None, "there is no sha256sum")
    def test_sha256sum_can_verify_the_checksums(self):
        folder = self.make()
        subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=True)

    def test_files_of_an_earlier_release_are_deleted(self):
        self.write("out/apd4j-3.1/old.jar")
        self.assertNotIn("old.jar", [file.name for file in self.make().iterdir()])

    def test_citation_file_has_the_version_of_the_pom(self):
        self.assertIn(f"\nversion: {release.version(project.HERE)}\n", (project.HERE.root / "CITATION.cff").read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
