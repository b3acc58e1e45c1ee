"""How the parts of `lab.py test` are run, and what is handed on to them."""

import contextlib
import io
import os
import sys
import unittest
from pathlib import Path
from unittest import mock

from fixtures import TestWithFolder
from launcher import children, java, maven, testing
from launcher.console import Problem


class Parts(unittest.TestCase):

    def run_parts(self, *results):
        seconds = iter([0, 0, 90, 90, 390, 390])
        with contextlib.redirect_stdout(io.StringIO()) as console:
            passed = testing.run([testing.Part(name, lambda result=result: result) for name, result in results], lambda: next(seconds))
        return passed, console.getvalue()

    def test_every_part_is_shown_with_its_minutes_and_the_total_at_the_end(self):
        passed, said = self.run_parts(("One", True), ("Two", True))
        self.assertTrue(passed)
        self.assertEqual([["One", "1.5", "min", "passed"], ["Two", "5.0", "min", "passed"], ["All", "6.5", "min", "passed"]],
                         [line.split() for line in said.splitlines()[-3:]])

    def test_part_behind_one_that_fails_runs_and_the_whole_has_failed(self):
        passed, said = self.run_parts(("One", False), ("Two", True))
        self.assertFalse(passed)
        self.assertEqual(["FAILED", "passed", "FAILED"], [line.split()[-1] for line in said.splitlines()[-3:]])

    def test_fast_leaves_out_what_needs_jupyter_and_browser(self):
        fast = [part.name for part in testing.parts(None, None, fast=True)]
        whole = [part.name for part in testing.parts(None, None, fast=False)]
        self.assertEqual(fast, whole[:len(fast)])
        self.assertIn("JupyterLab in a browser", set(whole) - set(fast))


class HandedOn(TestWithFolder):

    def test_folder_of_golden_runs_reaches_maven_as_an_absolute_path(self):
        commands = []
        with mock.patch.dict(os.environ, APD_GOLDEN=os.path.relpath(self.folder)), \
                mock.patch.object(children, "run", side_effect=lambda command, **options: commands.append(command) or 0), \
                mock.patch.object(maven.mvn, "find", return_value=["mvn"]), mock.patch.object(maven.Maven, "_places", return_value=[]):
            self.assertTrue(testing.test_library(self.project, java.Jdk(self.folder, "17", "amd64", "X"), fast=False))
        self.assertIn(f"-Dapd.golden={self.folder}", commands[0])
        self.assertIn("--activate-profiles=strict", commands[0])

    def test_golden_runs_of_the_project_are_taken_when_none_are_named(self):
        self.assertEqual([], testing.golden_options({}))

    def test_folder_of_golden_runs_that_is_not_there_is_one_sentence(self):
        with self.assertRaisesRegex(Problem, "APD_GOLDEN is 'nowhere', and there is no such folder"):
            testing.golden_options({"APD_GOLDEN": "nowhere"})

    def test_children_get_the_further_jdks_and_the_golden_runs_that_were_named(self):
        env = children.environment({"APD_JDKS": "/a:/b", "APD_GOLDEN": "/g"}, Path("/jdk"))
        self.assertEqual(("/a:/b", "/g"), (env["APD_JDKS"], env["APD_GOLDEN"]))

    @unittest.skipIf(os.name == "nt", "the made-up java is a shell script")
    def test_every_further_jdk_must_be_one(self):
        java_program = self.write("bin/java", f"#!/bin/sh\necho '    java.home = {self.folder}'\necho '    java.version = 25'\n")
        java_program.chmod(0o755)
        self.write("bin/javac")
        self.assertEqual([25], [jdk.feature for jdk in testing.further_jdks({"APD_JDKS": f"{self.folder}{os.pathsep}"})])
        with self.assertRaisesRegex(Problem, "APD_JDKS is .*One of its entries is .*nowhere, and there is no Java in it.*separated by"):
            testing.further_jdks({"APD_JDKS": f"{self.folder}{os.pathsep}/nowhere"})


if __name__ == "__main__":
    sys.exit(unittest.main())
