"""Streams of answers, cut anywhere."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.completions.answers import PassingError
from verifier.completions.chat_answers import MAX_TEXT_BYTES, ChatStream
from verifier.completions.events import EventLines

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ENDS = st.sampled_from(["\n\n", "\r\n\r\n", "\r\r", "\n", "\r\n", "\r"])
NOISE = st.sampled_from(
    ["", ": still here\n\n", "event: message\n", "id: 7\r\n", "\n", "data:\n\n"]
)


def document(delta, reason=None):
    return {"choices": [{"delta": delta, "finish_reason": reason}]}


@st.composite
def streams(draw):
    """The text, and the bytes of a stream that says it, with whatever servers put between."""
    texts = draw(st.lists(TEXTS, max_size=6))
    ascii_only = draw(st.booleans())
    documents = [document({"role": "assistant", "content": None})]
    documents += [document({"content": text}) for text in texts]
    documents.append(document({}, "stop"))
    lines = [json.dumps(one, ensure_ascii=ascii_only) for one in documents]
    if draw(st.booleans()):
        lines.append("[DONE]")
    space = draw(st.sampled_from(["", " "]))
    end = draw(ENDS)
    body = "".join(f"{draw(NOISE)}data:{space}{line}{end}" for line in lines)
    return "".join(texts), body.encode()


def cut(body, places):
    """The pieces between these places."""
    edges = [0, *sorted(place % (len(body) + 1) for place in places), len(body)]
    return [body[start:end] for start, end in pairwise(edges)]


def read(pieces):
    stream = ChatStream()
    for piece in pieces:
        stream.feed(piece)
    return stream.end().text


@given(streams(), st.lists(st.integers(0, 10_000), max_size=30))
def test_a_stream_says_the_same_wherever_it_is_cut(stream, places):
    text, body = stream

    assert read(cut(body, places)) == text
    assert read([body]) == text
    assert read([bytes([byte]) for byte in body]) == text


@given(streams(), st.data())
def test_half_a_stream_is_no_answer_unless_all_was_said(stream, data):
    _, body = stream
    most = body.index(b'"stop"')
    half = body[: data.draw(st.integers(0, most))]

    with pytest.raises(PassingError, match=r"broke off|malformed"):
        read([half])


@given(st.binary(max_size=200), st.lists(st.integers(0, 10_000), max_size=10))
def test_any_bytes_hold_the_same_data_wherever_they_are_cut(body, places):
    whole, pieces = EventLines(1000), EventLines(1000)
    expected = [*whole.feed(body), *whole.end()]
    found = [data for piece in cut(body, places) for data in pieces.feed(piece)]

    assert [*found, *pieces.end()] == expected


def test_a_line_is_bounded_however_it_comes():
    lines = EventLines(100)
    for _ in range(100):
        assert lines.feed(b"x") == []
    with pytest.raises(ValueError, match="more than 100 bytes"):
        lines.feed(b"x")


def test_a_text_is_bounded():
    stream = ChatStream()
    piece = f"data: {json.dumps(document({'content': 'x' * 1000}))}\n".encode()
    for _ in range(MAX_TEXT_BYTES // 1000):
        stream.feed(piece)
    with pytest.raises(PassingError, match="more than"):
        stream.feed(piece)


def test_what_stands_behind_the_end_is_not_read():
    stream = ChatStream()
    stream.feed(f"data: {json.dumps(document({'content': 'a'}, 'stop'))}\n\n".encode())
    stream.feed(b"data: [DONE]\n\ndata: no json\n\n")

    assert (stream.complete, stream.done, stream.end().text) == (True, True, "a")
