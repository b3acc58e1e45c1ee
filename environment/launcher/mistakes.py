"""Whatever goes wrong, in words: what a person can mend is a sentence, and a traceback is there only for what is a fault of these programs."""

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
    **dict.fromkeys((errno.EACCES, errno.EPERM), "Name a place that you may read and write, or ask its owner."),
    errno.EROFS: "That place is read-only: name another one.",
    errno.ENOSPC: "Make room on that disk and start again.",
    getattr(errno, "EDQUOT", errno.ENOSPC): "Make room on that disk and start again.",
    **dict.fromkeys((errno.ENOTDIR, errno.EEXIST), "A file is where a folder should be: name another place, or move that file away."),
    errno.EISDIR: "A folder is where a file should be: name another place, or move that folder away.",
    errno.ENOENT: "Is the path spelt right, and is the disk that it is on connected?",
    errno.ENAMETOOLONG: "Choose a shorter path.",
    errno.ENOEXEC: "That program is made for another kind of machine: install the one for this machine.",
    errno.EMFILE: "Close other programs and start again.",
}


def reported(program: Callable[[], int]) -> int:
    """Runs a program to its end and returns its exit code; what it throws is told in words."""
    try:
        return program()
    except Problem as problem:
        complain(str(problem))
        return FAILED
    except KeyboardInterrupt:
        complain("\nInterrupted.")
        return INTERRUPTED
    except BrokenPipeError:  # as in `lab.py doctor | head -1`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        if error.filename is None and error.strerror is None:
            return _unexpected()
        complain(str(explain(error)))
        return FAILED
    except Exception:  # whatever it is, it is no mistake of the person who sees it
        return _unexpected()


def _unexpected() -> int:
    traceback.print_exc()
    complain("\nThis is a fault of lab.py and not yours. `python3 environment/lab.py doctor` may know a way round it; "
             "please report the lines above together with what you typed.")
    return FAILED


def explain(error: OSError) -> Problem:
    """What the system refused, with the name of the file and what to do."""
    names = [str(name) for name in (error.filename, error.filename2) if name is not None]
    return Problem(f"{' and '.join(names) or 'The system'}: {error.strerror or error}.",
                   _REMEDIES.get(error.errno, "Mend that and start again; `lab.py doctor` looks at the whole machine."))


def writable_folder(folder: Path, option: str) -> Path:
    """A folder in which files can be made; makes it if need be."""
    folder = folder.expanduser()
    advice = f"Name another folder: `{option} DIR`."
    try:
        folder = folder.resolve()
        in_the_way = next((place for place in (folder, *folder.parents) if place.exists() and not place.is_dir()), None)
        if in_the_way:
            raise Problem(f"{in_the_way} is a file, and no folder can be made there.", advice)
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".apd4j-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Problem(f"Nothing can be written to {folder} ({error.strerror}).", advice) from None
    return folder


def nearest(typed: str, known: Iterable[str]) -> Optional[str]:
    """What was probably meant; none if nothing is alike."""
    return next(iter(difflib.get_close_matches(typed, list(known), n=1, cutoff=0.5)), None)


class Parser(argparse.ArgumentParser):
    """Answers what it cannot read with a sentence and the nearest thing that it can."""

    commands: Mapping[str, argparse.ArgumentParser] = {}
    """The commands, where there are some."""

    needless: Mapping[str, str] = {}
    """Words that are no commands and are typed as such, and what to type for them."""

    _typed: Sequence[str] = ()

    def parse_args(self, args=None, namespace=None):
        """As usual, but an option that is not known is named as such, and its value is not taken for a command."""
        self._typed = list(sys.argv[1:] if args is None else args)
        unknown = self._first_unknown_option()
        if unknown:
            self.error(f"unrecognized arguments: {unknown}")
        return super().parse_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        complain(f"{self._in_words(message)} `{self.prog} --help` shows what can be typed.")
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
            return f"There is nothing to do with '{unknown.group(1)}'."
        return message[:1].upper() + message[1:].rstrip(".") + "."

    def _about_command(self, typed: str) -> str:
        sentence = f"There is no command '{typed}'"
        meant = nearest(typed, [*self.commands, *self.needless])
        about = f"{sentence}: {self.needless[meant]}." if meant in self.needless else _with_meant(sentence, meant)
        return f"{about} The commands are {', '.join(self.commands)}."


def _with_meant(sentence: str, meant: Optional[str]) -> str:
    return f"{sentence}; did you mean `{meant}`?" if meant else f"{sentence}."
