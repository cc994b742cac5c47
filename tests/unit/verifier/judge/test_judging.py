"""From a task to an outcome: votes, rubrics, steps and orders, and everything that goes wrong."""

import asyncio

import pytest
from judges import FakeBackend, shown

from verifier.errors import BackendError, InputError
from verifier.judge.asking import Reply
from verifier.judge.assembly import JudgeParts
from verifier.judge.pricing import Prices
from verifier.judge.settings import JudgeSettings
from verifier.outcome.judge import JudgeVerifier
from verifier.types import (
    Criterion,
    Item,
    JudgeMode,
    JudgeScope,
    JudgeTask,
    ReadFrom,
    Reason,
    Rubric,
    Verdict,
)

EVERYTHING = (ReadFrom.LABELS, ReadFrom.JSON, ReadFrom.TEXT)


def judge(*backends, prices=None, **settings):
    settings.setdefault("backend", backends[0].name)
    parts = JudgeParts(
        {backend.name: backend for backend in backends},
        JudgeSettings(**settings),
        prices=prices or {},
    )
    return JudgeVerifier(parts)


async def said_of(backend, task=None, completion="It is 4.", prompt="2+2?", **settings):
    verifier = judge(backend, **settings)
    try:
        item = Item("id", completion, task or JudgeTask(), prompt)
        return await verifier.verify(item, lambda: None)
    finally:
        await verifier.close()


# --------------------------------------------------------------------------- one completion


@pytest.mark.parametrize(
    ("task", "label", "score"),
    [
        (JudgeTask(), "5", 1.0),
        (JudgeTask(), "2", 0.25),
        (JudgeTask(reference_answer="4"), "Correct", 1.0),
        (JudgeTask(reference_answer="4"), "Incorrect", 0.0),
        (JudgeTask(context="Two and two are four."), "Supported", 1.0),
        (JudgeTask(template="yes_no"), "No", 0.0),
        (JudgeTask(template="harmless"), "Safe", 1.0),
        (JudgeTask(template="helpful"), "4", 0.75),
        (JudgeTask(template="reference_grade", reference_answer="4"), "3", 0.5),
    ],
)
@pytest.mark.parametrize("read_from", [ReadFrom.JSON, ReadFrom.TEXT])
async def test_a_label_is_worth_what_its_template_says(task, label, score, read_from):
    outcome = await said_of(FakeBackend(lambda _: label, abilities=(read_from,)), task)
    assert (outcome.verdict, outcome.reason) == (Verdict.SCORED, Reason.JUDGED)
    assert outcome.reward == score
    assert outcome.detail.votes == (score,)
    assert outcome.detail.read_from is read_from
    assert outcome.detail.vote_entropy is None, "one vote has none"


@pytest.mark.parametrize(
    ("share", "verdict"), [(0.9, Verdict.CORRECT), (0.5, Verdict.CORRECT), (0.4, Verdict.INCORRECT)]
)
async def test_with_a_threshold_the_expected_score_decides(share, verdict):
    backend = FakeBackend(lambda _: {"Yes": share, "No": 1 - share}, abilities=EVERYTHING)
    outcome = await said_of(backend, JudgeTask(template="yes_no", threshold=0.5))
    assert (outcome.verdict, outcome.reward) == (verdict, float(verdict is Verdict.CORRECT))
    assert outcome.detail.votes == pytest.approx((share,))
    assert outcome.detail.read_from is ReadFrom.LABELS


async def test_votes_are_sampled_each_with_a_seed_of_its_own_and_averaged():
    backend = FakeBackend(lambda question: "5" if question.seed % 2 else "1")
    outcome = await said_of(backend, JudgeTask(votes=4, seed=10))
    assert [question.seed for question in backend.asked] == [10, 11, 12, 13]
    assert {question.temperature for question in backend.asked} == {0.7}
    assert outcome.reward == 0.5
    assert outcome.detail.votes == (0.0, 1.0, 0.0, 1.0)
    assert outcome.detail.vote_entropy == 1.0
    assert outcome.detail.seed == 10


async def test_every_vote_but_the_first_lists_the_labels_in_an_order_of_its_own():
    backend = FakeBackend(lambda _: "4", abilities=(ReadFrom.TEXT,))
    for _ in range(2):
        await said_of(backend, JudgeTask(votes=8, seed=1))
    listed = [[label for label, _ in question.form.scores] for question in backend.asked]
    assert listed[0] == ["1", "2", "3", "4", "5"]
    assert len({tuple(labels) for labels in listed[:8]}) > 4
    assert listed[8:] == listed[:8], "the seed decides"
    for question, labels in zip(backend.asked, listed, strict=True):
        assert ", ".join(f'"{one}"' for one in labels) in question.messages[-1].content


RUBRIC = Rubric(
    (
        Criterion("right", "is it right?", 3.0),
        Criterion("short", "is it short?"),
        Criterion("rude", "is it rude?", -2.0),
    )
)


@pytest.mark.parametrize(
    ("met", "score"),
    [
        ({"right"}, 3 / 4),
        ({"right", "short"}, 1.0),
        ({"right", "short", "rude"}, 2 / 4),
        ({"rude"}, 0.0),
        (set(), 0.0),
    ],
)
async def test_a_rubric_is_worth_its_points(met, score):
    def decide(question):
        text = question.messages[-1].content
        (name,) = [one.name for one in RUBRIC.criteria if one.description in text]
        return "Yes" if name in met else "No"

    outcome = await said_of(FakeBackend(decide), JudgeTask(rubric=RUBRIC))
    assert outcome.reward == pytest.approx(score)
    assert {one.name for one in outcome.detail.criteria if one.score == 1.0} == met
    assert [one.weight for one in outcome.detail.criteria] == [3.0, 1.0, -2.0]


async def test_what_is_required_and_missing_costs_everything():
    rubric = Rubric((Criterion("a", "A?", 9), Criterion("b", "B?", required=True)))
    backend = FakeBackend(
        lambda question: "No" if "\nB?\n" in question.messages[-1].content else "Yes"
    )
    assert (await said_of(backend, JudgeTask(rubric=rubric))).reward == 0.0


@pytest.mark.parametrize("given", [("a", "b", "c"), ()])
async def test_steps_are_judged_each_and_together_are_as_good_as_the_worst(given):
    backend = FakeBackend(lambda _: ["right", "wrong", "right"])
    task = JudgeTask(template="steps", steps=given, votes=2)
    outcome = await said_of(backend, task, completion="a\n\nb\n\n\n\nc")
    assert outcome.reward == 0.0
    assert outcome.detail.step_scores == (1.0, 0.0, 1.0)
    assert "step 2 of 3" in outcome.message
    text = backend.asked[0].messages[-1].content
    assert text.count("<<<STEP") == 3


async def test_the_scope_is_the_templates_unless_the_task_says_otherwise():
    backend = FakeBackend(lambda _: "5")
    completion = "<think>secret plan</think>It is 4."
    await said_of(backend, JudgeTask(), completion)
    await said_of(backend, JudgeTask(scope=JudgeScope.WHOLE_COMPLETION), completion)
    first, second = [shown(question)[""] for question in backend.asked]
    assert first == "It is 4."
    assert second == completion


@pytest.mark.parametrize(
    ("completion", "words"), [("", "blank"), (" \n", "blank"), ("<think>hm", "no final answer")]
)
async def test_a_completion_without_an_answer_is_wrong_and_nobody_is_asked(completion, words):
    backend = FakeBackend(lambda _: "5")
    outcome = await said_of(backend, JudgeTask(), completion)
    assert (outcome.verdict, outcome.reason) == (Verdict.INCORRECT, Reason.NO_ANSWER)
    assert words in outcome.message
    assert not backend.asked


# -------------------------------------------------------------------------- what goes wrong


NOT_READABLE = {
    "nothing": Reply(""),
    "prose": Reply("I would say it is quite good."),
    "a verdict with another mark": Reply("Verdict abc234: 5"),
}


@pytest.mark.parametrize("said", NOT_READABLE.values(), ids=NOT_READABLE)
async def test_what_cannot_be_read_is_asked_for_again_and_then_no_score(said):
    backend = FakeBackend(lambda _: said)
    outcome = await said_of(backend)
    assert (outcome.verdict, outcome.reason) == (Verdict.UNSCORED, Reason.JUDGE_UNPARSEABLE)
    assert outcome.reward is None
    assert outcome.detail.raw == said.text
    assert outcome.detail.usage.parse_failures == 3
    assert outcome.detail.usage.calls == 3
    temperatures = [question.temperature for question in backend.asked]
    assert temperatures == [0.0, 0.7, 0.7], "at temperature 0 it would say the same again"


async def test_a_vote_that_can_be_read_at_the_second_attempt_counts():
    replies = iter([Reply("hm"), "4"])
    outcome = await said_of(FakeBackend(lambda _: next(replies)))
    assert outcome.reward == 0.75
    assert outcome.detail.usage.parse_failures == 1


async def test_probabilities_are_not_asked_for_again():
    backend = FakeBackend(lambda _: {"I": 0.9, "Yes": 0.1}, abilities=(ReadFrom.LABELS,))
    outcome = await said_of(backend, JudgeTask(template="yes_no"))
    assert outcome.reason is Reason.JUDGE_UNPARSEABLE
    assert len(backend.asked) == 1


async def test_one_vote_that_cannot_be_read_leaves_no_score_and_ends_the_others():
    ended = []

    async def slow():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append(1)
            raise

    def decide(question):
        return Reply("hm") if question.seed % 3 == 0 else slow()

    outcome = await said_of(FakeBackend(decide), JudgeTask(votes=3))
    assert outcome.reason is Reason.JUDGE_UNPARSEABLE
    assert ended == [1, 1]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (BackendError("HTTP 503"), Reason.BACKEND_UNAVAILABLE),
        (InputError("9000 tokens, 4096 fit", field="completion"), Reason.INVALID_INPUT),
    ],
)
async def test_a_backend_that_fails_is_no_zero(error, reason):
    outcome = await said_of(FakeBackend(lambda _: error), JudgeTask(votes=2))
    assert (outcome.verdict, outcome.reason, outcome.reward) == (Verdict.UNSCORED, reason, None)
    assert str(error) in outcome.message
    assert outcome.detail.backend == "fake"


MISTAKES = [
    (JudgeTask(backend="other"), "judge.backend: no backend 'other'"),
    (JudgeTask(template="other"), "judge.template: there is no template 'other'"),
    (JudgeTask(template="pair"), "judge.template: pair is for pairwise judging"),
    (JudgeTask(template="same_answer"), "judge.reference_answer: template same_answer needs it"),
    (JudgeTask(template="criterion"), "judge.rubric: template criterion needs it"),
    (JudgeTask(template="grade", reference_answer="4"), "judge.reference_answer: template grade"),
    (JudgeTask(template="grade", context="4"), "judge.context: template grade does not look"),
    (JudgeTask(read_from=ReadFrom.LABELS), "judge.read_from: "),
    (JudgeTask(template="yes_no", read_from=ReadFrom.LABELS, votes=2), "text, json"),
    (JudgeTask(votes=9), "judge.votes: 9 calls for one item, at most 8"),
    (JudgeTask(rubric=RUBRIC, votes=3), "judge.votes: 9 calls for one item, at most 8"),
]


@pytest.mark.parametrize(("task", "words"), MISTAKES, ids=[words for _, words in MISTAKES])
async def test_a_task_that_fits_nothing_says_what_would(task, words):
    backend = FakeBackend(lambda _: "5", abilities=(ReadFrom.JSON, ReadFrom.TEXT))
    if task.votes == 2:
        backend.abilities = (ReadFrom.LABELS, ReadFrom.JSON, ReadFrom.TEXT)
    outcome = await said_of(backend, task, max_calls=8)
    assert (outcome.verdict, outcome.reason) == (Verdict.UNSCORED, Reason.INVALID_INPUT)
    assert words in outcome.message
    assert not backend.asked


async def test_a_prompt_that_the_template_shows_must_be_there():
    outcome = await said_of(FakeBackend(lambda _: "5"), JudgeTask(), prompt=" ")
    assert outcome.reason is Reason.INVALID_INPUT
    assert outcome.message.startswith("prompt: ")
    outcome = await said_of(FakeBackend(lambda _: "Yes"), JudgeTask(template="format"), prompt="")
    assert outcome.reason in {Reason.JUDGED, Reason.INVALID_INPUT, Reason.JUDGE_UNPARSEABLE}


# ------------------------------------------------------------------------------ what it took


async def test_usage_is_added_up_and_priced():
    backend = FakeBackend(lambda _: "5")
    verifier = judge(backend, prices={"fake": Prices(prompt=1.0, completion=10.0)})
    item = Item("id", "4", JudgeTask(votes=3), "2+2?")
    outcome = await verifier.verify(item, lambda: None)
    usage = outcome.detail.usage
    assert (usage.calls, usage.prompt_tokens, usage.completion_tokens) == (3, 30, 6)
    assert usage.cost == pytest.approx(3 * (10 * 1.0 + 2 * 10.0) / 1e6)


async def test_the_same_question_is_asked_once():
    backend = FakeBackend(lambda _: "5")
    verifier = judge(backend)
    item = Item("id", "4", JudgeTask(), "2+2?")
    first = await verifier.verify(item, lambda: None)
    second = await verifier.verify(item, lambda: None)
    assert len(backend.asked) == 1
    assert first.reward == second.reward
    assert (second.detail.usage.calls, second.detail.usage.cached_calls) == (0, 1)


@pytest.mark.parametrize(("kept", "asked"), [(False, 4), (True, 2)])
async def test_sampled_answers_are_kept_only_if_that_is_wanted(kept, asked):
    backend = FakeBackend(lambda _: "5")
    verifier = judge(backend, cache_sampled=kept)
    item = Item("id", "4", JudgeTask(votes=2), "2+2?")
    await verifier.verify(item, lambda: None)
    await verifier.verify(item, lambda: None)
    assert len(backend.asked) == asked


async def test_what_could_not_be_read_is_not_kept():
    replies = iter([Reply("hm"), "5"])
    backend = FakeBackend(lambda _: next(replies))
    verifier = judge(backend, attempts_per_vote=1)
    item = Item("id", "4", JudgeTask(), "2+2?")
    assert (await verifier.verify(item, lambda: None)).reward is None
    assert (await verifier.verify(item, lambda: None)).reward == 1.0


# ----------------------------------------------------------------------- several completions


def best_by(key):
    """Ranks what is shown by a key of its text, best first."""

    def decide(question):
        texts = shown(question)
        return sorted(texts, key=lambda name: key(texts[name]), reverse=True)

    return decide


async def compared(backend, completions, mode=JudgeMode.LISTWISE, **task):
    verifier = judge(backend)
    return await verifier.compare(JudgeTask(**task), "2+2?", completions, mode, lambda: None)


async def test_an_honest_judge_ranks_by_quality_whatever_the_order():
    backend = FakeBackend(best_by(len))
    found = await compared(backend, ["aa", "aaaa", "a", "aaa"])
    assert found.ranking == (1, 3, 0, 2)
    assert [outcome.reward for outcome in found.outcomes] == pytest.approx([1 / 3, 1, 0, 2 / 3])
    assert found.detail.disagreements == 0
    assert len(backend.asked) == 2, "two orders"


@pytest.mark.parametrize(
    ("mode", "count"), [(JudgeMode.PAIRWISE, 2), (JudgeMode.LISTWISE, 4)], ids=["pair", "list"]
)
async def test_a_judge_that_likes_the_first_place_sees_ties_only(mode, count):
    found = await compared(FakeBackend(lambda question: list(shown(question))), "a" * count, mode)
    assert {outcome.reward for outcome in found.outcomes} == {0.5}
    assert found.detail.disagreements == count * (count - 1) // 2


async def test_a_pair_has_a_winner_and_with_a_threshold_a_verdict():
    found = await compared(
        FakeBackend(best_by(len)), ["longer", "short"], JudgeMode.PAIRWISE, threshold=0.5, votes=2
    )
    assert [one.verdict for one in found.outcomes] == [Verdict.CORRECT, Verdict.INCORRECT]
    assert found.ranking == (0, 1)
    assert found.detail.seed == 0


async def test_what_has_no_answer_is_behind_what_has_one():
    found = await compared(FakeBackend(best_by(len)), ["<think>", "aa", "", "a"])
    assert found.ranking == (1, 3, 0, 2)
    assert [one.reward for one in found.outcomes] == pytest.approx([0, 1, 0, 2 / 3])
    assert found.outcomes[0].reason is Reason.NO_ANSWER


@pytest.mark.parametrize("said", [Reply("A"), Reply("hm"), BackendError("gone")])
async def test_a_comparison_that_fails_leaves_nobody_a_score(said):
    found = await compared(FakeBackend(lambda _: said), ["a", "b", "c"])
    assert [one.verdict for one in found.outcomes] == [Verdict.UNSCORED] * 3
    assert found.ranking == ()


@pytest.mark.parametrize(
    ("mode", "count"),
    [
        (JudgeMode.PAIRWISE, 1),
        (JudgeMode.PAIRWISE, 3),
        (JudgeMode.LISTWISE, 1),
        (JudgeMode.LISTWISE, 27),
    ],
)
async def test_a_comparison_of_too_few_or_too_many_is_refused(mode, count):
    with pytest.raises(InputError, match="completions"):
        await compared(FakeBackend(lambda _: "A"), ["a"] * count, mode)
