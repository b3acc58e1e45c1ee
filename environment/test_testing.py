"""Tests of `lab.py test`: its parts, and the settings that it passes to them."""

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

    def test_minutes_of_every_part_and_the_total_are_shown_at_the_end(self):
        passed, said = self.run_parts(("One", True), ("Two", True))
        self.assertTrue(passed)
        self.assertEqual([["One", "1.5", "min", "passed"], ["Two", "5.0", "min", "passed"], ["All", "6.5", "min", "passed"]],
                         [line.split() for line in said.splitlines()[-3:]])

    def test_parts_after_a_failure_are_run(self):
        passed, said = self.run_parts(("One", False), ("Two", True))
        self.assertFalse(passed)
        self.assertEqual(["FAILED", "passed", "FAILED"], [line.split()[-1] for line in said.splitlines()[-3:]])

    def test_fast_leaves_out_parts_that_need_jupyter_or_a_browser(self):
        fast = [part.name for part in testing.parts(None, None, fast=True)]
        whole = [part.name for part in testing.parts(None, None, fast=False)]
        self.assertEqual(fast, whole[:len(fast)])
        self.assertIn("JupyterLab in a browser", set(whole) - set(fast))


class PassedOn(TestWithFolder):

    def test_folder_of_golden_runs_is_passed_to_maven_as_an_absolute_path(self):
        commands = []
        with mock.patch.dict(os.environ, APD_GOLDEN=os.path.relpath(self.folder)), \
                mock.patch.object(children, "run", side_effect=lambda command, **options: commands.append(command) or 0), \
                mock.patch.object(maven.mvn, "find", return_value=["mvn"]), mock.patch.object(maven.Maven, "_places", return_value=[]):
            self.assertTrue(testing.test_library(self.project, java.Jdk(self.folder, "17", "amd64", "X"), fast=False))
        self.assertIn(f"-Dapd.golden={self.folder}", commands[0])
        self.assertIn("--activate-profiles=strict", commands[0])

    def test_golden_runs_of_the_project_are_used_by_default(self):
        self.assertEqual([], testing.golden_options({}))

    def test_missing_folder_of_golden_runs_is_reported(self):
        with self.assertRaisesRegex(Problem, "APD_GOLDEN is 'nowhere', which is not a folder"):
            testing.golden_options({"APD_GOLDEN": "nowhere"})

    def test_children_inherit_the_further_jdks_and_the_golden_runs(self):
        env = children.environment({"APD_JDKS": "/a:/b", "APD_GOLDEN": "/g"}, Path("/jdk"))
        self.assertEqual(("/a:/b", "/g"), (env["APD_JDKS"], env["APD_GOLDEN"]))

    @unittest.skipIf(os.name == "nt", "the simulated java is a shell script")
    def test_every_further_jdk_must_be_usable(self):
        java_program = self.write("bin/java", f"#!/bin/sh\necho '    java.home = {self.folder}'\necho '    java.version = 25'\n")
        java_program.chmod(0o755)
        self.write("bin/javac")
        self.assertEqual([25], [jdk.feature for jdk in testing.further_jdks({"APD_JDKS": f"{self.folder}{os.pathsep}"})])
        with self.assertRaisesRegex(Problem, "APD_JDKS is .*One of its entries is .*nowhere, where there is no Java.*separated by"):
            testing.further_jdks({"APD_JDKS": f"{self.folder}{os.pathsep}/nowhere"})


if __name__ == "__main__":
    sys.exit(unittest.main())
