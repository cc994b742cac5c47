"""From where a statement begins to the answer it states.

"The answer is 42, because …" states 42; "Answer: The volume of the box is 120." states 120; a list
of lines states them all. Everything is bounded by the 4096 characters an answer may have.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from verifier.answers.boxes import find_boxes
from verifier.answers.numbers import NUMBER
from verifier.answers.spans import MAX_ANSWER_CHARS, Excerpt, drop_unpaired, excerpt, trim
from verifier.answers.whole import prose

if TYPE_CHECKING:
    from verifier.answers.languages import Language
    from verifier.answers.spans import Span

# Between the anchor and the answer: bold marks, one more colon, words that add nothing.
_LEAD_IN: Final = re.compile(
    r"[\s*_:：\"“]{0,16}(?:(?<=\n)>[\s*_]{0,8})?(?:(?:therefore|thus|hence|simply|just|indeed|then|equal\sto|approximately"
    r"|about|roughly|exactly|aproximadamente|environ|etwa|ungefähr|circa|około|около|donc|entonces"
    r"|por\s(?:lo\s)?tanto|ok\.|ca\.)(?!\w)[\s,:]{0,3}|大约|约|約)?[*_\"“]{0,3}"
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
_VERB: Final = re.compile(r"\b(?:is|are|was|equals)\s+(?=[-+*$\\(\[{0-9.€£¥√])")
# A sentence ends with its line or its full stop; "p.m." ends none before a small letter.
_SENTENCE_END: Final = re.compile(
    r"\n|。|(?<![ap]\.m)(?<!i\.e)(?<!e\.g)[.?](?=[*_\"'”)]{0,3}(?:\s|$))|(?<=[ap]\.m)\.(?=[*_\"'”)]{0,3}\s[A-Z])"
)
# A clause ends with its sentence, or where a reason or a remark follows the answer.
_REMARK: Final = re.compile(
    r"[,;]?\s(?:(?:and|but|und|y|et|e)\s)?(?:not|nicht|no|pas|non)\s(?=[-\\$(0-9])"
    r"|[,;]?\s\(?(?:i\.?e|e\.?g|that\sis|or\sequivalently|which\sis|or\s(?:about|approximately"
    r"|roughly))[.,\s]"
    # "42 (in cm)", "42 - the sum", "42: this follows", "42 apples in 3 days"
    r"|\s\((?!mod\b)(?=[^\W\d_]{2,})|（(?=[^\W\d_]{2,})"
    r"|\s[-–—]\s(?!sin|cos|tan|cot|sec|csc|log|ln|exp|sqrt|pi\b)(?=[^\W\d_]{2,})"
    r"|[*_]{0,3}\s\(\$?(?:≈|~|\\approx|about|approx)"
    r"|[;:]\s(?=[A-Za-z]{2,})|\sin\s(?=[a-z]{2,}|[0-9])"
)
# "7 if a = 1 and 9 otherwise": the cases are the answer.
_CASES: Final = re.compile(
    r"\b(?:otherwise|else)\b|\b(?:if|when|for)\b[^.\n]{1,80}\b(?:if|when|for)\b"
)
# "5 (or maybe 6)", "5? No: 6", "5. Or 6.": who takes it back has not answered 5.
_HEDGE: Final = re.compile(
    r"[*_\"'”)$]{0,3}\s?[.;,?:–—-]?\s{0,2}\(?(?:but\s)?"
    r"(?:(?:or|maybe|perhaps|possibly|alternatively|(?:it\s)?(?:could|might|may)\s(?:also\s)?be)"
    r"(?:\s(?:maybe|perhaps|possibly|even))?|no[,:])\s(?=[-$\\(0-9])[^\n.]{1,60}",
    re.IGNORECASE,
)
_JSON_KEY: Final = re.compile(r"[{,]\s{0,8}\"[\w ]{0,30}\"\s{0,4}:\Z")
_JSON_VALUE: Final = re.compile(
    r"\s{0,8}(?:\"(?P<text>(?:[^\"\\]|\\.){1,1000})\"|(?P<list>\[[^\]\n]{1,400}\])"
    r"|(?P<bare>[^,}\]\n\"]{1,400}))"
)
# The label of a formula, "\text{Answer: }36$": its brace, and the formula behind it.
_IN_LABEL: Final = re.compile(r"\\(?:text\w{0,6}|math\w\w|mbox)\s?\{[^{}]{0,40}\Z")
_BEHIND_LABEL: Final = re.compile(
    r"[*\s]{0,4}\}(?:\s|~|\\[ ,;:]|\\quad){0,4}(?P<value>[^$\n]{1,400}?)\s?(?:\$|\\[)\]]|\n|\Z)"
)
_MAX_LABEL: Final = 60
# A sentence without spaces between its words: 小明一共有15个苹果.
_UNSPACED: Final = re.compile(r"[\u3040-\u9fff]")
_NAMELY: Final = re.compile(
    r"\s?[\u3040-\u9fff][^0-9$\\。\n]{0,40}(?:即|也就是)[为為是]?\s?(?=[-$\\0-9])"
)
_INLINE_FORMULA: Final = re.compile(r"\$[^$\n]{1,400}\$|\\\([^\n]{1,400}?\\\)")
_UNLIKE: Final = re.compile(r"(?:不是|不为|不等于|大于|小于|至少|至多|最少|最多|超过|第)\s?\Z")
_LIST_ITEM: Final = re.compile(
    r"[ \t]*\n\s{0,8}(?:[-*•–]|[0-9]{1,2}[.)]|\(?[a-z][.)])[ \t]{1,4}(?=\S)([^\n]{1,400})"
)
_ITEM_LABEL: Final = re.compile(r"[*_]{0,3}[^\W\d_][^:=\n]{1,40}:[*_]{0,3}\s")
_MARKS_AND_COLON: Final = re.compile(r"[*_:：]{1,6}")
_VALUE: Final = re.compile(r"[0-9$\\]")
_BOXED: Final = "\\boxed"
_MAX_ITEM_WORDS: Final = 3  # "5 red apples": a longer item is a sentence, and the list no answer
_MAX_ITEMS: Final = 32


def stated(text: str, start: int, language: Language) -> Excerpt | None:
    """Finds the answer that the statement beginning at `start` states.

    Args:
        text: what holds the statement.
        start: one past the anchor.
        language: whose words end the statement.
    """
    number = _NUMBER_AT_END.match(text, start)
    if number:
        return excerpt(text, number.span(1))
    wrapped = _wrapped(text, start)
    if wrapped is not None:
        return excerpt(text, trim(text, *wrapped))
    if _LIST_ITEM.match(text, _past_marks(text, start)):
        return _items(text, _past_marks(text, start), language)
    span = _clause(text, start, language)
    if span is None:
        return None
    if _BOXED in text[span[0] : span[1]]:
        box = find_boxes(text[span[0] : span[1]])
        if box is not None:
            return box.shifted(span[0])
    hedge = _HEDGE.match(text, span[1])
    return excerpt(text, (span[0], hedge.end()) if hedge else span)


def _wrapped(text: str, start: int) -> Span | None:
    """Finds the value of a JSON object, or what stands behind a label inside a formula."""
    before = max(0, start - _MAX_LABEL)
    if _JSON_KEY.search(text, before, start):
        value = _JSON_VALUE.match(text, start)
        return value.span(value.lastgroup or 0) if value else None
    behind = _BEHIND_LABEL.match(text, start)
    if behind and _IN_LABEL.search(text, before, start):
        return behind.span("value")
    return None


def _items(text: str, start: int, language: Language) -> Excerpt | None:
    """Joins the items of the list that follows the anchor, if each of them is an answer."""
    pieces: list[Excerpt] = []
    item = _LIST_ITEM.match(text, start)
    while item and len(pieces) < _MAX_ITEMS:
        begin = item.start(1)
        label = _ITEM_LABEL.match(text, begin, item.end())
        piece = excerpt(text, _clause(text, label.end() if label else begin, language))
        if piece is None or piece.end > item.end() or not _is_short(piece.text):
            return None
        pieces.append(piece)
        item = _LIST_ITEM.match(text, item.end())
    if not pieces:
        return None
    return Excerpt(", ".join(piece.text for piece in pieces), pieces[0].start, pieces[-1].end)


def _past_marks(text: str, start: int) -> int:
    marks = _MARKS_AND_COLON.match(text, start)
    return marks.end() if marks else start


def _is_short(item: str) -> bool:
    return len(prose(item)) <= (_MAX_ITEM_WORDS if _VALUE.search(item) else 2)


def _clause(text: str, start: int, language: Language) -> Span | None:
    """Cuts the statement that begins at `start` to the answer it states."""
    lead_in = _LEAD_IN.match(text, start)
    if lead_in is not None:
        start = lead_in.end()
    namely = _NAMELY.match(text, start)  # 七分之二,即 2/7: the same in figures
    start = namely.end() if namely else start
    limit = min(len(text), start + MAX_ANSWER_CHARS)
    searched_from = _past_formula(text, start, limit)
    if _SENTENCE.match(text, start, limit):
        end = _SENTENCE_END.search(text, start, limit)
        verbs = list(islice(_VERB.finditer(text, start, end.start() if end else limit), 2))
        if len(verbs) == 1 and not _CHANGES.search(text, start, verbs[0].start()):
            start = verbs[0].end()
            searched_from = _past_formula(text, start, limit)
    span = trim(text, start, _cut(text, searched_from, limit, language))
    if span is None:
        return None
    if language.closing is not None:
        behind = language.closing.search(text, *span)
        span = (span[0], behind.start()) if behind and behind.start() > span[0] else span
    span = drop_unpaired(text, *span)
    if _UNSPACED.match(text, span[0]):
        return _cut_unspaced(text, span)
    return _cut_sentence(text, span) if _SENTENCE.match(text, *span) else span


def _past_formula(text: str, start: int, limit: int) -> int:
    """Where the formula that a statement begins with ends: nothing inside it is a remark."""
    closing = _DISPLAY.get(text[start : start + 2])
    if closing is not None:
        closed = text.find(closing, start + 2, limit)
        return closed + 2 if closed >= 0 else start
    if text.startswith("$", start):
        closed = text.find("$", start + 1, limit)
        content = text[start + 1 : closed] if closed >= 0 else ""
        if content and not ("\n" in content and prose(content)):
            return closed + 1
    return start


def _cut(text: str, start: int, limit: int, language: Language) -> int:
    """Where the clause ends: with its sentence, or before a remark or a reason."""
    for pattern in (_SENTENCE_END, _REMARK, language.reason):
        found = pattern.search(text, start, limit)
        if found and not (pattern is language.reason and _CASES.search(text, start, limit)):
            limit = found.start()
    return limit


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


def _cut_unspaced(text: str, span: Span) -> Span:
    """Cuts a Chinese or Japanese sentence to its only formula, or its only number and its unit."""
    start, end = span
    formulas = list(islice(_INLINE_FORMULA.finditer(text, start, end), 2))
    values = formulas or list(islice(NUMBER.finditer(text, start, end), 2))
    if len(values) != 1 or _UNLIKE.search(text, start, values[0].start()):
        return span
    return values[0].start(), end
