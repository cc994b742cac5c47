"""The options of ``verifier-cli filter``, and what they ask for."""

from __future__ import annotations

import argparse
import json
import math
from typing import TYPE_CHECKING, Final

from verifier.cli.configuration import add_configuration
from verifier.cli.filter_choice import R1_RULES, Criteria, Preference, rule_name
from verifier.cli.filter_output import Shape
from verifier.cli.remote import add_address
from verifier.errors import InputError
from verifier.types import FormatRule, FormatTask, InvalidTask, Item, Reason, Verdict

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from verifier.outcome.format import FormatVerifier

_VERDICTS: Final = tuple(
    verdict.value.lower() for verdict in Verdict if verdict is not Verdict.UNSCORED
)
_DESCRIPTION: Final = """\
Keeps the rows of a file of completions that are worth training on (rejection sampling), and
writes them as trainers read them. Verdicts come from --results, or the rows are scored now.
Checks are made in this order, and the first that fails is why a row goes: it has no verdict,
--verdict, rewards, rules, --dedup, the group's own options, --max-per-group. OUT holds what
stays in the order of the rows; it is written when all is known, or not at all.

A group is the rows of one group_id; rows without one go by their prompt, and a row with
neither is a group of its own.

exit codes: 0 done, also if nothing is kept; 1 done, but some rows that were scored now are
UNSCORED; 2 usage or unreadable input, 3 service unreachable, 130 interrupted"""
_EPILOG: Final = """\
examples:
  verifier-cli filter rollouts.jsonl -o sft.jsonl
  verifier-cli filter rollouts.jsonl --results scores.jsonl -o sft.jsonl --max-per-group 4
  verifier-cli filter rollouts.jsonl -o sft.jsonl --r1 --dedup --system "Think first."
  verifier-cli filter rollouts.jsonl -o rl.jsonl --format rows --min-group-share 0.1 \\
      --max-group-share 0.9 --verdict correct --verdict incorrect
  zcat old.jsonl.gz | verifier-cli filter - -o - --rule '{"length": {"max": 8000}}' > sft.jsonl"""


def configure(parser: ArgumentParser) -> None:
    """Adds the verb's options."""
    parser.description = _DESCRIPTION
    parser.epilog = _EPILOG
    parser.add_argument(
        "input", metavar="ROWS.jsonl", help="rows as for score; - for standard input; may be .gz"
    )
    parser.add_argument(
        *("-o", "--output"),
        metavar="OUT.jsonl",
        required=True,
        help="what is kept; - for standard output",
    )
    parser.add_argument("--force", action="store_true", help="replace OUT")
    _configure_verdicts(parser)
    _configure_rows(parser)
    _configure_groups(parser)
    _configure_output(parser)


def _configure_verdicts(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("where verdicts come from")
    group.add_argument(
        "--results",
        metavar="RESULTS.jsonl",
        help="what verifier-cli score wrote for ROWS: same ids, same order; without it, rows are "
        "scored now",
    )
    add_address(group, "score on a running service")
    add_configuration(group, "configuration: tokenizers of rules, and scoring in process")
    group.add_argument(
        "--concurrency",
        type=_positive,
        default=1024,
        metavar="N",
        help="rows in flight at once, for scoring now (1024)",
    )


def _configure_rows(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("which rows to keep")
    group.add_argument(
        "--verdict",
        action="append",
        choices=_VERDICTS,
        help="keep rows with this verdict (correct); may be given several times. Rewards of "
        "reward models and partial scores are scored",
    )
    group.add_argument("--min-reward", type=_finite, metavar="X", help="from this reward on")
    group.add_argument("--max-reward", type=_finite, metavar="X", help="up to this reward")
    group.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="RULE",
        help="a format rule that must hold: its name, boxed, or an object as in a row, "
        '\'{"long_paragraph": {"max_characters": 4000}}\'; may be given several times. One that '
        "gives a score must give its best",
    )
    group.add_argument(
        "--r1",
        action="store_true",
        help="the rules that DeepSeek-R1's samples had to obey: "
        f"{', '.join(map(rule_name, R1_RULES))}; a --rule of the same name takes the place of one",
    )
    group.add_argument(
        "--dedup",
        action="store_true",
        help="keep completions that are the same to the last character once per group: the first",
    )


def _configure_groups(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("which groups to keep, and how much of each")
    group.add_argument(
        "--min-group-right",
        type=_count,
        default=0,
        metavar="N",
        help="drop groups with fewer CORRECT rows than this (0)",
    )
    group.add_argument(
        "--min-group-share",
        type=_share,
        default=0.0,
        metavar="X",
        help="drop groups that are too hard: fewer of their rows with a verdict are CORRECT (0)",
    )
    group.add_argument(
        "--max-group-share",
        type=_share,
        default=1.0,
        metavar="X",
        help="drop groups that are too easy: more of them are (1)",
    )
    group.add_argument(
        "--max-per-group", type=_positive, metavar="N", help="keep at most so many rows of a group"
    )
    group.add_argument(
        "--prefer",
        choices=tuple(one.value for one in Preference),
        help="which of them: those with the highest reward, the shortest in characters, or the "
        "first of the file (first); between equals the first",
    )


def _configure_output(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("what to write")
    group.add_argument(
        "--format",
        choices=tuple(shape.value for shape in Shape),
        default=Shape.MESSAGES.value,
        help="conversations with id and reward (messages), texts with id and reward "
        "(prompt-completion), or the rows as they stand in ROWS (rows)",
    )
    group.add_argument(
        "--system", default="", metavar="TEXT", help="the system message of every conversation"
    )
    group.add_argument(
        "--summary",
        choices=("text", "json", "none"),
        default="text",
        help="what standard error gets at the end (text)",
    )


def check(args: Namespace) -> None:
    """Refuses options that contradict each other.

    Raises:
        InputError: names them.
    """
    if args.results is not None and args.address:
        raise InputError("--results are verdicts and --address makes them: choose one")
    if args.results == "-" and args.input == "-":
        raise InputError("rows and --results cannot both be standard input")
    if args.prefer and args.max_per_group is None:
        raise InputError("--prefer chooses among the rows of a group: needs --max-per-group")
    if args.system and args.format != Shape.MESSAGES.value:
        raise InputError(f"--system needs --format {Shape.MESSAGES.value}")
    for name in ("reward", "group_share"):
        low, high = getattr(args, f"min_{name}"), getattr(args, f"max_{name}")
        if low is not None and high is not None and low > high:
            option = name.replace("_", "-")
            raise InputError(f"--min-{option} {low} is above --max-{option} {high}")


def criteria(args: Namespace, verifier: FormatVerifier) -> Criteria:
    """What rows must be.

    Args:
        args: as parsed.
        verifier: asked whether it has the rules.

    Raises:
        InputError: a rule that is none, or has parameters that make no sense.
    """
    rules = [_rule(text, verifier) for text in args.rule]
    if args.r1:
        given = {type(rule) for rule in rules}
        rules = [rule for rule in R1_RULES if type(rule) not in given] + rules
    verdicts = args.verdict or [Verdict.CORRECT.value]
    return Criteria(
        verdicts=frozenset(Verdict(name.upper()) for name in verdicts),
        min_reward=-math.inf if args.min_reward is None else args.min_reward,
        max_reward=math.inf if args.max_reward is None else args.max_reward,
        rules=tuple(rules),
        dedup=args.dedup,
        min_group_right=args.min_group_right,
        min_group_share=args.min_group_share,
        max_group_share=args.max_group_share,
        max_per_group=args.max_per_group,
        prefer=Preference(args.prefer or Preference.FIRST.value),
    )


def _rule(text: str, verifier: FormatVerifier) -> FormatRule:
    """The rule that an option spells, read as the rules of rows are."""
    # Loaded here only: most runs have no rules of their own, and protobuf is slow to load.
    from verifier.convert.items import item_from_proto  # noqa: PLC0415
    from verifier.convert.rows import dict_to_proto  # noqa: PLC0415

    bare = not text.lstrip().startswith("{")
    try:
        rule = {text: {}} if bare else json.loads(text)
        task = item_from_proto(dict_to_proto({"format": {"rules": [rule]}}), "").task
    except (ValueError, RecursionError) as error:
        raise InputError(f"--rule {text}: is not JSON: {error}") from None
    except InputError as error:
        raise InputError(f"--rule {text}: {error}") from None
    if isinstance(task, InvalidTask):
        raise InputError(f"--rule {text}: {task.problem}")
    if not isinstance(task, FormatTask):
        raise TypeError(f"a rule was read as {type(task).__name__}")
    # Parameters that make no sense make none for any completion: better to hear of it now.
    said = verifier.verify(Item("", "", task, completion_tokens=0))
    if said.reason in (Reason.INVALID_INPUT, Reason.UNSUPPORTED):
        raise InputError(f"--rule {text}: {said.message}")
    return task.rules[0]


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 on, is {text!r}")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a whole number from 0 on, is {text!r}")
    return int(text)


def _finite(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"must be a finite number, is {text!r}")
    return number


def _share(text: str) -> float:
    number = _finite(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"must be from 0 to 1, is {text!r}")
    return number
