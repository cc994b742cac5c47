"""``verifier-cli capacity measure``: costs of a running service, as a table to plan with."""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from verifier import __version__
from verifier.cli.exits import ALL_SCORED, UNREACHABLE
from verifier.client import Client
from verifier.errors import InputError, ServiceError
from verifier.planning.costs import write_costs
from verifier.planning.fitting import fit_front, with_measured
from verifier.types import CodeDetail, Reason, Verdict

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

    from verifier.planning.costs import Costs, FrontCosts
    from verifier.types import Result

_SIZES: Final = {1: 400, 16: 3_200, 64: 12_800, 256: 25_600}  # items sent in calls of each size
_CONCURRENCY: Final = 8
_PYTHON: Final = "python"
_HASHES: Final = (
    _PYTHON,
    "bash",
)  # languages whose comments begin so; the others' with two slashes
_MIN_TIMES: Final = 20  # fewer say too little of a spread


def measure(args: Namespace, costs: Costs) -> int:
    """Sends rows and prints the table.

    Raises:
        InputError: no address, or a file holds no row.
    """
    if not args.address:
        raise InputError("is needed: the service to measure", field="address")
    if args.rounds < 1:
        raise InputError(f"must be at least 1, is {args.rounds}", field="rounds")
    rows = _rows(args.rows or ())
    try:
        with Client(args.address, concurrency=_CONCURRENCY) as client:
            times = {name: _times(client, some, args.rounds) for name, some in rows.items()}
        front = _front(args.address)
    except ServiceError as error:
        print(f"verifier-cli: {args.address}: {error}", file=sys.stderr)
        return UNREACHABLE
    for name, seconds in times.items():
        _tell(name, seconds, costs)
    measured = structs.replace(
        with_measured(costs, front, times),
        measured=f"{datetime.now(UTC):%Y-%m-%d}",
        machine=f"the service at {args.address}, verifier-service {__version__}",
        note=f"measured: front{''.join(f', {name}' for name in times)}; the rest as it was",
    )
    print(write_costs(measured), end="")
    return ALL_SCORED


def class_of(row: dict[str, Any]) -> str:
    """What a row is called in a table of costs: its task, and its language if it is not Python."""
    task = next((key for key, value in row.items() if isinstance(value, dict)), "")
    language = row[task].get("language", _PYTHON) if task == "code" else _PYTHON
    return task if language == _PYTHON else f"{task}-{language}"


def _rows(paths: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Rows of files, by class."""
    rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in paths:
        for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
            try:
                row = json.loads(line)
                rows[class_of(row)].append(row)
            except (ValueError, AttributeError) as error:
                raise InputError(f"{path}:{number}: is no row: {error}", field="rows") from error
    return dict(rows)


def _times(client: Client, rows: Sequence[dict[str, Any]], rounds: int) -> list[float]:
    """Seconds of work of the rows, round after round, the first round left out."""
    times: list[float] = []
    for round_ in range(rounds + 1):
        results = client.score([_unseen(row, round_) for row in rows])
        if round_:
            times += [one.work_seconds for one in results if _counts(one)]
    return times


def _unseen(row: dict[str, Any], round_: int) -> dict[str, Any]:
    """The row with a completion that no cache knows, and the same verdict.

    An empty line more each time; to a program, which is known by what it does, a comment.
    """
    completion = str(row.get("completion", ""))
    if "code" not in row:
        return row | {"completion": completion + "\n" * round_}
    mark = "#" if row["code"].get("language", _PYTHON) in _HASHES else "//"
    program, fence, rest = completion.rpartition("\n```")
    if not fence:
        program, rest = completion, ""
    return row | {"completion": f"{program}\n{mark} {round_}{fence}{rest}"}


def _counts(result: Result) -> bool:
    """Whether a result's time is that of work that came to its own end."""
    detail = result.detail
    tests = detail.tests if isinstance(detail, CodeDetail) else ()
    late = any(test.reason is Reason.TIME_LIMIT_EXCEEDED for test in tests)
    return result.verdict is not Verdict.UNSCORED and not late


def _front(address: str) -> FrontCosts:
    """What the way in and out costs, from how fast the service takes in items of next to no work.

    By the clock, with enough calls at once to keep the event loop busy; the client's own work goes
    on beside it, so on one core this is too much.
    """
    points = {}
    for size, count in _SIZES.items():
        with Client(address, batch_items=size, concurrency=_CONCURRENCY) as client:
            client.score(_light(0, count // 4))
            began = time.perf_counter()
            client.score(_light(count, 2 * count))
            points[size] = (time.perf_counter() - began) / count
    return fit_front(points)


def _light(first: int, last: int) -> Iterable[dict[str, Any]]:
    """Rows whose verdict takes microseconds, other ones than any earlier run's."""
    salt = time.monotonic_ns()
    for number in range(first, last):
        task = {"reference_answers": ["yes"], "mode": "exact"}
        yield {"completion": f"{salt} {number}", "text": task}


def _tell(name: str, seconds: Sequence[float], costs: Costs) -> None:
    if name not in costs.classes:
        print(f"{name}: no class of the table, left out", file=sys.stderr)
    elif len(seconds) < _MIN_TIMES:
        print(f"{name}: only {len(seconds)} times; send more rows or rounds", file=sys.stderr)
