"""
Which of OpenBLAS's codes this processor can run.

ND4J brings an OpenBLAS of 2021. Processors that it does not know it takes for a Pentium 4 (Intel's Emerald Rapids, for example): the
results are right, but matrix products take about four times as long. A variable tells it better.
"""

from __future__ import annotations

import ctypes
import os
import re
from pathlib import Path
from typing import Dict, FrozenSet, Mapping, Optional

CORE_TYPE = "OPENBLAS_CORETYPE"
"""OpenBLAS's own environment variable; one that the user has set stays as it is."""

_CODES = {
    "SkylakeX": frozenset(("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl")),
    "Haswell": frozenset(("avx2", "fma")),
}
"""From the fastest on: the name of a code, and what the processor needs for it, as Linux names it."""

_WINDOWS_FEATURES = {40: ("avx2", "fma"), 41: ("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl")}
"""By the number that Windows asks with: it knows these groups only by their first member. Not tried on Windows."""


def variables(environ: Mapping[str, str] = os.environ) -> Dict[str, str]:
    """What programs that use OpenBLAS should be started with, beside what is set already."""
    code = fastest(features())
    return {CORE_TYPE: code} if code and CORE_TYPE not in environ else {}


def fastest(known: FrozenSet[str]) -> Optional[str]:
    """The code that suits a processor with these features; none where OpenBLAS should decide: on an Arm, or before 2013."""
    return next((code for code, needed in _CODES.items() if needed <= known), None)


def features() -> FrozenSet[str]:
    """What this processor can do, by Linux's names; nothing on macOS, whose last Intel processors are older than this OpenBLAS."""
    if os.name == "nt":
        asked = ctypes.windll.kernel32.IsProcessorFeaturePresent
        return frozenset(name for number, names in _WINDOWS_FEATURES.items() if asked(number) for name in names)
    try:
        return listed(Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return frozenset()


def listed(cpuinfo: str) -> FrozenSet[str]:
    """The features that all processors of Linux's list have."""
    lists = [frozenset(flags.split()) for flags in re.findall(r"^flags\s*:(.*)$", cpuinfo, re.MULTILINE)]
    return frozenset.intersection(*lists) if lists else frozenset()
