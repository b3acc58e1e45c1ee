"""Tests of bundles and of the locked Python packages."""

import re
import shutil
import subprocess
import unittest
import zipfile
from unittest import mock

from fixtures import TestWithFolder
from launcher import bundle, java, maven, packages, project
from launcher.console import Problem
from launcher.project import Project


class Bundle(TestWithFolder):

    def test_archive_contains_sources_and_downloads_but_no_generated_files(self):
        ours = ("README.md", "pom.xml", "src/main/java/A.java", "src/main/java/target/B.java", "environment/lab.py", "notebooks/01.ipynb",
                "notebooks/data/README.md", "notebooks/data/rows.npz", "notebooks/results/01/run.npz")
        made = ("notebooks/01-Copy1.ipynb", "notebooks/mine.ipynb", "notebooks/data/marks.csv", "thesis/chapter.tex", "notes.txt",
                "target/classes/A.class", "environment/.venv/bin/python", "environment/output/01.ipynb", "notebooks/.runs/run.npz",
                "environment/launcher/__pycache__/a.pyc", ".git/config")
        for name in ours + made:
            self.write(f"project/{name}", {"README.md": "[01](notebooks/01.ipynb)", "notebooks/data/README.md": "`rows.npz`"}.get(name, ""))
        self.write("gathered/environment/bundle/maven/a/1/a-1.jar")
        self.write("gathered/environment/bundle/maven/a/1/_remote.repositories")
        self.write("gathered/environment/bundle/wheels/b.whl")
        self.write("gathered/trial/target/classes/A.class")
        bundle._pack(Project(self.folder / "project"), Project(self.folder / "gathered"), self.folder / "b.zip")
        with zipfile.ZipFile(self.folder / "b.zip") as archive:
            names = sorted(archive.namelist())
        downloads = ("environment/bundle/maven/a/1/a-1.jar", "environment/bundle/wheels/b.whl", "environment/bundle/SHA256SUMS")
        self.assertEqual(sorted(f"apd4j/{name}" for name in ours + downloads), names)

    @unittest.skipIf(not (project.HERE.root / ".git").exists(), "only Git knows which files belong to the project")
    def test_every_tracked_file_is_packed(self):
        root = project.HERE.root
        listed = subprocess.run(["git", "ls-files"], cwd=root, stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout.split()
        tracked = {name for name in listed if not any(part.startswith(".") for part in name.split("/")) and (root / name).exists()}
        self.assertEqual(set(), tracked - {file.relative_to(root).as_posix() for file in bundle.project_files(root)})

    def test_maven_and_pip_use_only_the_bundle_if_there_is_one(self):
        self.project.bundled_repository.mkdir(parents=True)
        self.project.bundled_wheels.mkdir()
        with mock.patch("launcher.network.answers", side_effect=AssertionError("the network was asked")):
            words = maven.Maven(self.project, java.Jdk(self.folder, "17", "amd64", "X"))._places()
            packages.environment(self.project)
        self.assertEqual(["--offline", f"-Dmaven.repo.local={self.project.bundled_repository}"], words)

    def test_project_unpacked_from_a_bundle_is_not_bundled_again(self):
        self.project.bundle.mkdir(parents=True)
        with self.assertRaisesRegex(Problem, "was unpacked from a bundle"):
            bundle.make(self.project, None, None, self.folder)

    def unpacked(self):
        self.write("project/README.md")
        self.write("project/pom.xml", "<project/>")
        self.write("gathered/environment/bundle/wheels/b ö.whl", "wheel")
        self.write("gathered/environment/bundle/maven/a.jar", "jar")
        bundle._pack(Project(self.folder / "project"), Project(self.folder / "gathered"), self.folder / "b.zip")
        with zipfile.ZipFile(self.folder / "b.zip") as archive:
            archive.extractall(self.folder / "there")
        return Project(self.folder / "there" / "apd4j")

    def test_checksums_of_a_bundle_are_verified_once(self):
        there = self.unpacked()
        (there.root / "pom.xml").write_text("changed by a user")
        bundle.verify(there)
        with mock.patch.object(bundle, "checksum", side_effect=AssertionError("compared again")):
            bundle.verify(there)

    def test_damaged_or_missing_file_of_a_bundle_is_named(self):
        there = self.unpacked()
        wheel = there.bundled_wheels / "b ö.whl"
        wheel.write_text("whee")
        with self.assertRaisesRegex(Problem, "b ö.whl is damaged.*Unpack the archive again"):
            bundle.verify(there)
        wheel.unlink()
        with self.assertRaisesRegex(Problem, "b ö.whl is missing from the bundle"):
            bundle.verify(there)

    @unittest.skipIf(shutil.which("sha256sum") is None, "there is no sha256sum")
    def test_sha256sum_can_verify_the_checksums(self):
        there = self.unpacked()
        subprocess.run(["sha256sum", "--check", "--quiet", there.bundled_sums], cwd=there.root, check=True)


class Locked(unittest.TestCase):
    """pip installs exactly the tested packages: one version with its checksums for each package, on every system."""

    LOCKED = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)(.*(?:\n    .*)*)", project.HERE.requirements.read_text(encoding="utf-8"), re.MULTILINE)

    def test_every_package_has_one_version_and_checksums(self):
        lines = [line for line in project.HERE.requirements.read_text(encoding="utf-8").splitlines() if line and line[0] not in " #"]
        self.assertEqual(len(lines), len(self.LOCKED))
        for name, _, rest in self.LOCKED:
            self.assertIn("--hash=sha256:", rest, name)

    def test_every_requirement_is_locked(self):
        asked = re.findall(r"^([a-z0-9-]+)", project.HERE.requirements.with_suffix(".in").read_text(encoding="utf-8"), re.MULTILINE)
        self.assertIn("jupyterlab", asked)
        self.assertEqual(set(), set(asked) - {name for name, _, _ in self.LOCKED})

    def test_files_that_differ_from_the_locked_ones_are_explained(self):
        log = ["ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions, …",
               "    six==1.17.0 from https://index.example/six.whl (from -r requirements.txt (line 1)):", "        Expected sha256 0"]
        self.assertRegex(str(packages.explain(log)), "pip received files for six==1.17.0 that differ .* nothing was installed")


if __name__ == "__main__":
    unittest.main()
