"""From measured times to the figures of a table of costs."""

from __future__ import annotations

from statistics import fmean, pstdev
from typing import TYPE_CHECKING

from msgspec import structs

from verifier.planning.costs import LOOP, ClassCosts, Costs, FrontCosts, Work

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def with_measured(
    costs: Costs, front: FrontCosts | None, times: Mapping[str, Sequence[float]]
) -> Costs:
    """The table with new figures where there are any.

    A class's times replace those of its main work: the slowest at a place that all its items come
    to, or what it does at the loop if there is none.

    Args:
        costs: the table so far; it says which places a class needs.
        front: what was measured of the way in and out; None to keep what is there. What it says of
            forwarding is not looked at.
        times: seconds that items of each class took, those that ran into a limit left out.
    """
    classes = dict(costs.classes)
    for name, seconds in times.items():
        if name in classes and seconds:
            classes[name] = _with_times(classes[name], seconds)
    changed = structs.replace(costs, classes=classes)
    if front is None:
        return changed
    kept = costs.front.forward_seconds_per_item
    return structs.replace(changed, front=structs.replace(front, forward_seconds_per_item=kept))


def fit_front(points: Mapping[int, float]) -> FrontCosts:
    """The cost of a call and of an item from what an item costs in calls of several sizes.

    Least squares of ``seconds = per_item + per_call / size``, neither below 0.

    Args:
        points: seconds per item by the size of its call; two sizes at least.
    """
    xs, ys = [1.0 / size for size in points], list(points.values())
    x, y = fmean(xs), fmean(ys)
    spread = sum((one - x) ** 2 for one in xs)
    slope = sum((one - x) * (other - y) for one, other in zip(xs, ys, strict=True)) / spread
    slope = max(slope, 0.0)
    return FrontCosts(seconds_per_call=slope, seconds_per_item=max(y - slope * x, 0.0))


def variation(seconds: Sequence[float]) -> float:
    """Standard deviation over mean."""
    mean = fmean(seconds)
    return pstdev(seconds) / mean if mean else 0.0


def _with_times(class_: ClassCosts, seconds: Sequence[float]) -> ClassCosts:
    main = _main_work(class_.work)
    measured = structs.replace(main, seconds=fmean(seconds), variation=variation(seconds))
    work = tuple(measured if one is main else one for one in class_.work)
    return structs.replace(class_, work=work)


def _main_work(work: tuple[Work, ...]) -> Work:
    always = [one for one in work if one.share == 1.0]
    elsewhere = [one for one in always if one.place != LOOP]
    return max(elsewhere or always or work, key=lambda one: one.seconds)
