"""Tests of the published jars, which are built for this: equal sources give equal bytes, wherever and whenever they are built."""

import shutil
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HERE / "environment"))

from launcher import bundle, java, release  # noqa: E402: needs the path set above
from launcher.project import Project  # noqa: E402

SOURCES = ("pom.xml", "mvnw", "mvnw.cmd", ".mvn", "src/main")


class Build(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="apd4j builds ")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
        cls.first = cls.build("one")
        cls.second = cls.build("another place")

    @classmethod
    def build(cls, name):
        """Builds the jars from a copy of the sources in a separate folder."""
        root, jars = cls.folder / name, cls.folder / f"jars of {name}"
        root.mkdir()
        jars.mkdir()
        for part in SOURCES:
            source = HERE / part
            if source.is_dir():
                shutil.copytree(source, root / part)
            else:
                shutil.copyfile(source, root / part)
        release.jars(Project(root), java.find(), jars)
        return {file.name: file for file in jars.iterdir()}

    def test_two_builds_give_the_same_bytes(self):
        self.assertEqual({name: bundle.checksum(file) for name, file in self.first.items()},
                         {name: bundle.checksum(file) for name, file in self.second.items()})

    def test_every_jar_contains_what_its_name_says(self):
        version = release.version(Project(HERE))
        expected = {".jar": "org/apd4j/apd/Apd.class", "-sources.jar": "org/apd4j/apd/Apd.java",
                    "-javadoc.jar": "org/apd4j/apd/Apd.html"}
        for kind, entry in expected.items():
            with zipfile.ZipFile(self.first[f"apd4j-{version}{kind}"]) as jar:
                self.assertIn(entry, jar.namelist())

    def test_bill_of_materials_lists_the_libraries_but_not_those_of_tests(self):
        text = next(file for name, file in self.first.items() if name.endswith(".json")).read_text(encoding="utf-8")
        self.assertIn("nd4j-api", text)
        for name in ("junit-jupiter", "selenium", "archunit", "jmh-core"):
            self.assertNotIn(name, text)


if __name__ == "__main__":
    unittest.main()
