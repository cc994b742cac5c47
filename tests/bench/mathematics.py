"""Mathematics beside Math-Verify: speed on answers and on real outputs, and who is right."""

import tempfile
from collections import Counter
from pathlib import Path
from statistics import median, quantiles

from tests.bench import cpu, math_rows, side_process
from tests.bench.rows import Rows
from tests.bench.side_process import WARM_UP
from tests.bench.table import Table, micro, milli, rate, share, times
from verifier.types import Verdict

_PEER_REFERENCES = 300  # of several thousand: it takes about twenty milliseconds for each
_COMMAND_RUNS = 3
_COPIES = 10  # a file as long as a real one, on which the start weighs what it does there
_OURS, _PEER = "in process, engine", "Math-Verify, in process"
_SAID = {Verdict.CORRECT.value: True, Verdict.INCORRECT.value: False}


def run(folder):
    """Every table; prints each row of ours that disagrees with its label."""
    warm = math_rows.references("")[:WARM_UP]
    outputs = math_rows.outputs(folder)
    measured = {
        "pairs of answers": _both(warm, math_rows.pairs(folder)),
        "whole outputs": _both(warm, outputs),
    }
    return [
        *_references(warm, math_rows.references(folder)),
        _outputs(outputs, *measured["whole outputs"]),
        _accuracy(measured),
    ]


def _ask(module, warm, rows):
    """The figures of one side, with the rows' labels."""
    said = side_process.answer(side_process.start(f"tests.bench.{module}", [*warm, *rows]))
    return {**said, "row": rows}


def _both(warm, rows):
    return _ask("math_engine", warm, rows), _ask("math_verify_peer", warm, rows)


def _per_row(figures):
    return figures["seconds"] / figures["rows"]


# --------------------------------------------------------------------------------------- speed


def _references(warm, rows):
    speed = Table(
        "Reference answers",
        f"Every distinct answer as a completion for itself and for the next answer in a mixed "
        f"order, where equal text cannot decide. Seen for the first time, after a warm-up of "
        f"{WARM_UP} others; Math-Verify gets a sample of the same rows. CPU seconds include "
        "SymPy's workers. The aims: 100 times Math-Verify, and p99 under 5 ms.",
        (
            *("reference", "path", "rows", "rows per CPU-second", "x Math-Verify"),
            *("p50 ms", "p99 ms", "longest ms", "CORRECT"),
        ),
    )
    tables = [speed]
    for reference, chosen in (("itself", rows), ("the next", math_rows.strangers(rows))):
        ours = _ask("math_engine", warm, chosen)
        peer = _ask("math_verify_peer", warm, math_rows.sample(chosen, _PEER_REFERENCES))
        for name, figures in ((_OURS, ours), (_PEER, peer)):
            cuts = quantiles(figures["waits"], n=100)
            speed.add(
                *(reference, name, figures["rows"], rate(1 / _per_row(figures))),
                times(_per_row(peer) / _per_row(figures)),
                *(milli(cuts[49]), milli(cuts[98]), milli(max(figures["waits"]))),
                sum(_is_correct(one) is True for one in figures["said"]),
            )
        tables.append(_methods(reference, ours))
    return tables


def _methods(reference, ours):
    table = Table(
        f"What decided an answer against {reference}",
        "The same rows. The aim: fewer than 1 % reach SymPy.",
        ("method", "rows", "share"),
    )
    counts = Counter(method or f"none: {reason}" for _, reason, method in ours["said"])
    for name, count in counts.most_common():
        table.add(name, count, share(count / ours["rows"]))
    table.add("(handed to SymPy)", ours["continued"], share(ours["continued"] / ours["rows"]))
    return table


def _commands(rows):
    """CPU seconds of `verifier-cli score` over one row, all of them, and all of them many times."""
    with tempfile.TemporaryDirectory() as given, cpu.compiled() as environment:
        config = Path(given) / "no_cache.toml"
        config.write_text("[engine]\ncache_entries = 0\n")
        seconds = []
        for count, chosen in enumerate((rows[:1], rows, rows * _COPIES)):
            path = Path(given) / f"{count}.jsonl"
            Rows(tuple(chosen), "").write(path)
            runs = [
                cpu.of_score(path, environment, "--config", str(config))
                for _ in range(1 if len(chosen) > len(rows) else 1 + _COMMAND_RUNS)
            ]
            seconds.append(median(runs[1:] or runs))  # the first one compiles or warms the disk
    return seconds


def _outputs(rows, ours, peer):
    start, once, many = _commands(rows)
    table = Table(
        "Whole outputs",
        f"CPU time per row. The command reads a file and writes one, median of {_COMMAND_RUNS}; "
        f"its start, {milli(start)} ms, is part of it. In the larger file each row stands "
        f"{_COPIES} times; the cache is off. The aim for the command: 50 times Math-Verify.",
        ("path", "rows", "rows per CPU-second", "us per row", "x Math-Verify"),
    )
    command = "verifier-cli score, file to file"
    for name, count, cost in (
        (_OURS, len(rows), _per_row(ours)),
        (command, len(rows), once / len(rows)),
        (f"{command}, {_COPIES} times the rows", _COPIES * len(rows), many / _COPIES / len(rows)),
        (_PEER, peer["rows"], _per_row(peer)),
    ):
        table.add(name, count, rate(1 / cost), micro(cost), times(_per_row(peer) / cost))
    return table


# ------------------------------------------------------------------------------------ accuracy


def _accuracy(measured):
    table = Table(
        "Right and wrong beside Math-Verify",
        "Pairs that Math-Verify's own tests do not hold, and whole outputs; a wrong CORRECT is a "
        "false positive. Rows where ours disagrees with the label are printed above the tables.",
        (
            *("rows", "who", "count", "right", "share", "false positive", "false negative"),
            *("unscored", "CPU s"),
        ),
    )
    for name, (ours, peer) in measured.items():
        for who, figures in (("ours", ours), ("Math-Verify", peer)):
            counts = _counts(figures, show=who == "ours")
            table.add(
                *(name, who, figures["rows"], counts["right"]),
                f"{counts['right'] / figures['rows']:.2%}",
                *(counts["false positive"], counts["false negative"], counts["unscored"]),
                f"{figures['seconds']:.2f}",
            )
    return table


def _is_correct(said):
    """True, False, or None where no verdict was given."""
    return said if isinstance(said, bool) else _SAID.get(said[0])


def _counts(figures, *, show):
    counts = Counter()
    for row, said in zip(figures["row"], figures["said"], strict=True):
        verdict = _is_correct(said)
        if verdict is row.right:
            counts["right"] += 1
            continue
        if verdict is None:
            counts["unscored"] += 1
        else:
            counts["false positive" if verdict else "false negative"] += 1
        if show:
            print(f"label {row.right}, {said}: {row.reference!r}: {row.completion[-200:]!r}")
    return counts
