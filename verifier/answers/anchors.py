"""HASHES and ANCHOR: marks after which a completion states its answer.

``#### 42`` closes GSM8K's own solutions; "the answer is", "Answer:", "A:" and 答案 are how models
announce an answer in prose. The last anchor that is followed by anything decides.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from verifier.answers.boxed import find_box
from verifier.answers.numbers import NUMBER
from verifier.answers.spans import MAX_ANSWER_CHARS, MAX_TRIES, Span, drop_unpaired, trim
from verifier.answers.whole import prose

_HASHES: Final = "####"
_STEMS: Final = ("nswer", "NSWER", "答案", "\nA:")

# "answer is", "answer to the question is", "Answer:", "**Answer**:", "answer =". What lies between
# the word and the verb is bounded, so one try costs a constant.
_STATED: Final = re.compile(
    r"(?:nswer|NSWER)(?:s|\(s\))?[*_\"']{0,3}"
    r"(?:\s(?:to|for|of)\s[^.\n:=$\\]{1,80}?)?\s{0,3}"
    r"(?:[:：=]|\b(?:is|are|IS|was|would\sbe|must\sbe|should\sbe|will\sbe|equals)\b)"
)
_HEADING: Final = re.compile(r"(?:nswer|NSWER)[*_]{0,3}[ \t]*\n")
_HEADING_START: Final = re.compile(r"[#*_ \t]*(?:[Tt]he )?(?:[Ff]inal |FINAL )?[Aa]")
_CHINESE: Final = re.compile("答案(?:应该|應該)?(?:是|为|為|：|:|=)")
_NEXT_OPTION: Final = re.compile(r"[^\n]*\n+B:")

# Between the anchor and the answer: bold marks, one more colon, words that add nothing.
_LEAD_IN: Final = re.compile(
    r"[\s*_:：\"]{0,16}(?:(?:therefore|thus|hence|simply|just|indeed|then|equal\sto|approximately"
    r"|about|roughly|exactly)\b[\s,:]{0,3})?[*_\"]{0,3}"
)
# What most completions state, a plain number and nothing behind it, needs no cutting.
_NUMBER_AT_END: Final = re.compile(r"\s{0,16}(-?[0-9]{1,40})\s{0,16}\Z")
_DISPLAY: Final = {"$$": "$$", "\\[": "\\]", "\\(": "\\)"}
# "The largest n is 34": a clause that opens with words states its answer after its last verb.
_SENTENCE: Final = re.compile(r"[*_]{0,3}[A-Za-z][a-z]*\s")
_OPERATOR: Final = re.compile(r"[=+*/^\\{}()\[\]<>|$-]")
_OPERATOR_NEXT: Final = re.compile(r"\s?[-+*/^=\\(]")
# In front of a number these words make it another one, or say what it is not.
_CHANGES: Final = re.compile(
    r"\b(?:not|never|no|neither|cannot|other|except|than|least|most|between|over|under|half|twice"
    r"|double|triple|square|squared|cube|root|third|quarter|times|plus|divided|sum|product"
    r"|difference|factorial|or|either)\b|n['’]t\b",
    re.IGNORECASE,
)
# "The answer is correct", "I hope this answer is helpful": talk about an answer, none itself.
_TALK: Final = re.compile(
    r"(?:not\s|very\s|also\s)?(?:correct|right|incorrect|wrong|reasonable|plausible|valid|helpful"
    r"|clear|consistent|verified|confirmed|complete|final|based|expressed|rounded|given|as|in|above"
    r"|below)\b[^0-9\\$]*"
)
_HEADING_WORD: Final = re.compile(
    r"[^0-9\\$]*:?|(?:step|part|case|question|problem)\b.*", re.IGNORECASE
)
_VERB: Final = re.compile(r"\b(?:is|are|was|equals)\s+(?=[-+*$\\(\[{0-9.€£¥√])")
# A clause ends with its line, its sentence, or where a reason is given for the answer.
_CLAUSE_END: Final = re.compile(
    r"\n|。|[.?](?=[*_\"')]{0,3}(?:\s|$))"
    r"|[,;]?\s(?:because|since|as|so|which|when|where|if|after|given|but|for|not|with|i\.e|e\.g)\s"
    # "42 (in cm)", "42 - the sum", "42: this follows", "42 apples in 3 days"
    r"|\s\((?!mod\b)(?=[A-Za-z]{2,})"
    r"|\s[-–—]\s(?!sin|cos|tan|cot|sec|csc|log|ln|exp|sqrt|pi\b)(?=[A-Za-z]{2,})"
    r"|[;:]\s(?=[A-Za-z]{2,})|\sin\s(?=[a-z]{2,}|[0-9])"
)


def find_hashes(text: str) -> Span | None:
    """Finds what follows the last ``####`` on its line."""
    mark = text.rfind(_HASHES)
    if mark < 0:
        return None
    start = mark + len(_HASHES)
    end = text.find("\n", start)
    if end < 0:
        end = len(text)
    span = trim(text, start, end) if end - start <= MAX_ANSWER_CHARS else None
    if span is None:
        return None
    inner = find_anchored(text[span[0] : span[1]])
    if inner is not None:
        return span[0] + inner[0], span[0] + inner[1]
    if _HEADING_WORD.fullmatch(text, *span) and not text[end:].isspace() and text[end:]:
        return None
    return drop_unpaired(text, *span)


def find_anchored(text: str) -> Span | None:
    r"""Finds the clause after the last anchor; a ``\boxed`` inside the clause decides.

    An anchor that nothing follows (the text ends there) is passed over for the one before it, and
    so is talk about the answer ("the answer is correct"); at most the last 16 are looked at.
    """
    places = {stem: text.rfind(stem) for stem in _STEMS}
    talk: Span | None = None
    for _ in range(MAX_TRIES):
        stem = max(_STEMS, key=places.__getitem__)
        place = places[stem]
        if place < 0:
            break
        start = _statement(text, stem, place)
        if start is not None:
            clause = _stated(text, start)
            if clause is not None and not _TALK.fullmatch(text, *clause):
                return clause
            talk = talk or clause
        places[stem] = text.rfind(stem, 0, place)
    if text.startswith("A:") and not _NEXT_OPTION.match(text):
        return _stated(text, 2)
    return talk


def _statement(text: str, stem: str, place: int) -> int | None:
    """Tells where the statement begins if the stem found at `place` is an anchor."""
    if stem == "\nA:":
        is_option = _NEXT_OPTION.match(text, place + 1, place + MAX_ANSWER_CHARS)
        return None if is_option else place + len(stem)
    if stem == "答案":
        chinese = _CHINESE.match(text, place)
        return chinese.end() if chinese else None
    if place == 0 or text[place - 1] not in "aA":
        return None
    stated = _STATED.match(text, place)
    if stated:
        return stated.end()
    heading = _HEADING.match(text, place)
    line_start = text.rfind("\n", max(0, place - 40), place) + 1 or max(0, place - 40)
    if heading and _HEADING_START.fullmatch(text, line_start, place):
        return heading.end()
    return None


def _stated(text: str, start: int) -> Span | None:
    """Finds the answer that the statement beginning at `start` states."""
    number = _NUMBER_AT_END.match(text, start)
    return number.span(1) if number else _clause(text, start)


def _clause(text: str, start: int) -> Span | None:
    """Cuts the statement that begins at `start` to the answer it states."""
    lead_in = _LEAD_IN.match(text, start)
    if lead_in is not None:
        start = lead_in.end()
    limit = min(len(text), start + MAX_ANSWER_CHARS)
    closing = _DISPLAY.get(text[start : start + 2])
    searched_from = start
    if closing is not None:
        closed = text.find(closing, start + 2, limit)
        searched_from = closed + 2 if closed >= 0 else start
    elif text.startswith("$", start):
        closed = text.find("$", start + 1, limit)
        newline = text.find("\n", start, limit)
        if closed >= 0 and not 0 <= newline < closed:
            searched_from = closed + 1
    cut = _CLAUSE_END.search(text, searched_from, limit)
    span = trim(text, start, cut.start() if cut else limit)
    if span is None:
        return None
    if "\\boxed" in text[span[0] : span[1]]:
        box = find_box(text[span[0] : span[1]])
        if box is not None:
            return span[0] + box[0], span[0] + box[1]
    span = drop_unpaired(text, *span)
    return _cut_sentence(text, span) if _SENTENCE.match(text, *span) else span


def _cut_sentence(text: str, span: Span) -> Span:
    """Cuts a clause in words to its only number, or to what follows its only verb.

    A clause with several numbers and several verbs states several answers and is left as it is.
    """
    numbers = list(islice(NUMBER.finditer(text, *span), 2))
    verbs = list(islice(_VERB.finditer(text, *span), 2))
    if len(numbers) == 1:
        start = numbers[0].start()
        words = text[span[0] : start]
        in_words = prose(words) and not (_OPERATOR.search(words) or _CHANGES.search(words))
        if in_words and not _OPERATOR_NEXT.match(text, numbers[0].end(), span[1]):
            return start, span[1]
    return (verbs[0].end(), span[1]) if len(verbs) == 1 else span
