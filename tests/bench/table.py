"""Tables as they are printed and as they are kept: one and the same markdown."""

from dataclasses import dataclass, field
from statistics import median


@dataclass
class Table:
    """A title, what is to be known about it, its columns and its rows."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, *cells):
        self.rows.append(tuple(map(str, cells)))

    def markdown(self):
        widths = [
            max(len(row[place]) for row in (self.columns, *self.rows))
            for place in range(len(self.columns))
        ]
        lines = [f"## {self.title}", "", self.note, "", _line(self.columns, widths)]
        # Names stand on the left, figures on the right.
        rules = (f"{'-' * (width + 1)}:" for width in widths[1:])
        lines.append(f"|{'-' * (widths[0] + 2)}|{'|'.join(rules)}|")
        lines.extend(_line(row, widths) for row in self.rows)
        return "\n".join(lines) + "\n"


def _line(cells, widths):
    first = cells[0].ljust(widths[0])
    others = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
    return f"| {' | '.join((first, *others))} |"


def rate(per_second):
    return f"{per_second:,.0f}"


def micro(seconds):
    return f"{seconds * 1e6:,.1f}"


def milli(seconds):
    return f"{seconds * 1e3:,.2f}"


def times(ratio):
    return f"{ratio:,.1f}x" if ratio >= 0.1 else f"{ratio:.3f}x"


def share(part):
    return f"{part:.0%}" if part >= 0.1 else f"{part:.1%}"


def spread(write, ratios):
    """The median, and the range in brackets if there is one."""
    if len(ratios) == 1:
        return write(ratios[0])
    return f"{write(median(ratios))} ({write(min(ratios))} to {write(max(ratios))})"
