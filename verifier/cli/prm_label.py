"""``verifier-cli prm label``: step labels from rollouts that our own verifiers judge."""

from __future__ import annotations

import argparse
import os
import re
from typing import TYPE_CHECKING, Final

from prm.labelling.labels import Method
from verifier.cli.configuration import add_configuration
from verifier.cli.label_settings import LabelSettings
from verifier.cli.remote import add_address
from verifier.completions.settings import ApiSettings, Sampling
from verifier.errors import InputError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_ESCAPES: Final = {"n": "\n", "t": "\t", "\\": "\\"}


def configure(parser: ArgumentParser) -> None:
    """Adds this verb's options."""
    parser.description = (
        "Labels the steps of solutions. Rows are as for `score`; a row has its solution as\n"
        "`completion` or `steps`, or none, and then solutions are sampled. A generator behind an\n"
        "OpenAI-compatible URL continues each prefix, and the row's task judges the rollouts.\n"
        "What cannot be judged leaves a step unlabelled; it never makes it wrong.\n\n"
        "exit codes: 0 all labelled, 1 some rows or steps not, 2 usage or unreadable input,\n"
        "3 generator or service unreachable, 130 interrupted with what was done kept"
    )
    parser.epilog = (
        "examples:\n"
        "  verifier-cli prm label problems.jsonl -o labels.jsonl \\\n"
        "      --base-url http://127.0.0.1:8000/v1 --generator my-model\n"
        "  verifier-cli prm label solutions.jsonl -o labels.jsonl --method binary-search \\\n"
        "      --base-url http://127.0.0.1:8000/v1 --generator my-model --resume\n"
        "  verifier-cli prm label solutions.jsonl -o labels.jsonl --method arithmetic"
    )
    parser.add_argument("input", metavar="IN.jsonl", help="rows; - for standard input; may be .gz")
    parser.add_argument("-o", "--output", metavar="OUT.jsonl", help="labels (standard output)")
    _add_labels(parser)
    _add_generator(parser)
    _add_run(parser)


def _add_labels(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("labels")
    group.add_argument(
        "--method",
        choices=[method.value for method in Method],
        default=Method.MONTE_CARLO.value,
        help="where labels come from (monte-carlo)",
    )
    group.add_argument("--rollouts", type=_positive, default=8, metavar="N", help="per prefix (8)")
    group.add_argument(
        "--spare",
        type=_natural,
        metavar="N",
        help="more per prefix in place of unscored ones (as many as --rollouts)",
    )
    group.add_argument(
        "--solutions", type=_positive, default=4, metavar="N", help="sampled per problem (4)"
    )
    group.add_argument("--separator", type=_text, default=r"\n\n", help=r"between steps (\n\n)")
    group.add_argument(
        "--shape", choices=("steps", "trl"), default="steps", help="of the rows written (steps)"
    )


def _add_generator(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("generator")
    group.add_argument("--base-url", metavar="URL", help="http://HOST:PORT/v1")
    group.add_argument("--generator", metavar="MODEL", help="the model's name there")
    group.add_argument("--api-key-env", metavar="NAME", help="environment variable with the key")
    group.add_argument("--temperature", type=_number, default=0.7, metavar="T", help="(0.7)")
    group.add_argument("--top-p", type=_number, metavar="P", help="(the server's)")
    group.add_argument("--max-tokens", type=_positive, default=1024, metavar="N", help="(1024)")
    group.add_argument(
        "--stop", type=_text, action="append", default=[], help="ends a rollout; repeatable"
    )
    group.add_argument("--seed", type=int, default=0, help="(0)")
    group.add_argument(
        "--template", type=_text, help=r"prompt's surroundings ({prompt}\n; a chat: {prompt})"
    )
    group.add_argument("--chat", action="store_true", help="ask by /chat/completions")
    group.add_argument("--system", type=_text, default="", help="a chat's system turn (none)")
    group.add_argument(
        "--concurrency", type=_positive, default=32, metavar="N", help="requests at once (32)"
    )
    group.add_argument(
        "--timeout", type=_number, default=300.0, metavar="SECONDS", help="per attempt (300)"
    )
    group.add_argument("--attempts", type=_positive, default=6, metavar="N", help="per request (6)")


def _add_run(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("run")
    add_address(group, "judge on a running service")
    add_configuration(group, "configuration, in process only")
    group.add_argument("--resume", action="store_true", help="go on with OUT")
    group.add_argument("--force", action="store_true", help="replace OUT")
    group.add_argument(
        "--summary",
        choices=("text", "json", "none"),
        default="text",
        help="what standard error gets at the end (text)",
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 on, is {text!r}")
    return int(text)


def _natural(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a whole number from 0 on, is {text!r}")
    return int(text)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number from 0 on, is {text!r}")
    return value


def _text(text: str) -> str:
    r"""An option's text with ``\n``, ``\t`` and ``\\`` written out: a shell makes them awkward."""
    return re.sub(r"\\([nt\\])", lambda found: _ESCAPES[found[1]], text)


def run(args: Namespace) -> int:
    """Labels the file."""
    settings, sampling, api = _settings(args), _sampling(args), _api_settings(args)
    from verifier.cli.label_run import label_file  # noqa: PLC0415 - not for --help

    return label_file(args, settings, sampling, api)


def _settings(args: Namespace) -> LabelSettings:
    if args.resume and args.force:
        raise InputError("--resume keeps what is there and --force replaces it: choose one")
    template = args.template or ("{prompt}" if args.chat else "{prompt}\n")
    if "{prompt}" not in template:
        raise InputError("--template must hold {prompt}")
    if not args.separator:
        raise InputError("--separator must not be empty")
    if args.system and not args.chat:
        raise InputError("--system belongs to --chat")
    return LabelSettings(
        method=Method(args.method),
        separator=args.separator,
        solutions=args.solutions,
        rollouts=args.rollouts,
        spare=args.rollouts if args.spare is None else args.spare,
        seed=args.seed,
        template=template,
        system=args.system,
        chat=args.chat,
        trl=args.shape == "trl",
    )


def _sampling(args: Namespace) -> Sampling:
    if args.temperature == 0 and Method(args.method).samples:
        raise InputError("--temperature 0 makes all rollouts of a prefix the same")
    return Sampling(args.max_tokens, args.temperature, args.top_p, tuple(args.stop))


def _api_settings(args: Namespace) -> ApiSettings | None:
    if not (args.base_url and args.generator):
        if args.base_url or args.generator:
            raise InputError("--base-url and --generator belong together")
        if Method(args.method).samples:
            raise InputError(f"--method {args.method} needs --base-url and --generator")
        return None
    key = os.environ.get(args.api_key_env, "").strip() if args.api_key_env else ""
    if args.api_key_env and not key:
        raise InputError(f"--api-key-env: the environment has no {args.api_key_env}")
    return ApiSettings(
        args.base_url,
        args.generator,
        key,
        concurrency=args.concurrency,
        timeout_seconds=args.timeout,
        attempts=args.attempts,
    )
