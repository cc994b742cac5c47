r"""What a completion says beside its answer: reasons, circumstances, checks.

"The maximum is $36$, attained at $x=2$. Equality holds when $a=b$." states 36. FORMULA and
LAST_NUMBER look for the last value of the last main clause, so clauses and sentences that state
none are blanked first, from the end of the text on until a sentence states something.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from verifier.answers.spans import Span

_WINDOW: Final = 2048  # characters from the end: an aside behind the answer is short
_MAX_CLAUSE: Final = 400  # characters in front of an aside that are looked at
_MAX_OPENERS: Final = 16  # of asides in one sentence
_MAX_SENTENCES: Final = 12  # from the end; a longer tail of remarks is no tail

_FORMULA: Final = (
    r"\$\$[^$]{1,1000}\$\$|\$(?:\s[^$\n]{1,300}\s|(?!\s)[^$\n]{1,300}(?<!\s))\$(?![0-9])|\\\((?:[^\\\n]|\\(?![()])){1,300}\\\)"
    r"|\\\[(?:[^\\]|\\(?![\[\]])){1,1000}\\\]"
)
# Formulas are read whole, so that no point inside them ends a sentence.
_PARTS: Final = re.compile(
    rf"(?P<formula>{_FORMULA})"
    r"|(?P<end>[.!?](?=[*_\"')\]]{0,3}(?:\s|\Z))|[。！？]|\n(?:[ \t]{0,8}\n\s*+|\s*+\Z)"
    r"|\n(?=[ \t]{0,8}(?:[A-Z#>*•-]|[0-9]{1,2}[.)])))"
)
_SKIPPED: Final = re.compile(
    r"[\s*_#>(\"]{0,8}(?:here,?\s(?:we|i)\s(?:have\s)?(?:used?|denoted?|set|let|took|applied)\b"
    r"|here,?\s(?=[$\\]|[a-z]\s(?:is|denotes))|(?:check|checking|verification|verifying|remark|note"
    r"|sanity\scheck)\b\s?(?::|that\b)|(?:to|we\s(?:can|could)?)\s?(?:also\s)?(?:check|verify)\b"
    r"|equality\s(?:holds|occurs|is|case)\b"
    r"|this\s(?:matches|agrees|confirms|is\s(?:consistent|achieved|attained|reached|in\sline)"
    r"|occurs|happens|holds)\b"
    r"|(?:it|which)\s(?:matches|agrees|is\s(?:achieved|attained|reached))\b|as\sa\scheck\b"
    r"|验证|檢驗|检验|注意)",
    re.IGNORECASE,
)
_NAME_NEXT: Final = (
    r"(?=(?:(?:all|any|every|each|some)\s(?:(?:real|positive|natural|integers?|non-?negative)\b"
    r"|\\?[a-zA-Z]\b|\$|\\\())|(?:all|any|every|each)\s[^.,;$\\\n]{1,40}(?:\$|\\\()"
    r"|(?:\$|\\\()?\s?\\?[A-Za-z]\w{0,3}(?:\s?,\s?[A-Za-z]\w?){0,3}\s?"
    r"(?:[=<>≤≥∈→]|\\(?:in|geq?|leq?|neq?|to|rightarrow)\b))"
)
# Opens a clause that does not state the value, once one was stated in front of it.
_OPENER: Final = re.compile(
    rf"(?P<formula>{_FORMULA})"
    r"|(?P<aside>[,;(]?\s\(?(?:where|whereas|since|because|given|provided|assuming|whenever|when|if"
    r"|unless|using|as\s(?:long|required|desired)|(?:is\s|being\s)?(?:achieved|attained|reached)"
    r"|occurring|for\swhich|such\sthat|which\s(?:matches|agrees|confirms|is\s(?:consistent|achieved|attained|reached)))\b"
    rf"|,\sas\s|[,;(]?\s\(?(?:at|with|for|by|from|in|as)\s{_NAME_NEXT}|[,，]\s?(?:其中|当|當|此时|此時|经检验|经验证|检验|驗證))",
    re.IGNORECASE,
)
# A clause ends where a conclusion follows it, or with its sentence.
_BODY: Final = re.compile(
    rf"(?:{_FORMULA}|[^,\s$\\]|[$\\]"
    r"|,(?!\s(?:so|then|thus|hence|therefore|and|but|we|you|he|she|they|the|it|this|that|there"
    r"|which|giving|making|for\sa|[0-9])\b)|\s(?!(?:so|then|thus|hence|therefore|giving|making)\b)"
    r")*+",
    re.IGNORECASE,
)
_LEADING: Final = re.compile(
    r"[\s*_]{0,4}(?:(?:so|thus|now|and|but|therefore|hence|then|also|finally),?\s)?"
    r"(?:since|because|given|if|when|whenever|using|assuming)\b",
    re.IGNORECASE,
)
_COMMA: Final = re.compile(rf"{_FORMULA}|(?P<comma>,(?=\s)|\s(?=(?:then|we)\s))")
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|be|equals?|gives?|gave|yields?|gets?|got|obtain|have|has|had|left"
    r"|remains?|becomes?|conclude|costs?|takes?|needs?|makes?|find|there)\b|[是为為有得]",
    re.IGNORECASE,
)
_COORDINATED: Final = re.compile(r"\b(?:and|but|so|then|that|or|even|only)\s*\Z", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_LEAD_WORDS: Final = frozenset("so thus hence therefore then and finally we get have".split())
_VALUE: Final = re.compile(r"[0-9½⅓⅔¼¾⅕⅛π∞]|[$(]\s?\\?[A-Za-z]")
_BARE_NAME: Final = re.compile(
    r"(?<!\bis\s)(?<!\bequals\s)(?:\$|\\\()\s?(?!e\b|\\pi\b|\\infty\b)\\?[A-Za-z]{1,8}\s?(?:\$|\\\))"
)
# "there are 36 ways to arrange the 9 people": what there is comes first.
_EXISTS: Final = re.compile(
    r"\bthere\s(?:are|is|will\sbe|would\sbe)\s(?:(?:exactly|only|a\stotal\sof|in\stotal)\s)?"
    r"[*_]{0,2}[0-9][0-9,.]{0,20}[*_]{0,2}(?:\s[a-z]{2,20}){1,4}?"
    r"(?P<aside>(?:\s\$[^$\n]{1,20}\$)?\s(?:to|such\sthat|in\swhich|that|which|who)\s)",
    re.IGNORECASE,
)
_CAPITAL: Final = re.compile(r"\s*[A-Z]")
_CONTENT: Final = re.compile(r"[^\n]")
_FORMULAS: Final = re.compile(_FORMULA)
_EMPTY_BOX: Final = re.compile(r"\\(?:boxed|fbox)\s{0,8}\{\s{0,8}\}[\s.$)\]\\]*\Z")
_STRUCK: Final = re.compile(r"~~[^~\n]{1,200}~~")
_MAX_ENDING: Final = 60


def hide_asides(text: str) -> str:
    """Overwrites the asides of the last sentences with spaces, so that every place stays.

    At most the last 12 sentences of the last 2 Ki characters are looked at, up to the last one
    that states a value.
    """
    offset = max(0, len(text) - _WINDOW)
    tail = text[offset:]
    hidden = tail
    for begin, end in _sentences(tail)[: -_MAX_SENTENCES - 1 : -1]:
        if begin + offset and _SKIPPED.match(tail, begin, end):
            hidden = _blank(hidden, [(begin, end)])
            continue
        hidden = _blank(hidden, _asides(tail, begin, end))
        if _VALUE.search(hidden, begin, end):
            break
    return text if hidden == tail else text[:offset] + hidden


def ends_in_empty_box(text: str) -> bool:
    """Tells whether an empty box closes the text: the answer was left out."""
    return _EMPTY_BOX.search(text, max(0, len(text) - _MAX_ENDING)) is not None


def hide_struck(text: str) -> str:
    """Overwrites what is struck out ("~~41~~ 42") with spaces."""
    return _STRUCK.sub(lambda struck: " " * len(struck.group()), text) if "~~" in text else text


def _sentences(text: str) -> list[Span]:
    spans: list[Span] = []
    start = 0
    for part in _PARTS.finditer(text):
        is_display = part.group().startswith(("$$", "\\["))
        if part.lastgroup == "end" or (is_display and _CAPITAL.match(text, part.end())):
            if part.end() - start > 1:
                spans.append((start, part.end()))
            start = part.end()
    return [*spans, (start, len(text))] if text[start:].strip() else spans


def _asides(text: str, begin: int, end: int) -> list[Span]:
    """Lists the clauses of one sentence that state nothing."""
    while end > begin and text[end - 1] in ".!?。\n ":
        end -= 1
    spans: list[Span] = []
    if _LEADING.match(text, begin, end):
        comma = next((c for c in _COMMA.finditer(text, begin, end) if c["comma"]), None)
        if comma is None:
            return []
        spans.append((begin, comma.start()))
        begin = comma.end()
    position = begin
    for start, inside in _openings(text, begin, end):
        if start >= position:
            body = _BODY.match(text, inside, end)
            position = body.end() if body else end
            spans.append((start, position))
    return spans


def _openings(text: str, begin: int, end: int) -> list[Span]:
    """Lists where clauses open that stand behind a value: from where on, and past which words."""
    openers = islice(_OPENER.finditer(text, begin, end), _MAX_OPENERS)
    found = [
        opener.span()
        for opener in openers
        if opener["aside"] is not None and _states(text, begin, opener.start())
    ]
    exists = _EXISTS.search(text, begin, end)
    return sorted([*found, exists.span("aside")]) if exists else found


def _states(text: str, begin: int, end: int) -> bool:
    """Tells whether a clause states a value: it has one, and a verb or nothing but formulas."""
    clause = text[max(begin, end - _MAX_CLAUSE) : end]
    if _COORDINATED.search(clause) or not _VALUE.search(_BARE_NAME.sub("", clause)):
        return "=" in clause and not _COORDINATED.search(clause) and not _prose(clause)
    prose = _prose(clause)
    return not prose or _VERB.search(_bare_prose(clause)) is not None


def _bare_prose(clause: str) -> str:
    return _FORMULAS.sub(" ", clause)


def _prose(clause: str) -> list[str]:
    words = _WORD.findall(_bare_prose(clause))
    return [word for word in words if word.lower() not in _LEAD_WORDS]


def _blank(text: str, spans: list[Span]) -> str:
    for start, end in spans:
        text = text[:start] + _CONTENT.sub(" ", text[start:end]) + text[end:]
    return text
