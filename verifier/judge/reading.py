"""From a judge's reply to its verdict, and the words that tell a judge how to write one.

A verdict carries the mark of its prompt, a short word that occurs in nothing that was judged: what
a judge repeats of the material is never a verdict, however much it looks like one. So much for
forgery; what is left is to be strict. A reply is read, or it is not: no score is guessed from what
is almost a verdict, because a caller can ask again, but cannot tell a guess from a score.

| Read from | What counts                                                                          |
|-----------|--------------------------------------------------------------------------------------|
| TEXT      | the last line ``Verdict <mark>: …``; another one above it is what the judge thought  |
|           | of before, so a last one that is cut off or names no label is not made good by it    |
| JSON      | the last object that holds the mark, with prose or a code fence around it or without |
| LABELS    | how likely each label was to be the first word                                       |

The judge's own thinking is left out. It ends with the last ``</think>`` of the reply, and a reply
that begins with ``<think>`` and shows none is still at it. `verifier.answers.thinking` sees more
than that in these tags, as it must in what a policy writes; a judge talks about them, though, when
it says of a completion that "it opens <think> and never closes it".

Last match, from the reply alone: the lesson of prometheus-eval's issue 58, where the prompt was
matched. Expected scores from label probabilities: G-Eval (arXiv 2303.16634), and GenRM's P(Yes)
(arXiv 2408.15240).
"""

from __future__ import annotations

import json
import math
import re
import string
from typing import TYPE_CHECKING, Any, Final, NoReturn

from verifier.judge.asking import EachOf, OneOf, RankingOf, Said, UnreadableError
from verifier.judge_task import ReadFrom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.judge.asking import Form, Reply

MIN_MASS: Final = 0.5
"""The least probability that all labels together must have to be read.

Below it the judge was more likely to say something else than any label: "I", "Both", a refusal. The
expected score would then rest on what it would have said in the less likely case.
"""

_MAX_MASS: Final = 1.01  # servers round; above it these are no probabilities of one word
_MAX_LOG: Final = 1e-3  # the same for one label: log(1) comes as some millionths at times

_MAX_MENTIONS: Final = 1_000  # of the mark, from the end, that are looked at; a judge makes a few
_MAX_JSON: Final = 100_000  # characters, from the end, in which the JSON object must begin
_MAX_DECORATION: Final = 40  # characters around a label: number, emphasis, quotes, white space
_MAX_QUOTED: Final = 60  # of what a message repeats

_OPEN: Final = "<think>"
_CLOSE: Final = "</think>"

# Possessive throughout: what a line holds is read once.
_LINE: Final = re.compile(
    r"""[\s>#*_`~|"'•-]*+(?:final\s++)?verdict[\s*_`"'(\[<]++([^\s*_`"')\]>:：]++)"""
    r"""[\s*_`"')\]>]*+[:：]""",
    re.IGNORECASE,
)
_DECORATION: Final = string.whitespace + "*_`~\"'“”‘’.,;:!：。，；、！|()[]<>{}$"
_NUMBER: Final = (
    r"""[\s*_`"'(\[]*+(?:(?:step\s*+)?(\d{1,6})(?:\s*+[:：=]\s*+|[.)\]]\s++|\)\s*+[:：]\s*+))?+"""
)
_PART: Final = re.compile(_NUMBER + "(.*)", re.IGNORECASE | re.DOTALL)
_WORD: Final = re.compile(_NUMBER + r"(\S++)\s*+", re.IGNORECASE)
_COMMAS: Final = re.compile(r"[,;，；、]")
_ABOVE: Final = re.compile(r"[,;，；、≻]|>+")  # "better than", between names
_OBJECT: Final = re.compile(r'\{\s*+"(?:check|reason|verdict)"')


_REASON: Final = "in a few sentences what decides"

# ------------------------------------------------------------------------ asking for a verdict


def instruction(form: Form, read_from: ReadFrom, mark: str, *, reasoned: bool) -> str:
    """The closing words of a prompt: how the judge is to answer.

    They hold no verdict themselves: `read` refuses a reply that repeats them.

    Args:
        form: of the verdict; its labels are listed in its order.
        read_from: what the reply will be read from.
        mark: of the prompt.
        reasoned: whether the judge explains before it answers; label probabilities are those of
            the first word, so with LABELS it never does.

    Raises:
        TypeError: LABELS with another form than `OneOf`.
    """
    if read_from is ReadFrom.LABELS:
        labels = [label for label, _ in _scale(form)]
        return f"Answer with exactly one of {_listed(labels)}, and write nothing else."
    if read_from is ReadFrom.JSON:
        reason = f' "reason", a string: {_REASON};' if reasoned else ""
        return (
            "Answer with one JSON object and write nothing else. It has these keys, in this order: "
            f'"check", the string "{mark}";{reason} "verdict", {_wish(form, array=True)}.'
        )
    first = f"First say {_REASON}. Then end your answer" if reasoned else "Answer"
    return (
        f"{first} with one line of this form, the verdict in place of the dots, "
        "and write nothing after it:\n"
        f"Verdict {mark}: ...\n"
        f"The verdict is {_wish(form, array=False)}."
    )


def schema(form: Form, mark: str, *, reasoned: bool) -> str:
    """The JSON Schema of an answer, as JSON text, for decoding that is held to it.

    All keys are required, and only words are used that strict modes know: that a ranking names
    each completion once is left to `read`.

    Args:
        form: of the verdict.
        mark: of the prompt, the only value of ``check``.
        reasoned: whether a ``reason`` comes before the ``verdict``.
    """
    properties: dict[str, Any] = {"check": {"type": "string", "const": mark}}
    if reasoned:
        properties["reason"] = {"type": "string"}
    one = {"type": "string", "enum": list(_words(form))}
    count = _count(form)
    many = {"type": "array", "items": one, "minItems": count, "maxItems": count}
    properties["verdict"] = one if isinstance(form, OneOf) else many
    whole = {"type": "object", "properties": properties, "required": list(properties)}
    return json.dumps(whole | {"additionalProperties": False})


def _wish(form: Form, *, array: bool) -> str:
    if isinstance(form, OneOf):
        return f"exactly one of {_listed(_words(form))}"
    if isinstance(form, EachOf):
        wish = f"one label for each of the {form.count} steps, in their order"
        between, each = "commas", f"each label is exactly one of {_listed(_words(form))}"
    else:
        wish = f"all {len(form.names)} names, each once, the best first"
        between, each = ">", f"the names are {_listed(form.names)}"
    return f"an array: {wish}; {each}" if array else f"{wish}, with {between} between them; {each}"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(json.dumps(word, ensure_ascii=False) for word in words)


# ------------------------------------------------------------------------ reading a verdict


def read(form: Form, read_from: ReadFrom, mark: str, reply: Reply) -> Said:
    """The verdict of a reply.

    Labels and names are compared without regard to case, to white space and punctuation around
    them and to markdown's emphasis; so are the labels of one form to differ.

    Args:
        form: of the verdict.
        read_from: what it is read from.
        mark: of the prompt that was answered.
        reply: any text; it is read in linear time.

    Returns:
        Labels and names as the form spells them.

    Raises:
        UnreadableError: it holds no verdict; says why.
        TypeError: LABELS with another form than `OneOf`.
    """
    if read_from is ReadFrom.LABELS:
        return _from_labels(_scale(form), reply)
    if not reply.text.strip():
        raise UnreadableError("the reply is empty")
    if read_from is ReadFrom.JSON:
        return _said(form, _from_json(form, mark, reply))
    return _said(form, _from_text(form, mark, reply))


def _said(form: Form, words: tuple[str, ...]) -> Said:
    scores = {} if isinstance(form, RankingOf) else dict(form.scores)
    return Said(words, tuple(scores[word] for word in words) if scores else ())


def _thinking(text: str) -> tuple[int, int]:
    """Where the thinking that a reply begins with ends, and where its last one does; 0 for none."""
    last = text.rfind(_CLOSE)
    end = last + len(_CLOSE) if last >= 0 else 0
    if not text.lstrip().startswith(_OPEN):
        return 0, end
    if not end:
        raise UnreadableError("the reply ends inside its thinking")
    return text.find(_CLOSE) + len(_CLOSE), end


def _scale(form: Form) -> tuple[tuple[str, float], ...]:
    if not isinstance(form, OneOf):
        raise TypeError("label probabilities are of one label, not of several steps or names")
    return form.scores


def _words(form: Form) -> tuple[str, ...]:
    if isinstance(form, RankingOf):
        return form.names
    return tuple(label for label, _ in form.scores)


def _count(form: Form) -> int:
    if isinstance(form, RankingOf):
        return len(form.names)
    return form.count if isinstance(form, EachOf) else 1


def _quoted(text: str) -> str:
    return f'"{text if len(text) <= _MAX_QUOTED else text[: _MAX_QUOTED - 1] + "…"}"'


# ------------------------------------------------------------------------ from text


def _from_text(form: Form, mark: str, reply: Reply) -> tuple[str, ...]:
    start, end = _verdict_line(reply.text, mark)
    unfinished = reply.cut and end == len(reply.text)
    if isinstance(form, OneOf):
        return (_whole_label(reply.text[start:end], _words(form), unfinished=unfinished),)
    if end - start > _count(form) * _most(_words(form)):
        raise UnreadableError(f"the verdict line is too long: {_quoted(reply.text[start:end])}")
    separators = _ABOVE if isinstance(form, RankingOf) else _COMMAS
    parts = _parts(reply.text[start:end], separators, _count(form))
    return _several(form, parts, unfinished=unfinished)


def _verdict_line(text: str, mark: str) -> tuple[int, int]:
    """What follows the colon of the last verdict line, as [start, end) of the text."""
    _, floor = _thinking(text)
    position = len(text)
    for _ in range(_MAX_MENTIONS):
        mention = text.rfind(mark, floor, position)
        if mention < 0:
            break
        position = max(text.rfind("\n", floor, mention) + 1, floor)
        end = text.find("\n", mention)
        end = len(text) if end < 0 else end
        found = _LINE.match(text, position, end)
        if found is not None and found[1] == mark:
            return found.end(), end
    raise UnreadableError(f"no verdict line with the mark {mark}")


def _parts(line: str, separators: re.Pattern[str], count: int) -> list[tuple[str | None, str]]:
    """The members of a list, each with its number, if it has one, and its words."""
    line = line.strip(_DECORATION)
    if count > 1 and separators.search(line) is None:
        return [(found[1], found[2]) for found in _WORD.finditer(line)]
    parts = separators.split(line) if count > 1 else [line]
    return [(found[1], found[2]) for part in parts if (found := _PART.match(part))]


def _several(
    form: EachOf | RankingOf, parts: Sequence[tuple[str | None, str]], *, unfinished: bool = False
) -> tuple[str, ...]:
    if len(parts) != _count(form):
        raise UnreadableError(f"the verdict is a list of {len(parts)}, not of {_count(form)}")
    words: list[str] = []
    for place, (number, part) in enumerate(parts, 1):
        if number is not None and int(number) != place:
            raise UnreadableError(f"number {place} of the verdict is numbered {number}")
        last = isinstance(form, EachOf) and place == len(parts)
        words.append(_whole_label(part, _words(form), unfinished=unfinished and last))
    if isinstance(form, RankingOf) and len(set(words)) < len(words):
        raise UnreadableError(f"the verdict names some twice: {_quoted(' > '.join(words))}")
    return tuple(words)


def _whole_label(text: str, labels: Sequence[str], *, unfinished: bool = False) -> str:
    """The label that a text is; not "1" beside "10" if it may have been about to go on."""
    bare = _bare(text) if len(text) <= _most(labels) else ""
    named = [label for label in labels if bare and _bare(label) == bare]
    if len(named) != 1:
        if not text.strip():
            raise UnreadableError("there is no word where the verdict has one")
        raise UnreadableError(f"{_quoted(text.strip())} is none of the words to choose from")
    if unfinished and any(_bare(label).startswith(bare) for label in labels if label != named[0]):
        raise UnreadableError(f"the reply was cut at {_quoted(text.strip())}: more may have come")
    return named[0]


def _most(labels: Sequence[str]) -> int:
    """The most characters that one of some labels may take, with what stands around it."""
    return max(map(len, labels), default=0) + _MAX_DECORATION


def _bare(text: str) -> str:
    inside = text.strip(_DECORATION).removeprefix("\\boxed").strip(_DECORATION)
    return " ".join(inside.split()).casefold()


# ------------------------------------------------------------------------ from JSON


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key occurs twice")
    return made


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=float, parse_constant=_refuse
)  # whole numbers as floats: long ones would raise, and none is looked at


def _from_json(form: Form, mark: str, reply: Reply) -> tuple[str, ...]:
    found = _marked_object(reply.text, mark)
    if found.get("check") != mark:
        raise UnreadableError("check is not the mark")
    verdict = found.get("verdict")
    if isinstance(form, OneOf):
        if not isinstance(verdict, str):
            raise UnreadableError("verdict is no string")
        return (_whole_label(verdict, _words(form)),)
    if not isinstance(verdict, list) or not all(isinstance(each, str) for each in verdict):
        raise UnreadableError("verdict is no array of strings")
    return _several(form, [(None, each) for each in verdict])


def _marked_object(text: str, mark: str) -> dict[str, Any]:
    """The last object of a text that holds the mark.

    An object begins with one of the keys that it was asked for, and no other object inside it does:
    so each character is read once. Inside a string no object can seem to begin, since a quotation
    mark there has a backslash before it.
    """
    own, last = _thinking(text)
    floor = max(own, len(text) - _MAX_JSON)
    end = len(text)
    for start in reversed([found.start() for found in _OBJECT.finditer(text, floor)]):
        part = text[start:end]
        if mark not in part:
            end = start
            continue
        found, length = _decoded(part)
        behind = part[length:]
        if mark in behind or behind.lstrip()[:1] in {",", "]", "}"}:
            raise UnreadableError("more of the verdict follows the last JSON object with the mark")
        if start + length < last:
            raise UnreadableError("the last JSON object with the mark is part of the thinking")
        return found
    raise UnreadableError(f"no JSON object with the mark {mark}")


def _decoded(text: str) -> tuple[dict[str, Any], int]:
    try:
        found, length = _DECODER.raw_decode(text)
    except (ValueError, RecursionError) as error:
        said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise UnreadableError(f"the last JSON object with the mark is none: {said}") from None
    return found, length


# ------------------------------------------------------------------------ from label probabilities


def _from_labels(scores: tuple[tuple[str, float], ...], reply: Reply) -> Said:
    labels = [label for label, _ in scores]
    scale = dict(scores)
    if not reply.labels:
        # A bare label is not taken for them: it carries no mark, and its score would be another.
        raise UnreadableError("no label is among the words that the backend called likely")
    weights = _probabilities(labels, reply.labels)
    mass = math.fsum(weights.values())
    if mass > _MAX_MASS:
        raise UnreadableError(f"the labels' probabilities add up to {mass:.3g}")
    if mass < MIN_MASS:
        raise UnreadableError(f"the labels' probabilities add up to {mass:.3g} only")
    expected = math.fsum(weight * scale[label] for label, weight in weights.items()) / mass
    likeliest = max(labels, key=weights.__getitem__)  # the first of equals
    return Said((likeliest,), (min(max(expected, 0.0), 1.0),))


def _probabilities(labels: Sequence[str], found: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Of each label, 0 where none is found; what is no label is left out."""
    weights = dict.fromkeys(labels, 0.0)
    meant = {_bare(label): label for label in labels}
    for name, logarithm in found:
        if math.isnan(logarithm) or logarithm > _MAX_LOG:
            raise UnreadableError(f"{logarithm} is the logarithm of no probability")
        label = meant.get(_bare(name))
        if label is not None:
            weights[label] += math.exp(min(logarithm, 0.0))
    return weights
