"""What a soak came to, as tables: on the terminal, and in tests/service/soak/RESULTS.md."""

import re
from collections import Counter
from datetime import UTC, datetime

from bench.machine import describe
from bench.table import Table
from soaking.flatness import MEASURES
from soaking.replicas import TESTS

RESULTS = TESTS / "service" / "soak" / "RESULTS.md"
_TITLE = "# Results of the soak\n\nWritten by `make soak`; one part is renewed at a time.\n"
_GOOD = "right"


def faults_tables(done):
    """Faults with what they did to items, and what became of the items on each path."""
    return [_faults(done), _outcomes(done)]


def _faults(done):
    note = (
        f"{done.tally.items:,} items in {done.seconds:.0f} s on {len(_paths(done))} paths; "
        f"{done.tally.problem_count} problems; slowest call {done.tally.slowest:.1f} s; "
        f"{done.tally.retried_streams} streams sent again; slowest drain "
        f"{max(done.drains, default=0):.1f} s. Not to be had here: "
        f"{', '.join(done.missing) or 'nothing'}."
    )
    table = Table("Faults", note, ("fault", "times", "mean seconds", "items UNSCORED by it"))
    names = list(dict.fromkeys(strike.fault.name for strike in done.strikes))
    for name in sorted(names):
        lasted = [one.ended - one.began for one in done.strikes if one.fault.name == name]
        reasons = {reason: n for (fault, reason), n in done.explained.items() if fault == name}
        words = ", ".join(f"{reason} {n}" for reason, n in sorted(reasons.items())) or "none"
        table.add(name, len(lasted), f"{sum(lasted) / len(lasted):.1f}", words)
    return table


def _outcomes(done):
    note = "Right: the verdict and reward that were known. Every other item says why it has none."
    table = Table("Outcomes", note, ("path", "kind", "items", "right", "UNSCORED", "wrong or lost"))
    for path in _paths(done):
        for kind in sorted({kind for at, kind, _ in done.tally.outcomes if at == path}):
            counts = Counter(
                {o: n for (at, k, o), n in done.tally.outcomes.items() if (at, k) == (path, kind)}
            )
            bad = counts["WRONG"] + counts["LOST"]
            unscored = counts.total() - counts[_GOOD] - bad
            table.add(path, kind, counts.total(), counts[_GOOD], unscored, bad)
    return table


def _paths(done):
    return sorted({path for path, _, _ in done.tally.outcomes})


def overload_table(done, bound, slots):
    """The three parts side by side; the last column is what the overload should keep to."""
    green = sum(times for (_, colour), times in done.probes.items() if colour == "green")
    first, _, _, last = done.samples.values("front MiB")
    note = (
        f"Offered: {done.rate:.0f} calls/s, {done.factor:g} times what the peak had. Health was "
        f"asked {done.probes.total()} times, green {green} times, slowest "
        f"{done.slowest_probe:.2f} s. Resident memory of the front {first:.0f} to {last:.0f} MiB. "
        f"{slots} slots for programs. Items: from admission to outcome, as results say; calls: as "
        "their callers see them, with what they wait to be accepted."
    )
    table = Table("Overload", note, ("figure", "unloaded", "peak", "overload", "should be"))
    parts = (done.unloaded, done.peak, done.overloaded)
    table.add("items scored a second", *(f"{part.goodput:.0f}" for part in parts), ">= 0.9 of peak")
    times = {"admitted items": "items_late", "answered calls": "late"}
    for what, quantile in times.items():
        for share in (0.5, 0.99):
            late = [getattr(part, quantile)(share) for part in parts]
            limit = f"<= {2 * late[0] + bound:.3f}" if share > 0.5 else ""
            table.add(f"seconds of {what}, {share:.0%}", *(f"{one:.3f}" for one in late), limit)
    for kind, seconds in done.overloaded.waited(0.99).items():
        waits = [f"{part.waited(0.99).get(kind, 0.0):.3f}" for part in parts[:2]]
        table.add(f"longest wait in a call for {kind}, 99%", *waits, f"{seconds:.3f}", "")
    for code in ("OK", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"):
        table.add(f"calls {code}", *(part.codes()[code] for part in parts), "")
    unscored = [part.unscored().total() for part in parts]
    table.add("items UNSCORED in answered calls", *unscored, "")
    return table


def flatness_table(title, note, samples):
    """What a replica held over time."""
    columns = ("what", "first", "least", "most", "last", "slope an hour")
    table = Table(title, note, columns)
    for measure in MEASURES:
        figures = (f"{value:.1f}" for value in samples.values(measure))
        table.add(measure, *figures, f"{samples.slope(measure):+.2f}")
    return table


def fuzz_tables(*parts):
    """Calls by code, items by reason, of replicas that were fuzzed side by side."""
    calls, reason_counts, other_counts = (
        sum((getattr(part, name) for part in parts), Counter())
        for name in ("codes", "reasons", "others")
    )
    note = (
        f"{calls.total():,} malformed calls and {other_counts.total():,} odd connections to "
        f"{len(parts)} replicas in {max(part.seconds for part in parts):.0f} s; "
        f"{sum(part.problem_count for part in parts)} problems."
    )
    codes = Table("Malformed calls", note, ("method", "code", "calls"))
    for (method, code), count in sorted(calls.items()):
        codes.add(method, code, count)
    reasons = Table("Items of malformed calls that were taken", "By reason.", ("reason", "items"))
    for reason, count in sorted(reason_counts.items()):
        reasons.add(reason, count)
    others = Table("Odd connections", "HTTP: by status.", ("bytes", "answer", "times"))
    for (kind, answer), count in sorted(other_counts.items(), key=str):
        others.add(kind, answer, count)
    flat = [flatness_table("Meanwhile", "Of one replica.", part.samples) for part in parts]
    return [codes, reasons, others, *flat]


def keep(part, command, tables):
    """Puts a part's tables into RESULTS.md in place of its last ones."""
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else _TITLE
    parts = dict(re.findall(r"(?ms)^## Part: (\w+)\n(.*?)(?=^## Part: |\Z)", old))
    stamp = f"{datetime.now(UTC):%Y-%m-%d}, `{command}`, {describe()}."
    body = "\n".join(table.markdown().replace("## ", "### ", 1) for table in tables)
    parts[part] = f"\n{stamp}\n\n{body}\n"
    text = "".join(f"## Part: {name}\n{parts[name].rstrip()}\n\n" for name in sorted(parts))
    RESULTS.write_text(f"{_TITLE}\n{text}".rstrip() + "\n", encoding="utf-8")
