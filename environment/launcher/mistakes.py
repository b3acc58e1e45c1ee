"""Error messages: a sentence for what users can correct, a traceback only for faults of the launcher itself."""

from __future__ import annotations

import argparse
import difflib
import errno
import os
import re
import sys
import traceback
from pathlib import Path
from typing import Callable, Iterable, Mapping, NoReturn, Optional, Sequence

from .console import Problem, complain

FAILED = 1
MISTYPED = 2
INTERRUPTED = 130

_REMEDIES = {
    **dict.fromkeys((errno.EACCES, errno.EPERM), "Choose a place that you may read and write, or ask its owner."),
    errno.EROFS: "That place is read-only; choose another one.",
    errno.ENOSPC: "Make room on that disk and start again.",
    getattr(errno, "EDQUOT", errno.ENOSPC): "Make room on that disk and start again.",
    **dict.fromkeys((errno.ENOTDIR, errno.EEXIST), "There is a file where a folder should be; choose another place, or move the file."),
    errno.EISDIR: "There is a folder where a file should be; choose another place, or move the folder.",
    errno.ENOENT: "Check the spelling of the path, and that its disk is connected.",
    errno.ENAMETOOLONG: "Choose a shorter path.",
    errno.ENOEXEC: "That program was built for another kind of machine; install the one for this machine.",
    errno.EMFILE: "Close other programs and start again.",
}


def reported(program: Callable[[], int]) -> int:
    """Runs a program and returns its exit code; exceptions are reported as messages."""
    try:
        return program()
    except Problem as problem:
        complain(str(problem))
        return FAILED
    except KeyboardInterrupt:
        complain("\nInterrupted.")
        return INTERRUPTED
    except BrokenPipeError:  # nobody reads the output any more, as in `lab.py doctor | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        if error.filename is None and error.strerror is None:
            return _unexpected()
        complain(str(explain(error)))
        return FAILED
    except Exception:  # a fault of the launcher
        return _unexpected()


def _unexpected() -> int:
    traceback.print_exc()
    complain("\nThis is an error in lab.py, not a mistake of yours. `python3 environment/lab.py doctor` may show a way around it; "
             "please report the lines above together with your command.")
    return FAILED


def explain(error: OSError) -> Problem:
    """Describes an error of the operating system, with the file and a remedy."""
    names = [str(name) for name in (error.filename, error.filename2) if name is not None]
    return Problem(f"{' and '.join(names) or 'The system'}: {error.strerror or error}.",
                   _REMEDIES.get(error.errno, "Correct that and start again; `lab.py doctor` checks the whole machine."))


def writable_folder(folder: Path, option: str) -> Path:
    """Returns a folder in which files can be created; creates it if necessary."""
    folder = folder.expanduser()
    advice = f"Choose another folder: `{option} DIR`."
    try:
        folder = folder.resolve()
        in_the_way = next((place for place in (folder, *folder.parents) if place.exists() and not place.is_dir()), None)
        if in_the_way:
            raise Problem(f"{in_the_way} is a file, so no folder can be created there.", advice)
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".apd4j-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Problem(f"{folder} is not writable ({error.strerror}).", advice) from None
    return folder


def nearest(typed: str, known: Iterable[str]) -> Optional[str]:
    """The known word most similar to the typed one; None if none is similar."""
    return next(iter(difflib.get_close_matches(typed, list(known), n=1, cutoff=0.5)), None)


class Parser(argparse.ArgumentParser):
    """A parser whose error messages are sentences and suggest what was probably meant."""

    commands: Mapping[str, argparse.ArgumentParser] = {}
    """The parsers of the commands, by name."""

    needless: Mapping[str, str] = {}
    """From a word that is often typed as a command, but is none, to an explanation."""

    _typed: Sequence[str] = ()

    def parse_args(self, args=None, namespace=None):
        """Parses as usual, but reports an unknown option before its value could be taken for a command."""
        self._typed = list(sys.argv[1:] if args is None else args)
        unknown = self._first_unknown_option()
        if unknown:
            self.error(f"unrecognized arguments: {unknown}")
        return super().parse_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        complain(f"{self._in_words(message)} `{self.prog} --help` lists all commands and options.")
        sys.exit(MISTYPED)

    def _first_unknown_option(self) -> Optional[str]:
        words = iter(self._typed)
        for word in words:
            if not word.startswith("-"):
                return None
            option, _, value = word.partition("=")
            meant = [action for name, action in self._option_string_actions.items() if name.startswith(option)]
            if not meant:
                return option
            if meant[0].nargs is None and not value:
                next(words, None)
        return None

    def _in_words(self, message: str) -> str:
        command = re.search(r"invalid choice: '(.*?)'", message)
        if command and self.commands:
            return self._about_command(command.group(1))
        unknown = re.search(r"unrecognized arguments: (\S+)", message)
        if unknown and unknown.group(1).startswith("-"):
            parser = next((self.commands[word] for word in self._typed if word in self.commands), self)
            return _with_meant(f"There is no option {unknown.group(1)}", nearest(unknown.group(1), parser._option_string_actions))
        if unknown:
            return f"The argument '{unknown.group(1)}' is not expected here."
        return message[:1].upper() + message[1:].rstrip(".") + "."

    def _about_command(self, typed: str) -> str:
        sentence = f"There is no command '{typed}'"
        meant = nearest(typed, [*self.commands, *self.needless])
        about = f"{sentence}: {self.needless[meant]}." if meant in self.needless else _with_meant(sentence, meant)
        return f"{about} The commands are {', '.join(self.commands)}."


def _with_meant(sentence: str, meant: Optional[str]) -> str:
    return f"{sentence}; did you mean `{meant}`?" if meant else f"{sentence}."
