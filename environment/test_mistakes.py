"""Tests that mistakes on the command line and errors of the system are reported in one sentence."""

import contextlib
import errno
import io
import os
import subprocess
import sys
import unittest
from pathlib import Path
from unittest import mock

from fixtures import TestWithFolder, unused_port
from launcher import commands, doctor, java, mistakes, project, runner, server
from launcher.console import Problem
from launcher.project import Project

NOTEBOOK = '{"cells": [{"cell_type": "code", "source": "1"}]}'


class Typed(TestWithFolder):

    def lab(self, *arguments):
        """Runs a wrong command line, which must fail before anything is set up; returns the exit code and the message."""
        with contextlib.redirect_stderr(io.StringIO()) as console, mock.patch.object(sys, "stdout", mock.MagicMock()), \
                mock.patch.object(console, "reconfigure", create=True), mock.patch("launcher.children.treat_termination_as_ctrl_c"), \
                mock.patch.object(commands, "_set_up", side_effect=AssertionError("something was set up")):
            try:
                code = commands.main([str(argument) for argument in arguments], self.project)
            except SystemExit as ended:
                code = ended.code
        said = console.getvalue()
        self.assertNotIn("Traceback", said)
        self.assertEqual(1, len(said.splitlines()), said)
        return code, said

    def assert_said(self, pattern, *arguments):
        code, said = self.lab(*arguments)
        self.assertIn(code, (mistakes.FAILED, mistakes.MISTYPED))
        self.assertRegex(said, pattern)

    def test_unwritable_copy_is_reported(self):
        file = self.write("file")
        for place in (file, file / "inside"):
            self.assert_said("file is a file, so no folder can be created there.*--copy DIR", "--copy", place)

    def test_unwritable_output_is_reported(self):
        file, notebook = self.write("file"), self.write("a.ipynb", NOTEBOOK)
        self.assert_said("file is a file.*--output DIR", "run", notebook, "--output", file / "inside")
        self.assert_said("file is a file.*--output DIR", "bundle", "--output", file)

    def test_folder_without_permission_is_reported_with_the_reason(self):
        with mock.patch.object(Path, "touch", side_effect=PermissionError(errno.EACCES, "Permission denied")):
            self.assert_said(r"there is not writable \(Permission denied\)", "bundle", "--output", self.folder / "there")

    def test_invalid_port_is_reported_with_the_range(self):
        for port in ("99999", "-5", "0", "80a", "٨٠", ""):
            self.assert_said("'.*' is no port; it must be a whole number from 1 to 65535", f"--port={port}")
        self.assert_said("'-5' is no port", "--port", "-5")

    def test_unknown_command_is_reported_with_the_most_similar_one_and_all(self):
        self.assert_said("no command 'dcotor'; did you mean `doctor`.*run, results, kernel, test, bundle, release, bench, compare, doctor", "dcotor")
        self.assert_said("no command 'strat': lab.py without a command opens the notebooks", "strat")
        self.assert_said("no command 'xyzzy'. The commands are", "xyzzy")

    def test_unknown_option_is_reported_with_the_most_similar_one(self):
        self.assert_said("no option --prot; did you mean `--port`", "--prot", "8890")
        self.assert_said("no option --qick; did you mean `--quick`", "run", "a.ipynb", "--qick")

    def test_missing_file_and_file_that_is_no_notebook_are_distinguished(self):
        self.assert_said("README.md is no notebook", "run", self.write("README.md", "# Title"))
        self.assert_said("is a folder", "run", self.folder)
        self.assert_said("no notebook .*missing.ipynb", "run", self.folder / "missing.ipynb")
        self.write("superposition.ipynb", NOTEBOOK)
        self.assert_said("no notebook .*Did you mean `.*superposition.ipynb`", "run", self.folder / "superpositon.ipynb")

    def test_damaged_notebook_is_reported(self):
        for content in ("{", "[]", '{"cells": 1}', '{"cells": [1]}', '{"worksheets": []}'):
            self.assert_said("damaged|no notebook", "run", self.write("bad.ipynb", content))
        (self.folder / "bad.ipynb").write_bytes(b"\xff\xfe\x00")
        self.assert_said("damaged", "run", self.folder / "bad.ipynb")

    def test_two_notebooks_of_the_same_name_are_refused(self):
        with self.assertRaisesRegex(Problem, "Two notebooks are called a.ipynb"):
            runner.existing([str(self.write("x/a.ipynb", NOTEBOOK)), str(self.write("y/a.ipynb", NOTEBOOK))])


class Refused(TestWithFolder):

    def reported(self, error):
        def fail():
            raise error

        with contextlib.redirect_stderr(io.StringIO()) as console:
            self.assertEqual(mistakes.FAILED, mistakes.reported(fail))
        return console.getvalue()

    def test_error_of_the_system_is_reported_with_the_file_and_a_remedy(self):
        for number in (errno.EACCES, errno.EROFS, errno.ENOSPC, errno.ENOTDIR, errno.EISDIR, errno.ENOENT, errno.ENAMETOOLONG, errno.EIO):
            said = self.reported(OSError(number, os.strerror(number), "/a/file"))
            self.assertRegex(said, rf"^/a/file: {os.strerror(number)}\. \S.*[.?]\n$")

    def test_error_in_the_launcher_is_reported_as_such_with_its_traceback(self):
        said = self.reported(KeyError("nobody expected that"))
        self.assertIn("Traceback", said)
        self.assertIn("nobody expected that", said)
        self.assertIn("This is an error in lab.py", said)

    def test_port_that_requires_rights_is_not_reported_as_in_use(self):
        with mock.patch("socket.socket.bind", side_effect=PermissionError(errno.EACCES, "Permission denied")), \
                self.assertRaisesRegex(Problem, "Port 80 requires administrator rights.*--port 8888"):
            server.free_port(80)

    def test_free_port_is_used(self):
        port = unused_port()
        self.assertEqual(port, server.free_port(port))

    def test_size_of_a_download_is_given_only_if_java_is_missing(self):
        for environ, has_size in (({"JAVA_HOME": "/nowhere"}, False), ({"PATH": ""}, True)):
            with self.assertRaises(Problem) as caught:
                java.find(environ)
            self.assertEqual(has_size, "250 MB" in doctor._with_size(caught.exception, java.INSTALL, "about 250 MB"))

    @unittest.skipIf(os.name == "nt", "Windows has no executable bit")
    def test_java_that_is_not_executable_is_reported(self):
        self.write("bin/java", "no program").chmod(0o755 if os.geteuid() == 0 else 0o644)
        with self.assertRaisesRegex(Problem, "java` does not start: (Exec format error|Permission denied)"):
            java.find({"JAVA_HOME": str(self.folder)})

    def test_folder_that_replaces_a_read_only_one_is_named(self):
        others = Project(self.folder, elsewhere=self.folder / "cache")
        with contextlib.redirect_stdout(io.StringIO()) as console, mock.patch("launcher.java.find"), mock.patch("launcher.commands.Maven"):
            commands._built(others)
        self.assertIn(f"{self.folder} is read-only, so the set-up goes to {self.folder / 'cache'}.", console.getvalue())

    def test_closed_output_causes_no_message(self):
        program = ("import sys; sys.path.insert(0, sys.argv[1]); from launcher.mistakes import reported\n"
                   "def talk():\n    while True: print('x' * 10_000)\nsys.exit(reported(talk))")
        talking = subprocess.Popen([sys.executable, "-c", program, project.HERE.environment], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        talking.stdout.close()
        self.assertEqual(b"", talking.stderr.read())
        talking.stderr.close()
        talking.wait()


if __name__ == "__main__":
    unittest.main()
