#!/usr/bin/env python3
"""Builds the library, sets up JupyterLab, and opens or executes the notebooks.

    python3 environment/lab.py                 builds the library, sets up JupyterLab, opens the notebooks
    python3 environment/lab.py run NOTEBOOK…   executes notebooks without a browser
    python3 environment/lab.py test            tests the library, the launcher and the notebooks
    python3 environment/lab.py doctor          reports what is missing on this machine, and how to install it
    python3 environment/lab.py --help          lists all commands

Needs a JDK (17 or later) and Python (3.9 or later); of Python, only the standard library. Everything that it sets up stays in `environment/`
(`.venv`, `.state`, `output`) and in Maven's folder `~/.m2`, where Maven itself goes too if none is installed. The work is done by the modules in
`environment/launcher/`; nothing of the library is written in Python.
"""

import sys

if sys.version_info < (3, 9):
    sys.exit("This is Python %d.%d; lab.py needs 3.9 or later. Start it with a newer Python, for example `python3.11 %s`."
             % (sys.version_info[0], sys.version_info[1], sys.argv[0]))

from launcher.commands import main  # noqa: E402: these modules do not parse on an older Python, so its version is checked first

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
