"""The base class of tests with kernels: one kernel for each JDK, that of the kernel spec first."""

from __future__ import annotations

import json
import os
import unittest
from pathlib import Path
from typing import Dict, List

from client import Cell, Kernel

SPEC = json.loads(Path(os.environ["APD_KERNEL_SPEC"]).read_text(encoding="utf-8")) if os.environ.get("APD_KERNEL_SPEC") else None
JAVAS = [SPEC["argv"][0]] if SPEC else []
JAVAS += [str(Path(home) / "bin" / "java") for home in os.environ.get("APD_JDKS", "").split(os.pathsep) if home]


def start(java: str, **variables: str) -> Kernel:
    return Kernel([java, *SPEC["argv"][1:]], {**{name: value.replace("$$", "$") for name, value in SPEC["env"].items()}, **variables})


class WithKernels(unittest.TestCase):
    """Starts one kernel for each JDK, which those tests of a class share that do not affect each other."""

    variables: Dict[str, str] = {}

    @classmethod
    def setUpClass(cls) -> None:
        if not SPEC:
            raise unittest.SkipTest("APD_KERNEL_SPEC names no kernel spec; `lab.py test` sets it")
        cls.kernels: List[Kernel] = []

    @classmethod
    def each(cls) -> List[Kernel]:
        if not cls.kernels:
            for java in JAVAS:
                cls.kernels.append(start(java, **cls.variables))
                cls.addClassCleanup(cls.kernels[-1].close)
        return cls.kernels

    def fresh(self):
        """New kernels for a single test, one after the other."""
        for java in JAVAS:
            kernel = start(java, **self.variables)
            try:
                yield kernel
            finally:
                kernel.close()

    def ok(self, cell: Cell) -> Cell:
        self.assertEqual("ok", cell.status, cell)
        return cell
