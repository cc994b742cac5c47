"""``verifier-cli``: finds the verb's file, loads that one alone, and runs it."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

from verifier import __version__
from verifier.cli.exits import INTERRUPTED, USAGE
from verifier.errors import VerifierError

# One line per verb. Loading only the verb in use keeps `list` and `--help` quick.
_VERBS = {
    "score": ("verifier.cli.score", "score a file of completions"),
    "filter": ("verifier.cli.filter", "keep the completions that are worth training on"),
    "serve": ("verifier.cli.serve", "run the service"),
    "list": ("verifier.cli.list", "show what works here"),
    "check": ("verifier.cli.check", "test that every verifier works here"),
    "check-references": (
        "verifier.cli.check_references",
        "find reference answers that cannot be scored",
    ),
    "capacity": ("verifier.cli.capacity", "tell how many replicas a load needs"),
    "token": ("verifier.cli.token", "make and show the tokens of callers"),
    "config": ("verifier.cli.config", "check and show the configuration"),
    "prm": ("verifier.cli.prm", "train, evaluate and label for reward models"),
}
_GROUPS = ("config", "prm")  # verbs with verbs of their own
_PIPE_CLOSED = 141  # what a shell reports of a filter whose reader has gone


def main(argv: list[str] | None = None) -> int:
    """Runs one verb; returns its exit code."""
    # Before gRPC is loaded: by default it writes what peers send to standard error, line breaks
    # included, and so lets anybody who reaches a port forge lines of the log.
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    arguments = sys.argv[1:] if argv is None else argv
    try:
        parsed = _parser(arguments).parse_args(arguments)
        code: int = import_module(_VERBS[parsed.verb][0]).run(parsed)
        if sys.stdout is not None:  # closed by the caller
            sys.stdout.flush()  # while a full disk can still be told
    except VerifierError as error:
        print(f"verifier-cli: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("verifier-cli: interrupted; what was done is kept", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # nobody reads what the interpreter would say about the pipe
        return _PIPE_CLOSED
    except OSError as error:
        print(f"verifier-cli: {error}", file=sys.stderr)
        _give_up_output()
        return USAGE
    return code


def _give_up_output() -> None:
    """Lets go of what standard output does not take: the interpreter would try and fail again."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser(arguments: list[str]) -> argparse.ArgumentParser:
    """Knows all verbs, and the options of the one in use."""
    parser = argparse.ArgumentParser(
        prog="verifier-cli",
        description="Scores model completions: right, wrong or could-not-tell.",
    )
    parser.add_argument("--version", action="version", version=f"verifier-cli {__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, (module, summary) in _VERBS.items():
        verb_parser = verbs.add_parser(
            verb, help=summary, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        if arguments[:1] != [verb]:
            continue
        if verb in _GROUPS:
            import_module(module).configure(verb_parser, arguments[1] if arguments[1:] else None)
        else:
            import_module(module).configure(verb_parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
