#!/usr/bin/env python3
"""Starts the notebooks, and everything around them.

    python3 environment/lab.py                 builds the library, sets up JupyterLab, opens the notebooks
    python3 environment/lab.py run NOTEBOOK…   executes notebooks without a browser
    python3 environment/lab.py test            tests the library, the launcher and the notebooks
    python3 environment/lab.py doctor          says what this machine lacks, and how to mend it
    python3 environment/lab.py --help          the rest

Needs a JDK (17 or later) and Python (3.9 or later), and of Python nothing but the standard library. Whatever it sets up stays
under `environment/` (`.venv`, `.state`, `output`) and in Maven's own folder, `~/.m2`; Maven itself goes there too where none is installed. The work is done by the modules in
`environment/launcher/`; nothing of the method is written in Python.
"""

import sys

if sys.version_info < (3, 9):
    sys.exit("This is Python %d.%d and lab.py needs 3.9 or later: start it with a newer one, e.g. `python3.11 %s`."
             % (sys.version_info[0], sys.version_info[1], sys.argv[0]))

from launcher.commands import main  # noqa: E402: only after the version is known to be one that can read it

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
