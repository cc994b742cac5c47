"""``verifier-cli check-references``: which reference answers cannot be scored, and why."""

from __future__ import annotations

import json
import sys
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from verifier.cli.exits import ALL_SCORED, SOME_UNSCORED
from verifier.cli.progress import progress
from verifier.cli.references import ReferenceFile, ReferenceRow
from verifier.mathematics.hygiene import PROBLEMS, Code, Finding, examine

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_ADVANCE_ROWS: Final = 1_000  # rows between two moves of the progress bar
_MAX_REMEMBERED: Final = 4096  # answers: they repeat over the rollouts of a prompt
_MAX_SHOWN: Final = 80  # characters of an answer in a line of text
_ROW: Final = "row"  # the code of a line that is no row


def configure(parser: ArgumentParser) -> None:
    """Adds this verb's options."""
    parser.description = (
        "Tells which reference answers cannot be scored and why, and which can be read in two\n"
        "ways. FILE has rows as for `score`, or objects with an answer, or one answer a line.\n"
        "What is found goes to standard output, progress and the summary to standard error.\n\n"
        "exit codes: 0 every reference can be scored, 1 some cannot, 2 usage or unreadable input"
    )
    parser.epilog = (
        "examples:\n"
        "  verifier-cli check-references train.jsonl\n"
        "  verifier-cli check-references train.jsonl --summary json > findings.jsonl"
    )
    parser.add_argument(
        "input", metavar="FILE", help="references; - for standard input; may be .gz"
    )
    parser.add_argument(
        "--summary",
        choices=("text", "json"),
        default="text",
        help="findings and summary as text or as JSON objects (text)",
    )


def run(args: Namespace) -> int:
    """Examines the file."""
    source = ReferenceFile(args.input)
    report = _Report(source.name, as_json=args.summary == "json")
    waiting = 0
    try:
        with progress(source.total_bytes) as advance:
            for row in source.references():
                report.add(row)
                waiting += 1
                if waiting == _ADVANCE_ROWS:
                    advance(waiting, row.read_bytes)
                    waiting = 0
    finally:
        source.close()
    report.show()
    return SOME_UNSCORED if report.unscorable else ALL_SCORED


class _Report:
    """Says what is found as it is found, and counts it.

    Args:
        name: what the file is called.
        as_json: whether findings and summary are JSON objects.
    """

    def __init__(self, name: str, *, as_json: bool) -> None:
        self._name = name
        self._as_json = as_json
        self._rows = 0
        self._others = 0
        self._references = 0
        self._codes: Counter[str] = Counter()
        self._examine = lru_cache(maxsize=_MAX_REMEMBERED)(examine)
        self.unscorable = 0

    def add(self, row: ReferenceRow) -> None:
        """Examines the references of one row."""
        self._rows += 1
        if row.problem:
            self.unscorable += 1
            self._say(row, "", _ROW, row.problem, "see `verifier-cli score --help` for rows")
            return
        if row.answers is None:
            self._others += 1
            return
        if not row.answers:
            self.unscorable += 1
            self._say(row, "", Code.EMPTY.value, "has no reference answer", "leave the row out")
        for answer in row.answers:
            self._references += 1
            found = self._examine(answer, row.policy, row.prompt)
            self.unscorable += any(finding.is_problem for finding in found)
            for finding in found:
                self._tell(row, answer, finding)

    def _tell(self, row: ReferenceRow, answer: str, finding: Finding) -> None:
        self._say(row, answer, finding.code.value, finding.message, finding.suggestion)

    def _say(self, row: ReferenceRow, answer: str, code: str, message: str, cure: str) -> None:
        self._codes[code] += 1
        if self._as_json:
            found: dict[str, Any] = {"line": row.line, "id": row.id, "reference_answer": answer}
            found |= {"code": code, "problem": _is_problem(code)}
            found |= {"message": message, "suggestion": cure}
            print(json.dumps(found))
            return
        shown = answer if len(answer) <= _MAX_SHOWN else f"{answer[: _MAX_SHOWN - 1]}…"
        place = f"{self._name}:{row.line}: {json.dumps(shown, ensure_ascii=False)}"
        line = f"{place}: {code}: {message}; {cure}"
        print(line.encode("utf-8", "backslashreplace").decode())

    def show(self) -> None:
        """Prints the summary."""
        counts = {"rows": self._rows, "other_tasks": self._others}
        counts |= {"references": self._references, "unscorable": self.unscorable}
        if self._as_json:
            print(json.dumps(counts | {"codes": dict(self._codes)}), file=sys.stderr)
            return
        print(
            f"{self._references} reference answers in {self._rows} rows,"
            f" {self.unscorable} cannot be scored",
            file=sys.stderr,
        )
        for code, count in self._codes.most_common():
            kind = "problem" if _is_problem(code) else "note"
            print(f"  {code:<16} {count:>9}  {kind}", file=sys.stderr)


def _is_problem(code: str) -> bool:
    return code == _ROW or Code(code) in PROBLEMS
