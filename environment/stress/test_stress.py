"""
Tests of launcher and kernel in difficult conditions: no network, a read-only folder, a path with spaces and non-ASCII letters, two starts at once,
Ctrl-C. They take minutes: `lab.py test` runs them, `lab.py test --fast` does not.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
SECONDS = 1200
"""The limit for what takes a minute or two on an idle machine."""

LOOPBACK_ONLY = """
import fcntl, os, socket, struct, sys
with socket.socket() as any_socket:  # kernels communicate over the loopback interface, which is down at first
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", 1))
os.execv(sys.argv[1], sys.argv[1:])
"""
WITHOUT_NETWORK = ["unshare", "--map-root-user", "--net", sys.executable, "-c", LOOPBACK_ONLY]

READ_ONLY = ["unshare", "--map-root-user", "--mount", "sh", "-c",
             'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"']

QUICK_CELL = "Tms.of(TmsConfig.paper5to2(), 0).train().step()"
LONG_CELL = ("var target = Tms.of(TmsConfig.paper5to2(), 0).train();\n"
             "Apd.decompose(target, ApdConfig.paperTms5to2().with(c -> { c.copies = 1; c.steps = 10_000_000; })).train();")


def works(command):
    """Whether this system lets its users run a command."""
    try:
        return subprocess.run([*command, shutil.which("true")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
    except (OSError, TypeError):
        return False


@unittest.skipIf(os.name == "nt", "needs unshare, mount and signals")
class Stress(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="Übung für Größen ")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        said = subprocess.run([sys.executable, HERE / "environment" / "lab.py", "bundle", "--output", cls.folder], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=SECONDS)
        archive = next(cls.folder.glob("*.zip"), None)
        assert archive is not None, said.stdout
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(cls.folder)
        cls.project = cls.folder / "apd4j"
        write_notebook(cls.folder / "quick.ipynb", QUICK_CELL)
        write_notebook(cls.folder / "long.ipynb", LONG_CELL)

    def lab(self, *arguments, home, within=(), project=None):
        """Starts lab.py for a user with an empty home folder."""
        (self.folder / home).mkdir(exist_ok=True)
        env = {**os.environ, "HOME": str(self.folder / home), "PYTHONDONTWRITEBYTECODE": "1"}
        for name in ("XDG_CACHE_HOME", "MAVEN_OPTS", "PIP_FIND_LINKS"):
            env.pop(name, None)
        process = subprocess.Popen([*within, sys.executable, (project or self.project) / "environment" / "lab.py", *arguments], env=env,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                                   start_new_session=True, preexec_fn=accept_ctrl_c, cwd=self.folder)
        self.addCleanup(process.stdout.close)
        self.addCleanup(end, process)
        return process

    def test_bundle_suffices_for_two_simultaneous_first_starts_without_a_network_after_an_interrupted_one(self):
        within = WITHOUT_NETWORK if works(WITHOUT_NETWORK) else self.note("this system has no `unshare --net`; tested with the network")
        interrupted = self.lab("run", "quick.ipynb", home="home", within=within)
        read_until(interrupted, "Installing JupyterLab")
        self.assert_ctrl_c_leaves_nothing(interrupted)

        both = [self.lab("run", "quick.ipynb", "--output", f"out {i}", home="home", within=within) for i in (1, 2)]
        said = [process.communicate(timeout=SECONDS)[0] for process in both]
        for process, text in zip(both, said):
            self.assertEqual(0, process.returncode, text)
        self.assertIn("another lab.py that is setting up this project", "".join(said))
        for i in (1, 2):
            self.assertIn("5000", (self.folder / f"out {i}" / "quick.ipynb").read_text(encoding="utf-8"))

    def test_read_only_project_is_set_up_in_the_users_cache(self):
        if not works([*READ_ONLY, self.project]):
            self.skipTest("users of this system cannot mount a folder read-only")
        before = listing(self.project)
        process = self.lab("run", "quick.ipynb", "--output", "out read-only", home="home of a reader", within=[*READ_ONLY, self.project])
        said = process.communicate(timeout=SECONDS)[0]
        self.assertEqual(0, process.returncode, said)
        self.assertIn("5000", (self.folder / "out read-only" / "quick.ipynb").read_text(encoding="utf-8"))
        self.assertEqual(before, listing(self.project))
        self.assertTrue(list((self.folder / "home of a reader/.cache/apd4j").glob("*/.venv")))

    def test_ctrl_c_during_a_training_ends_the_kernel(self):
        process = self.lab("run", self.folder / "long.ipynb", "--output", self.folder / "out long", home="home of a trainer", project=HERE)
        read_until(process, "of 10000000")
        self.assert_ctrl_c_leaves_nothing(process)

    def assert_ctrl_c_leaves_nothing(self, process):
        started = [process.pid, *descendants(process.pid)]
        self.assertGreater(len(started), 1, "no child process was started")
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does; kernels are in process groups of their own and do not receive it
        process.communicate(timeout=60)
        self.assertNotEqual(0, process.returncode)
        deadline = time.monotonic() + 30
        while any(map(is_alive, started)) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual([], [pid for pid in started if is_alive(pid)])

    def note(self, text):
        print(f"Note: {text}", file=sys.stderr)
        return []


def accept_ctrl_c():
    """Makes a program react to Ctrl-C, which it would ignore if these tests were started in the background of a shell."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def write_notebook(file, cell):
    file.write_text(json.dumps({
        "cells": [{"cell_type": "code", "id": "only", "execution_count": None, "metadata": {}, "outputs": [], "source": cell}],
        "metadata": {"kernelspec": {"display_name": "Java (APD)", "language": "java", "name": "apd4j"}}, "nbformat": 4, "nbformat_minor": 5,
    }), encoding="utf-8")


def read_until(process, text):
    """Reads the output of a program until a text appears."""
    said = []
    for line in process.stdout:
        said.append(line)
        if text in line:
            return
    raise AssertionError(f"{text!r} does not appear in:\n{''.join(said)}")


def descendants(pid):
    """The descendants of a process."""
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout.split()
    parents = dict(zip(map(int, listed[::2]), map(int, listed[1::2])))
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def is_alive(pid):
    """Whether a process is running. One that has ended and that its parent has not collected yet is not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], stdout=subprocess.PIPE, encoding="utf-8", check=False).stdout.strip()
    return bool(state) and not state.startswith("Z")


def end(process):
    if process.poll() is None:
        for pid in [*descendants(process.pid), process.pid]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.wait()


def listing(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


if __name__ == "__main__":
    unittest.main()
