"""Whether anything grows: memory, descriptors, processes, cgroups and mounts, and how fast."""

import asyncio
import contextlib
import os
import time
from pathlib import Path
from statistics import linear_regression

import psutil

MIB = 1024**2
MEASURES = ("front MiB", "family MiB", "descriptors", "processes", "cgroups", "mounts")
_HOUR = 3600.0
_PREFIX = "verifier-"  # of the groups that the sandbox makes


class Samples:
    """What a replica holds, sample by sample.

    Attributes:
        rows: (seconds since the first, one figure for each of `MEASURES`).
    """

    def __init__(self, replica):
        self._replica = replica
        self._began = time.monotonic()
        self.rows = []

    async def run(self, every):
        """Samples until it is cancelled."""
        while True:
            self.take()
            await asyncio.sleep(every)

    def take(self):
        """One sample; none if the process has just ended."""
        with contextlib.suppress(psutil.Error, OSError):
            front = psutil.Process(self._replica.pid)
            family = self._replica.family()
            figures = (
                front.memory_info().rss / MIB,
                sum(_resident(one) for one in family) / MIB,
                front.num_fds(),
                1 + len(family),
                _cgroups(front.pid),
                _mounts(front.pid),
            )
            self.rows.append((time.monotonic() - self._began, *figures))

    def after(self, share):
        """The samples without the first part, in which things are loaded and pools fill."""
        return self.rows[int(len(self.rows) * share) :]

    def slope(self, measure, share=0.25):
        """Least squares over all but the first share of the samples, per hour."""
        place = 1 + MEASURES.index(measure)
        rows = self.after(share)
        if len(rows) < 2 or rows[0][0] == rows[-1][0]:
            return 0.0
        return _HOUR * linear_regression([r[0] for r in rows], [r[place] for r in rows]).slope

    def growth(self, measure, share=0.25):
        """Mean of the last tenth of the samples less that of the tenth after the first share."""
        place = 1 + MEASURES.index(measure)
        rows = [row[place] for row in self.after(share)]
        tenth = max(len(rows) // 10, 1)
        return sum(rows[-tenth:]) / tenth - sum(rows[:tenth]) / tenth if rows else 0.0

    def values(self, measure):
        """First after the start, least, most and last."""
        place = 1 + MEASURES.index(measure)
        column = [row[place] for row in self.rows]
        return column[0], min(column), max(column), column[-1]


def _resident(process):
    with contextlib.suppress(psutil.Error):
        return process.memory_info().rss
    return 0


def _mounts(pid):
    """Mounts that the process sees, without the disks of this and other soaks."""
    lines = Path(f"/proc/{pid}/mountinfo").read_bytes().splitlines()
    return sum(b"/soak-" not in line for line in lines)


def _cgroups(pid):
    """Groups that the process made, wherever its sandbox puts them."""
    return sum(1 for path in _roots() for one in path.glob(f"{_PREFIX}{pid}-*"))


def _roots():
    root = Path("/sys/fs/cgroup")
    candidates = [root, *(root / name for name in ("memory", "pids", "cpu", "cpuacct"))]
    return [path for path in candidates if path.is_dir() and os.access(path, os.R_OK)]
