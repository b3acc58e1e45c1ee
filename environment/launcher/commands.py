"""The commands of `lab.py`: what each sets up first, and what it does."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import List, Tuple

from . import bundle, children, doctor, java, kernel, machine, packages, release, results, runner, server, testing
from .console import Problem, complain, say
from .java import Jdk
from .maven import Library, Maven
from .mistakes import Parser, reported, writable_folder
from .project import HERE, Project
from .state import State, fingerprint, only_one_at_a_time

def main(arguments: List[str], project: Project = HERE) -> int:
    """Executes a command and returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    options = parser().parse_args(_with_passed_on(arguments))
    children.treat_termination_as_ctrl_c()
    return reported(lambda: options.command(project, options))


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    top = Parser(
        prog="lab.py", description="Without a command: builds the library, sets up JupyterLab and opens the notebooks.")
    top.set_defaults(command=_open)
    top.add_argument("--no-browser", action="store_true", help="print the address without opening a browser")
    top.add_argument("--port", metavar="PORT", type=_port, help=f"the server's port (default: the first free port from {server.FIRST_PORT})")
    top.add_argument("--copy", metavar="DIR", type=Path, help="open a working copy of the notebooks in DIR, which is created if necessary")
    commands = top.add_subparsers(title="commands", metavar="")
    top.commands = commands.choices
    top.needless = dict.fromkeys(("start", "open", "lab", "notebook", "notebooks", "jupyter"), "lab.py without a command opens the notebooks")

    run = commands.add_parser("run", help="execute notebooks without a browser")
    run.add_argument("notebooks", metavar="NOTEBOOK", nargs="+")
    run.add_argument("--profile", choices=runner.PROFILES, type=str.upper, metavar="NAME",
                     help=f"{', '.join(runner.PROFILES)}; sets APD_PROFILE (default: what the notebook's first cell says)")
    run.add_argument("--quick", dest="profile", action="store_const", const="QUICK", help="the same as --profile QUICK")
    run.add_argument("--inplace", action="store_true", help="also write the outputs into the notebook itself")
    run.add_argument("--output", metavar="DIR", type=Path, help="where to write (default: environment/output)")
    run.set_defaults(command=_run)

    made = commands.add_parser("results", help="make the committed results that LOOK shows, from an execution with `run --profile PAPER`")
    made.add_argument("notebooks", metavar="NOTEBOOK", nargs="*", help="default: all notebooks of the project")
    made.add_argument("--profile", choices=runner.PROFILES[1:], type=str.upper, metavar="NAME", default=results.PAPER,
                      help="the profile of the execution (default: PAPER; any other only with --output)")
    made.add_argument("--output", metavar="DIR", type=Path, help="where to write (default: notebooks/results)")
    made.set_defaults(command=_results)

    install = commands.add_parser("kernel", help="install the kernel only")
    install.add_argument("--user", action="store_true", help="install it for your own JupyterLab or VS Code")
    install.set_defaults(command=_kernel)

    test = commands.add_parser("test", help="run all tests: launcher, library, notebooks, browser")
    test.add_argument("--fast", action="store_true",
                      help=f"only the tests of launcher and library, without JUnit tests tagged '{testing.SLOW_TESTS}'")
    test.set_defaults(command=_test)

    pack = commands.add_parser("bundle",
                               help="pack the project with everything it downloads, for machines without a network")
    pack.add_argument("--output", metavar="DIR", type=Path, help="where to write (default: environment/output)")
    pack.set_defaults(command=_bundle)

    publish = commands.add_parser("release", help="build everything that is published: jars, sources, Javadoc, bill of materials, bundle, checksums")
    publish.add_argument("--output", metavar="DIR", type=Path, help="where to write (default: environment/output)")
    publish.set_defaults(command=_release)

    bench = commands.add_parser("bench", help="run the benchmarks with the arguments that follow")
    bench.add_argument("arguments", nargs="*")
    bench.set_defaults(command=_bench)

    compare = commands.add_parser("compare", help="make the committed comparison of methods, or parts of it; takes hours, and goes on where it was stopped")
    compare.add_argument("arguments", nargs="*", metavar="PART", help="5-2, 40-10, one-layer, two-layers, sensitivity, reach, residual-reach, modular-addition (default: all); --seeds N, --runs DIR, "
                         "--output FILE, --measure-only, --missing, --table")
    compare.set_defaults(command=_compare)

    examine = commands.add_parser("doctor", help="report what is installed, what is missing, and how to install it")
    examine.set_defaults(command=lambda project, options: 0 if doctor.examine(project) else 1)
    return top


def _port(text: str) -> int:
    """Parses a port number."""
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= server.LARGEST_PORT:
        raise argparse.ArgumentTypeError(f"'{text}' is no port; it must be a whole number from 1 to {server.LARGEST_PORT}")
    return int(text)


def _with_passed_on(arguments: List[str]) -> List[str]:
    """Marks the arguments after `bench` and `compare` as those of the program that they start, even if they look like options."""
    if arguments[:1] in (["bench"], ["compare"]) and arguments[1:2] not in (["-h"], ["--help"]):
        return [arguments[0], "--", *arguments[1:]]
    return arguments


def _open(project: Project, options) -> int:
    port = options.port if options.port is None else server.free_port(options.port)  # fails before anything is built
    copy = options.copy and writable_folder(server.place_for_copy(project.notebooks, options.copy), "--copy")
    jdk = _set_up(project)
    if not project.notebooks.is_dir():
        raise Problem(f"The folder {project.notebooks} is missing, so this copy of the project is incomplete.", "Download the project again.")
    server.trust(project, jdk)
    folder = server.working_copy(project.notebooks, copy) if copy else project.notebooks
    return server.open_lab(project, jdk, folder, port=port, browser=not options.no_browser)


def _run(project: Project, options) -> int:
    notebooks = runner.existing(options.notebooks)
    output = writable_folder(options.output or project.output, "--output")
    jdk = _set_up(project)
    executor = runner.Runner(project, jdk, profile=options.profile)
    executions = [executor.run_and_record(notebook, output, results.recording(notebook)) for notebook in notebooks]
    if options.inplace:
        for execution in executions:
            runner.put_in_place(execution)
    failed = [execution.notebook.name for execution in executions if not execution.succeeded]
    if failed:
        complain(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


def _results(project: Project, options) -> int:
    notebooks = runner.existing(options.notebooks or sorted(map(str, project.notebooks.glob("*.ipynb"))))
    if options.profile != results.PAPER and not options.output:
        raise Problem(f"The committed results are those of {results.PAPER}, not of {options.profile}.", "Write them elsewhere: `--output DIR`.")
    output = (options.output or project.results).expanduser().resolve()
    for notebook in notebooks:
        results.recorded_files(notebook, options.profile)  # what is missing is reported before anything is built
    writable_folder(output.parent, "--output")
    jdk = _set_up(project)
    executor = runner.Runner(project, jdk, profile="LOOK" if options.profile == results.PAPER else options.profile)
    return 0 if results.make(project, executor, notebooks, options.profile, output) else 1


def _kernel(project: Project, options) -> int:
    if options.user:
        jdk, library = _built(project)
        folder = kernel.users_folder()
        kernel.install(project, jdk, library, folder)
    else:
        _set_up(project)
        folder = project.kernel_spec
    say(f"The kernel \"{kernel.DISPLAY_NAME}\" is at {folder}.")
    return 0


def _test(project: Project, options) -> int:
    testing.golden_options()  # reports a wrong APD_GOLDEN before anything is built
    for further in testing.further_jdks():
        say(f"Kernels are tested with this JDK, too: {further}")
    jdk = _built(project)[0] if options.fast else _set_up(project)
    if testing.run(testing.parts(project, jdk, fast=options.fast)):
        return 0
    complain("Some tests failed; see above.")
    return 1


def _bundle(project: Project, options) -> int:
    output = writable_folder(options.output or project.output, "--output")
    jdk = _set_up(project)
    with only_one_at_a_time(project.state):
        archive = bundle.make(project, jdk, Maven(project, jdk).library(), output)
    say(f"\n{archive} ({archive.stat().st_size / 1e6:.0f} MB)\n\nIt works on machines like this one ({machine.kind()}) that have a JDK and Python: "
        f"unpack it there and start `python3 {bundle.FOLDER}/environment/lab.py`.\n"
        f"Its SHA-256 checksum: {bundle.checksum(archive)}")
    return 0


def _release(project: Project, options) -> int:
    output = writable_folder(options.output or project.output, "--output")
    jdk = _set_up(project)
    with only_one_at_a_time(project.state):
        folder = release.make(project, jdk, output)
    say(f"\n{folder}:\n" + "\n".join(f"  {file.name} ({file.stat().st_size / 1e6:.1f} MB)" for file in sorted(folder.iterdir())))
    return 0


def _bench(project: Project, options) -> int:
    jdk = java.find()
    with only_one_at_a_time(project.state):
        class_path = Maven(project, jdk).test_class_path()
    return children.run(
        [jdk.java, f"-Xmx{kernel.heap() // 1024 ** 2}m", "--enable-native-access=ALL-UNNAMED",
         "-Djava.awt.headless=true", "-cp", os.pathsep.join(map(str, class_path)),
         "org.apd4j.benchmark.Benchmarks", *options.arguments],
        cwd=project.root, env=children.environment(os.environ, jdk.home))


def _compare(project: Project, options) -> int:
    jdk, library = _built(project)
    environment = children.environment(os.environ, jdk.home)
    environment.update({"APD_COMMIT": runner.commit(project), "APD_MACHINE": machine.description()})
    return children.run(
        [jdk.java, f"-Xmx{kernel.heap() // 1024 ** 2}m", "--enable-native-access=ALL-UNNAMED",
         "-Djava.awt.headless=true", "-cp", os.pathsep.join(map(str, library.class_path)),
         "org.apd4j.experiments.internal.ComparisonProgram", *options.arguments],
        cwd=project.root, env=environment)


def _set_up(project: Project) -> Jdk:
    """Sets up everything that a notebook needs and that is not there yet."""
    jdk, library = _built(project)
    with only_one_at_a_time(project.state):
        packages.make(project)
        kernel.install(project, jdk, library, project.kernel_spec)
        _warn_of_missing_fonts(project, jdk)
    return jdk


def _built(project: Project) -> Tuple[Jdk, Library]:
    problem = machine.c_library_problem()
    if problem:
        raise problem
    jdk = java.find()
    if project.elsewhere:
        say(f"{project.root} is read-only, so the set-up goes to {project.elsewhere}.")
    with only_one_at_a_time(project.state):
        bundle.verify(project)
        return jdk, Maven(project, jdk).library()


def _warn_of_missing_fonts(project: Project, jdk: Jdk) -> None:
    """Reports that charts cannot be drawn. Checked once for each JDK, because drawing takes a second."""
    made_from, state = fingerprint(str(jdk.home)), State(project.state)
    if state.is_current("fonts", made_from):
        return
    problem = java.font_problem(jdk, project.draw_text)
    if problem:
        complain(str(problem))
    else:
        state.record("fonts", made_from)
