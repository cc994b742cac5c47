"""The queue and the thread that owns the model: order, bounds, cancelling, failures."""

import threading
import time

import pytest
import tiny_models
import torch

from prm.calls import ScoreCall
from prm.errors import BusyError, GoneError, ModelError
from prm.scorer import Scorer
from prm.settings import ScorerLimits

QUESTION = "What is 1 + 2?"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_models.load(tmp_path_factory.mktemp("model"), "qwen2_5_math_prm", name="tiny")


class Gate:
    """A model's network that waits to be let go, and may fail. All else is the real one.

    Attributes:
        passes: the tokens of each pass that was computed.
    """

    def __init__(self, network, error=None, most=None):
        self._network = network
        self._error = error
        self._most = most
        self.entered = threading.Event()
        self.go = threading.Event()
        self.passes = []

    def run(self, nodes, keep):
        self.entered.set()
        assert self.go.wait(30)
        tokens = sum(len(node.ids) for node in nodes)
        if self._most is not None and tokens > self._most:
            raise torch.OutOfMemoryError(f"tried to allocate {tokens}")
        if self._error is not None:
            raise self._error
        self.passes.append(tokens)
        self._network.run(nodes, keep)


class Reports:
    def __init__(self):
        self.batches = []

    def batch(self, report):
        self.batches.append(report)


@pytest.fixture
def gated(model):
    opened = []

    def make(limits=None, observer=None, **how):
        gate = Gate(model.networks[0], **how)
        twin = type(model)(
            model.name, model.spec, model.encoder, (gate,), model.max_tokens, model.fingerprint
        )
        scorer = Scorer(twin, limits, observer)
        opened.append((gate, scorer))
        return scorer, gate

    yield make
    for gate, scorer in opened:
        gate.go.set()
        scorer.close()


def blocked(scorer, gate):
    """A first job that keeps the thread busy, so that what follows queues up."""
    future = scorer.submit(ScoreCall(QUESTION, ["first"]))
    assert gate.entered.wait(30)
    return future


def test_what_is_queued_goes_together(gated):
    reports = Reports()
    scorer, gate = gated(observer=reports)
    first = blocked(scorer, gate)
    others = [scorer.submit(ScoreCall(QUESTION, [f"step {n}"])) for n in range(5)]
    gate.go.set()
    assert all(len(future.result(30).scores) == 1 for future in [first, *others])
    scorer.close()
    assert [report.jobs for report in reports.batches] == [1, 5]
    assert len(gate.passes) == 2
    # The question was computed once, in the first pass.
    assert reports.batches[1].reused_tokens == 5 * len(scorer.model.encoder.header(QUESTION))


def test_a_budget_bounds_a_pass_but_for_what_cannot_be_parted(gated):
    scorer, gate = gated(ScorerLimits(max_batch_tokens=40))
    futures = [scorer.submit(ScoreCall(QUESTION, ["s" * 20, "t" * 20])) for _ in range(6)]
    gate.go.set()
    assert all(len(future.result(30).scores) == 2 for future in futures)
    header = len(scorer.model.encoder.header(QUESTION))
    assert max(gate.passes) <= max(40, header)


def test_a_cancelled_job_is_dropped_before_it_is_computed(gated):
    reports = Reports()
    scorer, gate = gated(observer=reports)
    first = blocked(scorer, gate)
    second = scorer.submit(ScoreCall("Another question", ["second"]))
    third = scorer.submit(ScoreCall("A third", ["third"]))
    assert second.cancel()
    gate.go.set()
    assert first.result(30)
    assert third.result(30)
    scorer.close()
    encoder = scorer.model.encoder
    assert sum(gate.passes) == sum(
        encoder.encode(question, [step]).tokens
        for question, step in ((QUESTION, "first"), ("A third", "third"))
    )
    assert sum(report.dropped_jobs for report in reports.batches) == 1


def test_a_job_whose_time_is_up_is_dropped(gated):
    scorer, gate = gated()
    blocked(scorer, gate)
    late = scorer.submit(ScoreCall(QUESTION, ["late"]), deadline=time.monotonic() - 1)
    gate.go.set()
    with pytest.raises(GoneError, match="time ran out"):
        late.result(30)


def test_the_start_is_told_once_and_not_before_it_is_its_turn(gated):
    scorer, gate = gated(ScorerLimits(max_batch_tokens=1))
    blocked(scorer, gate)
    started = []
    future = scorer.submit(ScoreCall(QUESTION, ["a b", "c d"]), on_start=lambda: started.append(1))
    assert started == []
    gate.go.set()
    future.result(30)
    assert started == [1]


def test_a_start_that_raises_costs_nothing(gated):
    scorer, gate = gated()
    gate.go.set()
    assert scorer.submit(ScoreCall(QUESTION, ["a"]), on_start=lambda: 1 / 0).result(30).scores


def test_a_full_queue_refuses_but_one_job_fits_always(gated):
    scorer, gate = gated(ScorerLimits(max_queued_tokens=1))
    first = blocked(scorer, gate)
    with pytest.raises(BusyError, match="tokens wait for 'tiny'"):
        scorer.submit(ScoreCall(QUESTION, ["second"]))
    gate.go.set()
    first.result(30)
    assert scorer.submit(ScoreCall(QUESTION, ["second"])).result(30)


def test_a_failure_is_told_to_those_it_concerns_and_the_thread_goes_on(gated):
    scorer, gate = gated(error=RuntimeError("illegal instruction"))
    future = blocked(scorer, gate)
    gate.go.set()
    with pytest.raises(ModelError, match="'tiny' failed: illegal instruction"):
        future.result(30)
    gate._error = None
    assert scorer.score(QUESTION, ["again"]).scores


def test_a_thread_outlives_what_nobody_foresaw(gated):
    scorer, gate = gated()
    gate.go.set()
    whole = scorer.score(QUESTION, ["step"]).scores
    tree = scorer._batcher._tree
    grow, failing = tree.grow, [True]

    def fails_once(*given):
        if failing:
            failing.clear()
            raise RuntimeError("a fault of our own")
        return grow(*given)

    tree.grow = fails_once
    with pytest.raises(ModelError, match="a fault of our own"):
        scorer.score(QUESTION, ["step"])
    assert (len(tree), tree.bytes) == (0, 0), "nothing that is half done is trusted"
    assert scorer.score(QUESTION, ["step"]).scores == whole


def test_when_memory_runs_out_the_batch_is_halved_and_goes_on(gated, model):
    scorer, gate = gated(most=1_000)
    blocked(scorer, gate)
    # Each has some 1,100 tokens: none fits into one pass.
    problems = [(f"Question {n}", ["one step " * 20, "and another " * 20]) for n in range(8)]
    futures = [scorer.submit(ScoreCall(*problem)) for problem in problems]
    gate.go.set()
    got = [future.result(30).scores for future in futures]
    assert max(gate.passes) <= 1_000
    with Scorer(model) as plain:
        assert got == [plain.score(*problem).scores for problem in problems]


def test_what_an_earlier_pass_computed_is_no_find_after_memory_ran_out(gated, model):
    short, long = "one step " * 8, "another step " * 24
    begin, end = (len(model.encoder.step(1, text)) for text in (short, long))
    header = len(model.encoder.header("Question 1"))
    # Its header and first step; its second and the next one's header, too much; then as it fits.
    scorer, gate = gated(ScorerLimits(max_batch_tokens=end + header), most=end + header - 1)
    assert begin + header < end
    futures = [scorer.submit(ScoreCall(f"Question {n}", [short, long])) for n in range(2)]
    gate.go.set()
    assert [future.result(30).cached_tokens for future in futures] == [0, 0]
    assert gate.passes[:2] == [header + begin, end]


def test_when_not_even_one_piece_fits_its_caller_hears_of_it(gated):
    scorer, gate = gated(most=3)
    gate.go.set()
    with pytest.raises(ModelError, match="tried to allocate"):
        scorer.score(QUESTION, ["a step of more than three tokens"])


def test_closing_fails_what_waits_and_refuses_what_comes(gated):
    scorer, gate = gated()
    first = blocked(scorer, gate)
    second = scorer.submit(ScoreCall(QUESTION, ["second"]))
    closing = threading.Thread(target=scorer.close)
    closing.start()
    gate.go.set()
    closing.join(30)
    assert first.result(30)  # its pass was under way
    with pytest.raises(GoneError, match="unloaded"):
        second.result(30)
    with pytest.raises(GoneError, match="unloaded"):
        scorer.submit(ScoreCall(QUESTION, ["third"]))


def test_nothing_of_a_job_is_left_behind(model):
    with Scorer(model, ScorerLimits(cache_bytes=0)) as scorer:
        for n in range(20):
            scorer.score(f"Question {n}", ["a", "b"])
        cancelled = scorer.submit(ScoreCall(QUESTION, ["c"]))
        cancelled.cancel()
        scorer.score(QUESTION, ["d"])
        tree = scorer._batcher._tree
    assert tree.bytes == 0
    assert tree._root.children == {}
