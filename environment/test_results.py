"""Tests of profiles in `lab.py run`, and of `lab.py results`, with a simulated kernel."""

import contextlib
import io
import json
import os
import sys
import unittest
import zipfile
from pathlib import Path
from unittest import mock

from fixtures import TestWithFolder
from launcher import children, commands, npz, results, runner
from launcher.console import Problem
from launcher.java import Jdk

CELL = {"cell_type": "code", "source": "1", "metadata": {}, "outputs": []}


def content(description):
    """An array of bytes, as NumPy writes it."""
    header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }\n"
    return npz.MAGIC + bytes([1, 0]) + len(header).to_bytes(2, "little") + header + json.dumps(description).encode()


class WithKernel(TestWithFolder):
    """A kernel that records a file for each name in `makes`, and that needs those in `needs` where results are shown."""

    def setUp(self):
        super().setUp()
        self.profile, self.makes, self.needs, self.environments = "PAPER", ["run-00000001"], [], []
        for target, name, value in ((children, "run", self.execute), (runner, "commit", lambda project: "abc1234")):
            self.addCleanup(mock.patch.stopall)
            mock.patch.object(target, name, side_effect=value).start()
        mock.patch.object(runner.Maven, "mathjax", return_value=Path("mathjax.jar")).start()

    def runner(self, profile):
        return runner.Runner(self.project, Jdk(self.folder, "17", "amd64", "X"), profile=profile)

    def execute(self, command, env, **options):
        self.environments.append(env)
        notebook, executed, page = command[3:6]
        executed.write_text(json.dumps({"cells": [CELL]}), encoding="utf-8")
        if runner.SHOW in env:
            there = {file.stem for file in Path(env[runner.SHOW]).glob("*/*.npz")}
            return 0 if there.issuperset(self.needs) else 1
        for name in self.makes if runner.RECORD in env else []:
            self.npz(Path(env[runner.RECORD]) / f"{name}.npz", profile=env.get("APD_PROFILE", self.profile), commit=env["APD_COMMIT"])
        return 0

    def npz(self, file, profile="PAPER", commit="abc1234", size=0, note="", numbers=b"", value=None):
        file.parent.mkdir(parents=True, exist_ok=True)
        origin = {"profile": profile, "commit": commit, "date": "2026-11-27", "machine": "a machine"}
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(npz.DESCRIPTION, content({"name": file.stem, "origin": origin, "note": note, "value": value}))
            archive.writestr("x.npy", os.urandom(size))
            if numbers is not None:
                archive.writestr("state.9.weights.npy", numbers)

    def run_notebook(self, profile, name="01-one.ipynb"):
        notebook = self.write(f"notebooks/{name}", json.dumps({"cells": [CELL]}))
        with contextlib.redirect_stdout(io.StringIO()):
            self.runner(profile).run_and_record(notebook, self.folder / "out", results.recording(notebook))
        return notebook

    def make(self, *notebooks, profile="PAPER", output=None):
        with contextlib.redirect_stdout(io.StringIO()) as console, contextlib.redirect_stderr(console):
            made = results.make(self.project, self.runner("LOOK"), notebooks, profile, output or self.project.results)
        return made, console.getvalue()


class Profiles(WithKernel):

    def arguments(self, *typed):
        return commands.parser().parse_args(["run", "a.ipynb", *typed])

    def test_profile_is_given_by_name_in_any_case_and_quick_is_short_for_one(self):
        self.assertEqual("LONG", self.arguments("--profile", "long").profile)
        self.assertEqual("QUICK", self.arguments("--quick").profile)
        self.assertIsNone(self.arguments().profile)

    def test_unknown_profile_is_reported_with_the_known_ones(self):
        with contextlib.redirect_stderr(io.StringIO()) as console, mock.patch.object(sys, "stdout", io.StringIO()):
            with self.assertRaises(SystemExit):
                self.arguments("--profile", "FAST")
        for name in runner.PROFILES:
            self.assertIn(name, console.getvalue())

    def test_profile_is_passed_to_the_kernel_and_without_one_the_cell_decides(self):
        self.run_notebook("LOOK")
        self.run_notebook(None)
        self.assertEqual(["LOOK", None], [env.get("APD_PROFILE") for env in self.environments])

    def test_nothing_is_recorded_under_look(self):
        self.run_notebook("LOOK")
        self.assertNotIn(runner.RECORD, self.environments[0])

    def test_results_of_each_profile_are_kept_apart_and_replaced_by_a_later_execution(self):
        notebook = self.run_notebook("PAPER")
        self.makes = ["run-00000002"]
        self.run_notebook("QUICK")
        self.run_notebook("PAPER")
        self.assertEqual({"PAPER": ["run-00000002.npz"], "QUICK": ["run-00000002.npz"]},
                         {folder.name: [file.name for file in folder.iterdir()] for folder in results.recording(notebook).iterdir()})
        self.assertEqual([], list(results.recording(notebook).parent.glob("*.new")))

    def test_profile_of_the_cell_names_the_folder_if_none_was_given(self):
        self.profile = "LONG"
        self.assertTrue(results.recorded(self.run_notebook(None), "LONG").is_dir())

    def test_failed_execution_leaves_the_recorded_results_of_the_last_one(self):
        notebook = self.run_notebook("PAPER")
        self.makes = ["run-00000002"]
        with mock.patch.object(children, "run", side_effect=lambda *given, **options: self.execute(*given, **options) or 1):
            self.run_notebook("PAPER")
        self.assertEqual(["run-00000001.npz"], [file.name for file in results.recorded(notebook, "PAPER").iterdir()])

    def test_commit_tells_of_changes_and_is_unknown_outside_of_git(self):
        mock.patch.stopall()
        self.assertEqual("unknown", runner.commit(self.project))
        answers = {"rev-parse": "abc1234", "status": " M src/A.java"}
        with mock.patch.object(runner, "_git", side_effect=lambda project, *arguments: answers[arguments[0]]):
            self.assertEqual("abc1234 with changes", runner.commit(self.project))
            answers["status"] = ""
            self.assertEqual("abc1234", runner.commit(self.project))


class Made(WithKernel):

    def names(self):
        return sorted(file.relative_to(self.project.results).as_posix() for file in self.project.results.rglob("*.npz"))

    def test_card_at_the_top_shows_the_run_that_was_made_into_results(self):
        card = {"cell_type": "code", "source": "card.table()", "metadata": {"tags": ["card"]}, "outputs": [{"output_type": "stream", "name": "stdout", "text": "before"}]}
        notebook = self.run_notebook("PAPER")
        notebook.write_text(json.dumps({"cells": [CELL, card]}), encoding="utf-8")
        latest = {"cells": [dict(CELL, outputs=[{"output_type": "stream", "name": "stdout", "text": "no card"}]), dict(card, outputs=[{"output_type": "stream", "name": "stdout", "text": "after"}])]}
        with mock.patch.object(children, "run", side_effect=lambda command, env, **options: command[4].write_text(json.dumps(latest)) and 0):
            made, said = self.make(notebook)
        self.assertTrue(made, said)
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        self.assertEqual([[], [{"output_type": "stream", "name": "stdout", "text": "after"}]], [cell["outputs"] for cell in cells])

    def test_recorded_results_become_those_of_the_notebooks_number_and_are_tried_without_training(self):
        notebook = self.run_notebook("PAPER")
        self.needs = ["run-00000001"]
        made, said = self.make(notebook)
        self.assertTrue(made, said)
        self.assertEqual(["01/run-00000001.npz"], self.names())
        self.assertIn("made with PAPER, commit abc1234, 2026-11-27, a machine", said)
        self.assertEqual("LOOK", self.environments[-1]["APD_PROFILE"])
        self.assertNotIn(runner.RECORD, self.environments[-1])

    def test_error_of_a_cut_is_printed(self):
        notebook = self.run_notebook("PAPER")
        self.npz(results.recorded(notebook, "PAPER") / "run-00000001.npz", note="cut to rank 2 at most")
        self.assertIn("run-00000001 (0.0 MB): cut to rank 2 at most", self.make(notebook)[1])

    def test_folder_is_unchanged_if_a_notebook_misses_a_result(self):
        self.make(self.run_notebook("PAPER"))
        self.makes, self.needs = ["run-00000002"], ["run-00000001"]
        made, said = self.make(self.run_notebook("PAPER"))
        self.assertFalse(made)
        self.assertIn("is unchanged", said)
        self.assertEqual(["01/run-00000001.npz"], self.names())
        self.assertEqual([], [path for path in self.project.notebooks.iterdir() if path.name.endswith(".new")])

    def test_results_of_other_notebooks_stay_and_serve_them_all(self):
        first, second = self.run_notebook("PAPER"), None
        self.make(first)
        self.makes = ["run-00000001", "run-00000002"]
        second = self.run_notebook("PAPER", "06-two.ipynb")
        self.needs = ["run-00000001", "run-00000002"]
        self.assertTrue(self.make(second)[0])
        self.assertEqual(["01/run-00000001.npz", "06/run-00000002.npz"], self.names())

    def test_run_with_other_last_digits_stays_with_its_notebook(self):
        for name, numbers in (("01-one.ipynb", b"1.0000001"), ("02-two.ipynb", b"1.0000002"), ("03-three.ipynb", b"1.0000001"),
                              ("04-four.ipynb", b"1.0000002")):
            notebook = self.run_notebook("PAPER", name)
            self.npz(results.recorded(notebook, "PAPER") / "run-00000001.npz", commit=name, numbers=numbers)
            self.make(notebook)
        self.assertEqual(["01", "02", "04"], sorted(file.parent.name for file in self.project.results.glob("*/run-00000001.npz")))

    def test_value_that_two_notebooks_measured_is_kept_once(self):
        for name in ("01-one.ipynb", "02-two.ipynb"):
            notebook = self.run_notebook("PAPER", name)
            self.npz(results.recorded(notebook, "PAPER") / "growth-of-00000001.npz", commit=name, value=[1, 2], numbers=None)
            self.make(notebook)
        self.assertEqual(["01"], [file.parent.name for file in self.project.results.glob("*/growth-of-00000001.npz")])

    def test_damaged_result_of_another_notebook_is_reported(self):
        notebook = self.run_notebook("PAPER")
        for number in ("05", "06"):
            self.npz(self.project.results / number / "run-00000009.npz")
        (self.project.results / "06" / "run-00000009.npz").write_bytes(b"PK")
        with self.assertRaisesRegex(Problem, "run-00000009.npz is damaged"):
            self.make(notebook)

    def test_notebook_is_told_to_the_kernel_as_by_jupyters_server(self):
        notebook = self.run_notebook("LOOK")
        self.assertEqual(str(notebook), self.environments[0]["JPY_SESSION_NAME"])

    def test_notebook_that_was_not_executed_is_reported_with_the_command(self):
        notebook = self.write("notebooks/01-one.ipynb", json.dumps({"cells": [CELL]}))
        with self.assertRaisesRegex(Problem, "01-one.ipynb has not been executed with the profile PAPER here: .*holds no results\\. Execute it first: "
                                             "`lab.py run --profile PAPER --inplace .*01-one.ipynb`"):
            self.make(notebook)
        self.run_notebook("QUICK")
        with self.assertRaisesRegex(Problem, "only those of QUICK"):
            self.make(notebook)

    def test_results_of_another_profile_or_damaged_ones_are_refused(self):
        notebook = self.run_notebook("PAPER")
        file = results.recorded(notebook, "PAPER") / "run-00000001.npz"
        self.npz(file, profile="QUICK")
        with self.assertRaisesRegex(Problem, "was made with the profile QUICK, not PAPER"):
            self.make(notebook)
        file.write_bytes(file.read_bytes()[:50])
        with self.assertRaisesRegex(Problem, "run-00000001.npz is damaged"):
            self.make(notebook)

    def test_committed_results_of_a_longer_profile_that_a_notebook_takes_over_keep_their_origin(self):
        notebook = self.run_notebook("PAPER")
        self.npz(results.recorded(notebook, "PAPER") / "run-00000001.npz", profile="LONG")
        self.make(notebook)
        self.assertEqual("LONG", npz.describe(self.project.results / "01" / "run-00000001.npz")["origin"]["profile"])

    def test_results_that_are_too_large_are_refused_with_the_largest(self):
        notebook = self.run_notebook("PAPER")
        self.npz(results.recorded(notebook, "PAPER") / "run-00000001.npz", size=3_000)
        with mock.patch.object(results, "LARGEST_FOLDER", 2_000), self.assertRaisesRegex(Problem, "more than .*the largest are 01/run-00000001.npz"):
            self.make(notebook)
        with mock.patch.object(results, "LARGEST_OF_A_NOTEBOOK", 2_000), self.assertRaisesRegex(Problem, "The results of notebook 01 take"):
            self.make(notebook)
        self.assertFalse(self.project.results.exists())

    def test_only_paper_results_are_committed(self):
        notebook = self.run_notebook("QUICK")
        options = commands.parser().parse_args(["results", str(notebook), "--profile", "QUICK"])
        with self.assertRaisesRegex(Problem, "The committed results are those of PAPER, not of QUICK. Write them elsewhere: `--output DIR`"):
            options.command(self.project, options)

    def test_folder_is_named_after_the_notebooks_number(self):
        self.assertEqual(["01", "07", "mine"], [results.folder_name(Path(name)) for name in ("01-a.ipynb", "07.ipynb", "mine.ipynb")])


if __name__ == "__main__":
    sys.exit(unittest.main())
