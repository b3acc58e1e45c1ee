"""A simple client of the kernel: starts it as Jupyter does, runs cells, and collects their outputs."""

from __future__ import annotations

import json
import os
import queue
import shutil
import tempfile
import time
from pathlib import Path
from typing import Dict, List, Optional

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

PATIENCE = int(os.environ.get("APD_KERNEL_PATIENCE", "240"))
"""Seconds after which a test gives up. Nothing takes long, but the machine may be busy."""


class Cell:
    """The messages of a cell, and the reply to its request."""

    def __init__(self) -> None:
        self.messages: List[dict] = []
        self.reply: dict = {}

    @property
    def status(self) -> str:
        return self.reply["content"]["status"]

    def stream(self, name: str) -> str:
        return "".join(m["content"]["text"] for m in self.of("stream") if m["content"]["name"] == name)

    @property
    def out(self) -> str:
        return self.stream("stdout")

    @property
    def err(self) -> str:
        return self.stream("stderr")

    @property
    def value(self) -> Optional[str]:
        results = self.of("execute_result")
        return results[-1]["content"]["data"].get("text/plain") if results else None

    @property
    def error(self) -> str:
        errors = [m["content"] for m in self.of("error")]
        return "\n".join(line for each in errors for line in [each["ename"], each["evalue"], *each["traceback"]])

    def of(self, kind: str) -> List[dict]:
        return [m for m in self.messages if m["msg_type"] == kind]

    def __repr__(self) -> str:
        status = self.reply.get("content", {}).get("status")
        return f"{status} value={self.value!r} out={self.out[-500:]!r} err={self.err[-500:]!r} {self.error[-1500:]}"


class Kernel:
    """A running kernel with its own client."""

    def __init__(self, argv: List[str], variables: Dict[str, str]) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.manager = KernelManager(connection_file=str(self.folder / "connection.json"))
        self.manager._kernel_spec = KernelSpec(argv=argv, env=variables, display_name="Java (APD)", language="java", interrupt_mode="message")
        self.log = open(self.folder / "log", "w")
        self.manager.start_kernel(cwd=str(self.folder), stdout=self.log, stderr=self.log, env={**os.environ, **variables})
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)
        self.cells: Dict[str, Cell] = {}

    def send(self, code: str, **options) -> str:
        """Requests the execution of a cell and returns at once."""
        identity = self.client.execute(code, **options)
        self.cells[identity] = Cell()
        return identity

    def wait(self, identity: str, until=None, timeout: float = PATIENCE) -> Cell:
        """Collects messages until a cell is idle and its request is answered, or until a condition holds."""
        cell = self.cells[identity]
        deadline = time.monotonic() + timeout
        while True:
            if until is not None and until(cell):
                return cell
            idle = any(m["msg_type"] == "status" and m["content"]["execution_state"] == "idle" for m in cell.messages)
            if idle and cell.reply:
                return cell
            if time.monotonic() > deadline:
                raise TimeoutError(f"no answer within {timeout} s: {cell}")
            self._take(self.client.get_iopub_msg, lambda found, m: found.messages.append(m))
            self._take(self.client.get_shell_msg, lambda found, m: setattr(found, "reply", m))

    def _take(self, source, store) -> None:
        try:
            message = source(timeout=0.02)
        except queue.Empty:
            return
        found = self.cells.get(message["parent_header"].get("msg_id"))
        if found is not None:
            store(found, message)

    def run(self, code: str, **options) -> Cell:
        """Runs a cell and waits for its end."""
        return self.wait(self.send(code, **options))

    def ask(self, send, *arguments, **options) -> dict:
        """Sends another request than the execution of a cell, and returns the content of the reply."""
        identity = send(*arguments, **options)
        while True:
            message = self.client.get_shell_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == identity:
                return message["content"]

    def interrupt(self) -> None:
        self.manager.interrupt_kernel()

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
