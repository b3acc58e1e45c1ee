"""Tests that JupyterLab leaves no process behind, and that other users cannot read its token."""

import contextlib
import io
import os
import signal
import stat
import subprocess
import sys
import time
import unittest
from pathlib import Path
from unittest import mock

from fixtures import TestWithFolder, unused_port
from launcher import children, java, processes, server

KERNEL = "import os, signal, time; [signal.signal(s, signal.SIG_IGN) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]; time.sleep(600)"
"""A kernel that ignores signals; like Jupyter's kernels it has a session of its own."""

SERVER = f"""
import json, os, signal, subprocess, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
kernel = subprocess.Popen([sys.executable, "-c", {KERNEL!r}], start_new_session=True)
nested = [sys.executable, "-c",
          "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[1]], start_new_session=True).wait()", {KERNEL!r}]
second = subprocess.Popen(nested, start_new_session=True)
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def do_POST(self):
        self.send_response(200 if self.headers["Authorization"] == "token " + os.environ["JUPYTER_TOKEN"] else 403); self.end_headers()
        if sys.argv[2] == "obedient":
            os._exit(0)
    def log_message(self, *words):
        pass
if sys.argv[2] == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@unittest.skipIf(os.name == "nt", "there are no signals; taskkill ends the tree")
class Ending(TestWithFolder):

    def open_lab(self, kind, opened=lambda address: None):
        """Starts a server that behaves like Jupyter, interrupts it when it is up, and returns its descendants and the console output."""
        port, seen = unused_port(), {}

        def until_ctrl_c(*_):
            process, = seen["server"]
            deadline = time.monotonic() + 60
            while len(seen.setdefault("started", processes.descendants(process.pid))) < 3 and time.monotonic() < deadline:
                time.sleep(0.05)
                del seen["started"]
            raise KeyboardInterrupt

        start = children.start

        def start_and_remember(*arguments, **options):
            process = start(*arguments, **options)
            seen["server"] = [process]
            process_wait = process.wait
            process.wait = lambda timeout=None: process_wait(timeout) if timeout or "started" in seen else until_ctrl_c()
            return process

        jdk = java.Jdk(self.folder, "17", "amd64", "X")
        self.write("environment/jupyter/custom/custom.css")
        with mock.patch.object(server, "_command", return_value=[sys.executable, "-c", SERVER, port, kind]), \
                mock.patch.object(children, "start", side_effect=start_and_remember), mock.patch.object(children, "SECONDS_TO_END", 1), \
                mock.patch("webbrowser.open", side_effect=opened), contextlib.redirect_stdout(io.StringIO()) as console:
            self.assertEqual(0, server.open_lab(self.project, jdk, self.folder, port=port, browser=True))
        self.assertEqual(3, len(seen["started"]))
        self.assertIsNotNone(seen["server"][0].poll())
        return seen["started"], console.getvalue()

    def assert_gone(self, started):
        deadline = time.monotonic() + 30
        while (left := {process for process in started if is_running(process)}) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(set(), left)

    def test_server_and_kernels_that_ignore_signals_are_killed(self):
        started, _ = self.open_lab("stubborn")
        self.assert_gone(started)

    def test_kernels_left_behind_by_a_server_are_killed(self):
        started, said = self.open_lab("obedient")
        self.assert_gone(started)
        self.assertTrue(said.rstrip().endswith("Ending JupyterLab and its kernels …"), said)

    def test_second_ctrl_c_kills_everything_at_once(self):
        process = children.start([sys.executable, "-c", SERVER, unused_port(), "stubborn"], env={**os.environ, "JUPYTER_TOKEN": "t"})
        deadline = time.monotonic() + 60
        while len(started := processes.descendants(process.pid)) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)

        def again():
            raise KeyboardInterrupt

        children.end(process, ask=again)
        self.assertEqual(-signal.SIGKILL, process.returncode)
        self.assert_gone(started)

    def test_process_that_reuses_a_process_number_is_not_killed(self):
        bystander = children.start([sys.executable, "-c", "import time; time.sleep(60)"])
        self.addCleanup(children.end, bystander)
        processes.kill({processes.Process(bystander.pid, "another time")})
        time.sleep(0.2)
        self.assertIsNone(bystander.poll())

    def test_processes_are_listed_by_ps_where_there_is_no_proc(self):
        bystander = children.start([sys.executable, "-c", "import time; time.sleep(60)"])
        self.addCleanup(children.end, bystander)
        try:
            listed = processes._listed()
        except FileNotFoundError:
            self.skipTest("there is no `ps`")
        self.assertIn((bystander.pid, os.getpid()), {(process.pid, parent) for process, parent in listed.items()})

    def test_token_is_on_no_command_line_and_only_in_a_page_that_its_owner_can_read(self):
        doors = []

        def look(address):
            page = Path(address[len("file://"):].replace("%20", " ").replace("%C3%B6", "ö"))
            text = page.read_text(encoding="utf-8")
            doors.append((address, page, stat.S_IMODE(page.stat().st_mode), text.split("token=")[1].split('"')[0], command_lines()))

        _, said = self.open_lab("obedient", look)
        (address, page, mode, token, listed), = doors
        self.assertIn(token, said)
        self.assertNotIn(token, address)
        self.assertNotIn(token, listed)
        self.assertEqual(0o600, mode)
        self.assertFalse(page.exists())


def is_running(process):
    return any(other == process and not is_zombie(process.pid) for other in processes._all())


def is_zombie(pid):
    """Whether a process has ended and its parent has not collected it yet."""
    answer = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], stdout=subprocess.PIPE, encoding="utf-8", check=False).stdout
    return answer.strip().startswith("Z") or not answer.strip()


def command_lines():
    return subprocess.run(["ps", "-A", "-ww", "-o", "args="], stdout=subprocess.PIPE, encoding="utf-8", errors="replace", check=False).stdout


if __name__ == "__main__":
    unittest.main()
