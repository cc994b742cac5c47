"""``verifier-cli prm eval``: how good a reward model is, beside trivial baselines."""

from __future__ import annotations

import argparse
import json
import math
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prm.errors import InputError
from verifier.cli.configuration import add_configuration, configuration
from verifier.cli.exits import ALL_SCORED, SOME_UNSCORED

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from prm.evaluation.readers import Row
    from prm.evaluation.rows import CompletionRow, StepRow
    from prm.evaluation.scoring import Scored
    from verifier.cli.eval_model import EvalModel

_FORMATS: Final = (
    "auto",
    "processbench",
    "mr_gsm8k",
    "bigbench",
    "steps",
    "completions",
    "gsm8k",
)
_FIT: Final = "fit"
_SCORES: Final = "scores.jsonl"
_SHOWN_REASONS: Final = 5
_DESCRIPTION: Final = (
    "Evaluates a reward model. On solutions with labelled steps: first-error F1 as\n"
    "ProcessBench defines it, step AUC, calibration, what is due to length. On completions\n"
    "with outcomes: best-of-N by every aggregation, plain and weighted, against majority.\n"
    "Each figure has a 95 % bootstrap interval and stands beside trivial baselines. Tables\n"
    "go to standard output, progress to standard error.\n\n"
    "exit codes: 0 every row scored, 1 some rows not, 2 usage or unreadable input,\n"
    "130 interrupted with what was done kept"
)


def configure(parser: ArgumentParser) -> None:
    """Adds this verb's options."""
    parser.description = _DESCRIPTION
    parser.epilog = (
        "examples:\n"
        "  verifier-cli prm eval gsm8k.json.gz --model arithmetic -o report\n"
        "  verifier-cli prm eval math.json.gz --model ./my-prm --threshold fit -o report\n"
        "  verifier-cli prm eval completions.jsonl --model math-prm --config service.toml"
    )
    parser.add_argument("data", nargs="+", metavar="DATA", help="JSON or JSON lines; may be .gz")
    parser.add_argument(
        "--model",
        required=True,
        metavar="NAME|PATH",
        help="arithmetic, embedded, a name of the configuration, or a folder",
    )
    parser.add_argument("--family", default="", help="of a folder's model (detected)")
    add_configuration(parser, "configuration with [prm.models]")
    parser.add_argument("--format", choices=_FORMATS, default=_FORMATS[0], help="of DATA (auto)")
    parser.add_argument(
        "--threshold",
        type=_threshold,
        default=0.5,
        metavar="T|fit",
        help="below it a step is wrong; fit: on the other half of the rows (0.5)",
    )
    parser.add_argument("--limit", type=_positive, metavar="N", help="only the first N rows a file")
    parser.add_argument("--seed", type=int, default=0, help="of intervals and halves (0)")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FOLDER",
        help="for report.json, plots and scores.jsonl; a second run goes on with the scores there",
    )


def run(args: Namespace) -> int:
    """Evaluates, one report per file."""
    # Loaded here: numpy and the models are of no use to --help.
    from prm.evaluation.readers import read_rows  # noqa: PLC0415
    from prm.evaluation.scoring import ScoreFile  # noqa: PLC0415
    from verifier.cli.eval_model import EvalModel  # noqa: PLC0415

    folder = Path(args.output) if args.output else None
    files = [Path(name) for name in args.data]
    if folder and len({_stem(path) for path in files}) < len(files):
        raise InputError(f"{args.output}: two of the files have one name, so would their plots")
    rows = {path: list(islice(read_rows(path, args.format), args.limit)) for path in files}
    settings = configuration(args).prm.settings()
    reports: dict[str, Any] = {}
    missing = 0
    with EvalModel(args.model, args.family, settings) as model:
        kept = ScoreFile(folder / _SCORES if folder else None, model.identity)
        try:
            for path, found in rows.items():
                scored = _scored(path, found, model, kept)
                missing += sum(one.scores is None for one in scored)
                reports[str(path)] = _report(path, found, scored, args)
        finally:
            kept.close()
    if folder is not None:
        _write(folder / "report.json", args, reports)
    return SOME_UNSCORED if missing else ALL_SCORED


def _stem(path: Path) -> str:
    return path.name.partition(".")[0]


def _scored(path: Path, rows: Sequence[Row], model: EvalModel, kept: Any) -> list[Scored]:
    from prm.evaluation.rows import StepRow  # noqa: PLC0415
    from prm.evaluation.scoring import score_rows, unscored  # noqa: PLC0415

    if model.is_outcome and any(isinstance(row, StepRow) for row in rows):
        raise InputError(f"{path}: has labelled steps, but {model.name} scores whole completions")
    on_terminal = sys.stderr.isatty()

    def tell(done: int) -> None:
        end = "\r" if on_terminal else "\n"
        if on_terminal or done == len(rows):
            print(f"{path}: {done} of {len(rows)} rows scored", end=end, file=sys.stderr)

    scored = score_rows(rows, model, kept, tell=tell)
    for reason, count in islice(unscored(scored).items(), _SHOWN_REASONS):
        print(f"{path}: {count} rows not scored: {reason}", file=sys.stderr)
    return scored


def _report(
    path: Path, rows: Sequence[Row], scored: Sequence[Scored], args: Namespace
) -> dict[str, Any]:
    """Prints the tables of one file, draws its plots, and returns its report."""
    from prm.evaluation.rows import CompletionRow, StepRow  # noqa: PLC0415

    print(f"== {path}")
    steps = [(r, s.scores) for r, s in zip(rows, scored, strict=True) if isinstance(r, StepRow)]
    whole = [
        (r, s.scores) for r, s in zip(rows, scored, strict=True) if isinstance(r, CompletionRow)
    ]
    report: dict[str, Any] = {}
    stem = _stem(path)
    if steps:
        report["steps"] = _steps(stem, [r for r, _ in steps], [s for _, s in steps], args)
    if whole:
        report["completions"] = _choices(stem, [r for r, _ in whole], [s for _, s in whole], args)
    return report


def _steps(
    stem: str, rows: list[StepRow], scores: list[tuple[float, ...] | None], args: Namespace
) -> dict[str, Any]:
    from prm.evaluation.steps_report import flatten, steps_report  # noqa: PLC0415
    from prm.evaluation.tables import steps_table  # noqa: PLC0415

    report = steps_report(rows, scores, threshold=args.threshold, seed=args.seed)
    print(steps_table(args.model, report))
    if args.output and report["scored"]:
        from prm.evaluation.plots import plot_calibration, plot_length  # noqa: PLC0415

        folder = Path(args.output)
        title = f"{Path(args.model).name} on {stem}"
        if report["calibration"]:
            plot_calibration(report["calibration"], folder / f"{stem}.calibration.png", title)
        kept = [(row, found) for row, found in zip(rows, scores, strict=True) if found is not None]
        flat = flatten([row for row, _ in kept], [found for _, found in kept])
        plot_length(flat, folder / f"{stem}.length.png", title)
    return report


def _choices(
    stem: str, rows: list[CompletionRow], scores: list[tuple[float, ...] | None], args: Namespace
) -> dict[str, Any]:
    from prm.evaluation.completions_report import completions_report  # noqa: PLC0415
    from prm.evaluation.tables import completions_table  # noqa: PLC0415

    report = completions_report(rows, scores, seed=args.seed)
    print(completions_table(args.model, report))
    if args.output and report["scored"]:
        from prm.evaluation.plots import plot_calibration, plot_choices  # noqa: PLC0415

        folder = Path(args.output)
        title = f"{Path(args.model).name} on {stem}"
        plot_choices(report["by_size"], folder / f"{stem}.best-of-n.png", title)
        if report["calibration_of_product"]:
            place = folder / f"{stem}.calibration.png"
            plot_calibration(report["calibration_of_product"], place, f"{title}, product")
    return report


def _write(path: Path, args: Namespace, reports: dict[str, Any]) -> None:
    """The whole report; JSON has no NaN, so a figure that is not defined is null."""
    whole = {"model": args.model, "threshold": args.threshold, "seed": args.seed}
    text = json.dumps(_plain(whole | {"limit": args.limit, "files": reports}), indent=2)
    partial = path.with_suffix(".partial")
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(path)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _threshold(text: str) -> float | str:
    if text == _FIT:
        return text
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: a number, or {_FIT!r}") from None


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r}: a whole number from 1 on")
    return int(text)
