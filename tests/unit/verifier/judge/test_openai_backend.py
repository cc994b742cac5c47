"""A judge behind OpenAI's chat API, against a real server that misbehaves on demand."""

import pytest
from misbehaving_server import (
    DONE,
    answer,
    either,
    endless,
    event,
    part,
    said,
    serving,
    streamed,
    then_closes,
    torn,
)
from openai_backends import KEY, YES_NO, ask, backend

from verifier.errors import InputError
from verifier.judge.asking import EachOf, RankingOf
from verifier.judge.backends.openai import OpenAiBackend, OpenAiSettings
from verifier.judge_task import ReadFrom

BOTH = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])

# ------------------------------------------------------------------------------- what is asked


@BOTH
async def test_a_question_becomes_a_request_and_its_answer_a_reply(stream):
    async with serving(said()) as server, backend(server, stream=stream, api_key=KEY) as made:
        reply = await ask(made, seed=7, temperature=0.5)

    asked = {"stream": True, "stream_options": {"include_usage": True}} if stream else {}
    assert server.paths == ["/v1/chat/completions"]
    assert server.bodies == [
        {
            "model": "tiny",
            "messages": [
                {"role": "system", "content": "You judge."},
                {"role": "user", "content": "1+1=2?"},
            ],
            "max_tokens": 64,
            "temperature": 0.5,
            "seed": 7,
            **asked,
        }
    ]
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert (reply.text, reply.cut, reply.labels) == ("Verdict: yes", False, ())
    assert (reply.model, reply.prompt_tokens, reply.completion_tokens) == ("tiny-v2", 11, 7)
    assert reply.retries == 0
    assert reply.seconds > 0


@BOTH
async def test_more_fields_stand_beside_the_questions_and_win(stream):
    extra = {"top_p": 0.9, "temperature": 1, "max_completion_tokens": 900}
    async with serving(said()) as server, backend(server, stream=stream, extra=extra) as made:
        await ask(made)

    body = server.bodies[0]
    assert {name: body[name] for name in extra} == extra
    assert "max_tokens" not in body
    assert "seed" not in body, "null is no default everywhere"


@BOTH
async def test_a_schema_is_sent_as_it_is(stream):
    schema = '{"type":"object","properties":{"verdict":{"enum":["Yes","No"]}}}'
    async with (
        serving(said()) as server,
        backend(server, stream=stream, structured=True) as made,
    ):
        await ask(made, read_from=ReadFrom.JSON, schema=schema)

    assert server.bodies[0]["response_format"] == {
        "type": "json_schema",
        "json_schema": {
            "name": "verdict",
            "strict": True,
            "schema": {"type": "object", "properties": {"verdict": {"enum": ["Yes", "No"]}}},
        },
    }


TOP = [
    {"token": "Yes", "logprob": -0.25, "bytes": None},
    {"token": " yes", "logprob": -2.0, "bytes": None},
    {"token": "No", "logprob": -3.0, "bytes": None},
]


@BOTH
async def test_probabilities_of_labels_come_from_few_tokens_and_never_from_a_stream(stream):
    place = {"token": "Yes", "logprob": -0.25, "bytes": None, "top_logprobs": TOP}
    async with (
        serving(said("Yes", places=[place])) as server,
        backend(server, stream=stream, logprobs=True) as made,
    ):
        reply = await ask(made, read_from=ReadFrom.LABELS)

    body = server.bodies[0]
    assert (body["logprobs"], body["top_logprobs"], body["max_tokens"]) == (True, 20, 8)
    assert "stream" not in body
    assert [label for label, _ in reply.labels] == ["Yes", "No"]
    assert dict(reply.labels)["No"] == -3.0
    assert -0.25 < dict(reply.labels)["Yes"] < 0


async def test_a_server_that_ignores_the_wish_for_probabilities_leaves_the_text():
    async with serving(said("Yes")) as server, backend(server, logprobs=True) as made:
        reply = await ask(made, read_from=ReadFrom.LABELS)

    assert (reply.text, reply.labels) == ("Yes", ())


UNABLE = [
    (YES_NO, ReadFrom.JSON, {}, "set structured = true"),
    (YES_NO, ReadFrom.LABELS, {}, "set logprobs = true"),
    (EachOf(2, YES_NO.scores), ReadFrom.LABELS, {"logprobs": True}, "one label"),
    (RankingOf(("A", "B")), ReadFrom.LABELS, {"logprobs": True}, "one label"),
]


@pytest.mark.parametrize(("form", "read_from", "changes", "cure"), UNABLE)
async def test_what_it_is_not_said_to_do_is_not_asked_of_it(form, read_from, changes, cure):
    async with serving(said()) as server, backend(server, **changes) as made:
        with pytest.raises(InputError, match=cure) as caught:
            await ask(made, form=form, read_from=read_from)

    assert caught.value.field == "judge.read_from"
    assert server.bodies == []


def test_its_abilities_are_those_of_the_settings_and_text():
    def abilities(**changes):
        return OpenAiBackend("x", OpenAiSettings("http://h/v1", "m", **changes)).abilities

    assert abilities() == (ReadFrom.TEXT,)
    assert abilities(structured=True, logprobs=True) == (
        ReadFrom.LABELS,
        ReadFrom.JSON,
        ReadFrom.TEXT,
    )


BAD_SETTINGS = [
    ({"base_url": "host:8000"}, "no URL"),
    ({"base_url": "http://me:secret@host/v1"}, "use an API key"),
    ({"api_key": "a\nb"}, "no HTTP header"),
    ({"extra": {"messages": [], "model": "x"}}, "extra: messages, model: not here"),
    ({"extra": {"stream": True}}, "extra: stream: not here"),
]


@pytest.mark.parametrize(("changes", "problem"), BAD_SETTINGS)
def test_settings_that_cannot_work_are_refused(changes, problem):
    with pytest.raises(InputError, match=problem) as caught:
        OpenAiSettings(**({"base_url": "http://host/v1", "model": "m"} | changes))

    assert "secret" not in str(caught.value)


def test_the_key_is_in_no_repr():
    assert KEY not in repr(OpenAiSettings("http://host/v1", "m", api_key=KEY))


@BOTH
async def test_text_that_no_json_can_carry_is_sent_without_it(stream):
    text = "a\ud800b \U0001f600 \x00 \udc00"
    async with serving(said()) as server, backend(server, stream=stream) as made:
        await ask(made, text)

    assert server.bodies[0]["messages"][1]["content"] == "a�b \U0001f600 \x00 �"


@BOTH
async def test_one_connection_is_used_again_and_again(stream):
    async with serving(said()) as server, backend(server, stream=stream) as made:
        for _ in range(5):
            await ask(made)

    assert len(server.bodies) == 5
    assert len(server.peers) == 1


# ----------------------------------------------------------------------- answers of every kind


NO_CONTENT = either(answer({"message": {"content": None}}), streamed(event(part({}, "stop"))))
REPLIES = [
    (said(), "Verdict: yes", False, "a good one"),
    (said("Verdict: ye", "length"), "Verdict: ye", True, "cut by the limit"),
    (said("x", "content_filter"), "x", False, "filtered"),
    (said("Größe 😀\r\n\u2028 ok"), "Größe 😀\r\n\u2028 ok", False, "characters of many bytes"),
    (said(""), "", False, "empty text"),
    (said(None), "", False, "null for text"),
    (NO_CONTENT, "", False, "null for text, and nothing else"),
    (answer(), "", False, "no choice; for a stream, a server that knows none"),
    (either(answer({"finish_reason": "stop"}), streamed(DONE)), "", False, "no message"),
    (
        either(
            answer({"message": {"content": "no", "reasoning_content": "yes", "reasoning": "yes"}}),
            streamed(
                event(part({"reasoning_content": "yes", "reasoning": "yes", "content": None})),
                event(part({"content": "no"}, "stop")),
            ),
        ),
        "no",
        False,
        "thoughts apart",
    ),
    (either(then_closes(said()), said()), "Verdict: yes", False, "the connection closes later"),
]


@BOTH
@pytest.mark.parametrize(
    ("behave", "text", "cut"), [row[:3] for row in REPLIES], ids=[row[3] for row in REPLIES]
)
async def test_an_answer_is_a_reply_whatever_it_holds(behave, text, cut, stream):
    """An answer without text is one, too: that no verdict can be read from it is found later."""
    async with serving(behave) as server, backend(server, stream=stream) as made:
        for _ in range(2):
            reply = await ask(made)
            assert (reply.text, reply.cut) == (text, cut)

    assert len(server.bodies) - 2 in (0, 1), "one more where a closed connection was tried"


STREAMS = [
    ([event(part({"content": "ok"}, "stop"))], "finished, without a last word"),
    ([event(part({"content": "ok"})), DONE], "a last word, without a reason"),
    ([event(part({"content": "ok"})), DONE[:-2]], "the last line has no end"),
    ([b": hello\n\n", event(part({"content": "ok"}, "stop")), b": bye\n\n"], "comments"),
    ([b"\xef\xbb\xbf", event(part({"content": "ok"}, "stop"))], "a mark of byte order"),
    ([event(part({"content": "ok"}, "stop")).replace(b"\n", b"\r\n")], "lines end in CR LF"),
    ([event(part({"content": "ok"}, "stop")).replace(b"\n", b"\r")], "lines end in CR"),
    ([b"event: x\nid: 1\n", event(part({"content": "ok"}, "stop"))], "other fields"),
    ([b"data:", event(part({"content": "ok"}, "stop"))[6:]], "no space after the colon"),
    ([event(part({"content": "o"}))[:-1], event(part({"content": "k"}, "stop"))], "no empty line"),
    (
        [event(part({"content": "ok"}, "stop")), DONE, event({"error": "late"})],
        "more after the end",
    ),
    ([event({"type": "ping"}), event(part({"content": "ok"}, "stop"))], "another document"),
    ([event({"error": None} | part({"content": "ok"}, "stop"))], "null for an error"),
]


@pytest.mark.parametrize("pieces", [row[0] for row in STREAMS], ids=[row[1] for row in STREAMS])
async def test_streams_of_every_kind_are_read(pieces):
    async with serving(streamed(*pieces)) as server, backend(server, stream=True) as made:
        assert (await ask(made)).text == "ok"

    assert len(server.bodies) == 1


ENDED = [
    (torn(event(part({"content": "ok"}, "stop"))), "drops the connection"),
    (endless(event(part({"content": "ok"}, "stop"))), "never ends, for all that"),
    (endless(event(part({"content": "ok"}, "stop")), DONE), "never ends after the last word"),
    (endless(event(part({"content": "ok"})), DONE), "never ends after only a last word"),
]


@pytest.mark.parametrize("behave", [row[0] for row in ENDED], ids=[row[1] for row in ENDED])
async def test_what_happens_after_the_model_has_finished_does_not_matter(behave):
    async with (
        serving(behave) as server,
        backend(server, stream=True, timeout_seconds=0.5) as made,
    ):
        assert (await ask(made)).text == "ok"

    assert len(server.bodies) == 1


async def test_a_server_may_say_less_or_nonsense_of_itself():
    usage = {"prompt_tokens": -5, "completion_tokens": 2**70}
    script = [said(model=None, usage=None), said(model="x" * 10_000, usage=usage)]
    async with serving(*script) as server, backend(server) as made:
        first, second = await ask(made), await ask(made)

    assert (first.model, first.prompt_tokens, first.completion_tokens) == ("tiny", 0, 0)
    assert (second.model, second.prompt_tokens) == ("x" * 200, 0)
    assert second.completion_tokens == 2**31, "a number that fits into any field"
