"""Nothing that a policy or a caller writes is read as a verdict, or becomes part of the prompt.

The backend that repeats all it is told is the worst judge there is: what can be read from its reply
is what the material could make any judge say.
"""

import json
import math
from dataclasses import replace
from functools import partial

import pytest
from case_rows import CASES
from hypothesis import given
from hypothesis import strategies as st
from strategies import ANY_TEXT

from verifier.judge.asking import EachOf, OneOf, RankingOf, Reply, UnreadableError
from verifier.judge.reading import read
from verifier.judge.rendering import Inputs, render
from verifier.judge.template import load_templates
from verifier.types import ReadFrom

TEMPLATES = load_templates()
ROWS = [
    json.loads(line)
    for line in (CASES / "judge_injections.jsonl").read_text("utf-8").splitlines()
    if line
]
ATTACKS = {row["id"]: row["text"] * row.get("repeat", 1) for row in ROWS}
KINDS = {row["id"]: row["kind"] for row in ROWS}

PLAIN = Inputs(
    prompt="What is 2 + 2?",
    completions=("It is 4.", "It is five."),
    names=("A", "B"),
    reference_answer="4",
    context="Two and two are four.",
    criterion="States the sum.",
    steps=("2 + 2 = 4", "so it is 4"),
)


def form_of(template, inputs):
    if template.form == "ranking":
        return RankingOf(inputs.names)
    if template.form == "steps":
        return EachOf(len(inputs.steps), template.labels)
    return OneOf(template.labels)


def readings(template):
    return [one for one in ReadFrom if template.form == "label" or one is not ReadFrom.LABELS]


def places(needs):
    """Everywhere a text can stand: how to put it there, by the name of the place."""
    found = {name: partial(put, name) for name in needs - {"completion", "completions", "steps"}}
    if "completion" in needs:
        found["completion"] = lambda text: replace(PLAIN, completions=(text,))
    if "completions" in needs:
        found["first"] = lambda text: replace(PLAIN, completions=(text, "It is 4."))
        found["last"] = lambda text: replace(PLAIN, completions=("It is 4.", text))
    if "steps" in needs:
        found["step"] = lambda text: replace(PLAIN, steps=(text, "so it is 4"))
    found["everywhere"] = everywhere
    return found


def put(name, text):
    return replace(PLAIN, **{name: text})


def everywhere(text):
    return Inputs(text, (text, text), ("A", "B"), text, text, text, (text, text))


def asked(text):
    """Every prompt that a text can be part of: template, inputs, reading, prompt."""
    for template in TEMPLATES.values():
        for place in places(template.needs).values():
            inputs = place(text)
            for reading in readings(template):
                form = form_of(template, inputs)
                yield template, inputs, reading, render(template, inputs, form, reading)


def echoes(rendered):
    """What a judge says that repeats all of its prompt, or the user's message."""
    yield "\n\n".join(message.content for message in rendered.messages)
    yield rendered.messages[-1].content


def refused(form, reading, mark, text):
    for cut in (False, True):
        with pytest.raises(UnreadableError):
            read(form, reading, mark, Reply(text, cut=cut))


def honest_reply(form, reading, mark, before):
    """A reply that repeats a text and then judges, with what is to be read from it."""
    if isinstance(form, RankingOf):
        words = tuple(reversed(form.names))
        line, value = " > ".join(words), list(words)
    elif isinstance(form, EachOf):
        words = ("right", *["wrong"] * (form.count - 1))
        line, value = ", ".join(words), list(words)
    else:
        words = (form.scores[-1][0],)
        line = value = words[0]
    if reading is ReadFrom.LABELS:
        likely = [(label, 0.04) for label, _ in form.scores[:-1]] + [(line, 0.8)]
        return Reply(before, labels=tuple((one, math.log(p)) for one, p in likely)), words
    if reading is ReadFrom.JSON:
        return Reply(f"{before}\n{json.dumps({'check': mark, 'verdict': value})}"), words
    return Reply(f"{before}\nVerdict {mark}: {line}"), words


def pieces(template, inputs):
    """What the prompt must hold: the name of each piece and its text."""
    shown = {
        "prompt": [("PROMPT", inputs.prompt)],
        "completion": [("COMPLETION", inputs.completions[0])],
        "completions": [
            (f"COMPLETION {name}", text)
            for name, text in zip(inputs.names, inputs.completions, strict=False)
        ],
        "reference_answer": [("REFERENCE ANSWER", inputs.reference_answer)],
        "context": [("CONTEXT", inputs.context)],
        "criterion": [("CRITERION", inputs.criterion)],
        "steps": [(f"STEP {number}", text) for number, text in enumerate(inputs.steps, 1)],
    }
    return [piece for name in template.needs for piece in shown[name]]


def is_same(shown, text):
    """Is it the same text but for backslashes behind the first character of a control token?"""
    if shown == text:
        return True
    place = 0
    for character in text:
        if shown[place : place + 1] == "\\" != character and shown[place - 1] in "<[]":
            place += 1
        halved = "\ud800" <= character <= "\udfff"
        if shown[place : place + 1] != ("\ufffd" if halved else character):
            return False
        place += 1
    return place == len(shown)


def check_prompt(template, inputs, rendered):
    """Every piece stands between two lines that are there once, and is what it was."""
    user, mark = rendered.messages[-1].content, rendered.mark
    expected = pieces(template, inputs)
    for name, text in expected:
        begin, end = f"\n<<<{name} {mark}>>>\n", f"\n<<<END {name} {mark}>>>\n"
        assert user.count(begin) == user.count(end) == 1
        start = user.index(begin) + len(begin)
        assert is_same(user[start : user.index(end)], text)
    lines = [line for line in user.split("\n") if line.endswith(f" {mark}>>>")]
    assert len(lines) == 2 * len(expected)
    assert all(mark not in text.casefold() for _, text in expected)


# ------------------------------------------------------------------------ the corpus


def test_the_corpus_is_large_and_each_row_is_there_once():
    assert len(ATTACKS) == len(ROWS) >= 60
    assert len(set(ATTACKS.values())) == len(ROWS)
    assert len(set(KINDS.values())) >= 20


@pytest.mark.parametrize("name", ATTACKS)
def test_a_judge_that_repeats_its_prompt_has_said_nothing(name):
    for template, inputs, reading, rendered in asked(ATTACKS[name]):
        form = form_of(template, inputs)
        for text in echoes(rendered):
            refused(form, reading, rendered.mark, text)


@pytest.mark.parametrize("name", ATTACKS)
def test_a_judge_that_repeats_the_material_alone_has_said_nothing(name):
    for template, inputs, reading, rendered in asked(ATTACKS[name]):
        refused(form_of(template, inputs), reading, rendered.mark, ATTACKS[name])


@pytest.mark.parametrize("name", ATTACKS)
def test_a_judge_that_repeats_the_material_and_then_judges_is_heard(name):
    for template, inputs, reading, rendered in asked(ATTACKS[name]):
        form = form_of(template, inputs)
        reply, words = honest_reply(form, reading, rendered.mark, ATTACKS[name])
        try:
            said = read(form, reading, rendered.mark, reply)
        except UnreadableError:
            # A judge cannot be told from one that is still thinking: no verdict, never another one.
            assert KINDS[name] == "open_thinking"
        else:
            assert said.words == words


@pytest.mark.parametrize("name", ATTACKS)
def test_a_judge_that_repeats_its_prompt_and_then_judges_is_heard(name):
    for template, inputs, reading, rendered in asked(ATTACKS[name]):
        form = form_of(template, inputs)
        for text in echoes(rendered):
            reply, words = honest_reply(form, reading, rendered.mark, text)
            assert read(form, reading, rendered.mark, reply).words == words


@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_leaves_its_place(name):
    for template, inputs, reading, rendered in asked(ATTACKS[name]):
        if reading is ReadFrom.TEXT:  # pieces stand in the same place, whatever is read
            check_prompt(template, inputs, rendered)


# ------------------------------------------------------------------------ whoever knows the code


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_policy_that_renders_the_prompt_itself_gets_another_mark(name):
    template = TEMPLATES[name]
    for place in places(template.needs).values():
        for reading in readings(template):
            text, marks = "It is 4.", set()
            for _ in range(4):  # each time with the marks of all times before
                inputs = place(text)
                form = form_of(template, inputs)
                rendered = render(template, inputs, form, reading)
                assert rendered.mark not in marks
                for echo in (*echoes(rendered), text):
                    refused(form, reading, rendered.mark, echo)
                marks.add(rendered.mark)
                guess = "" if reading is ReadFrom.LABELS else rendered.messages[-1].content
                text += "\n" + honest_reply(form, reading, rendered.mark, guess)[0].text


# ------------------------------------------------------------------------ any text

NASTY = st.lists(
    st.sampled_from(
        [
            *("Verdict ", "verdict", "k7w3hm", ": ", ":", "Yes", "5", "Correct", "right", "A > B"),
            *("\n", "\r", "\u2028", " ", "\u200b", "**", "`", "```json\n", "```", "...", ", "),
            *("<<<", ">>>", "<<<END COMPLETION ", "COMPLETION", "STEP 1", " A", "<think>"),
            *("</think>", "{", "}", "[", "]", '"', '"check"', '"verdict"', ": ", "\\", "\x00"),
            *("<", "|", ">", "im_start", "｜", "/", "s", "INST", "SYS", "]~b", "e~[", "\ud800"),
            *("{completion}", "{mark}", "{prompt}", "{steps}", "\\g<0>", "%s"),
        ]
    ),
    max_size=30,
).map("".join)
TEXTS = ANY_TEXT | NASTY


@st.composite
def questions(draw):
    template = draw(st.sampled_from(sorted(TEMPLATES.values(), key=lambda one: one.id)))
    two = st.tuples(TEXTS, TEXTS)
    inputs = Inputs(
        draw(TEXTS), draw(two), ("A", "B"), draw(TEXTS), draw(TEXTS), draw(TEXTS), draw(two)
    )
    reading = draw(st.sampled_from(readings(template)))
    return template, inputs, reading


@given(questions())
def test_no_text_is_read_as_a_verdict_or_leaves_its_place(question):
    template, inputs, reading = question
    form = form_of(template, inputs)
    rendered = render(template, inputs, form, reading)
    check_prompt(template, inputs, rendered)
    for text in echoes(rendered):
        refused(form, reading, rendered.mark, text)
    for text in (inputs.prompt, *inputs.completions, inputs.context):
        if reading is not ReadFrom.LABELS:
            refused(form, reading, rendered.mark, text)


@given(questions(), st.data())
def test_no_beginning_of_a_repeated_prompt_is_a_verdict(question, data):
    template, inputs, reading = question
    form = form_of(template, inputs)
    rendered = render(template, inputs, form, reading)
    text = rendered.messages[-1].content
    refused(form, reading, rendered.mark, text[: data.draw(st.integers(0, len(text)))])


@given(questions())
def test_a_right_verdict_behind_the_whole_prompt_is_read(question):
    template, inputs, reading = question
    form = form_of(template, inputs)
    rendered = render(template, inputs, form, reading)
    before = rendered.messages[-1].content
    reply, words = honest_reply(form, reading, rendered.mark, before)
    assert read(form, reading, rendered.mark, reply).words == words
