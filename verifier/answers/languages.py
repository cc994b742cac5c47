r"""How completions announce their answer, one line for each language.

A line says: the words for "answer" (each one is searched for as it stands, lower case), what may
follow them before the verb ("correct", "to the question"), the verbs, the words that open a reason
or a circumstance and so end the statement, and what may stand behind the answer because the
language puts its verb there. A colon or an equals sign always does for the verb.
"""
# ruff: noqa: E501 - one language, one line: the table is read across

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple


class _Line(NamedTuple):
    """What one language says; alternatives are separated by ``|``, all of them lower case."""

    words: str
    before_verb: str
    prepositions: str
    verbs: str
    reasons: str
    closing: str = ""


_ENGLISH_AFTER: Final = r"\(s\)|s|,? (?:then|therefore|thus|hence)|,? (?:that )?(?:we|you|i) (?:get|obtain|find|have|need|want|seek)"
_ENGLISH_VERBS: Final = r"is|are|was|were|would be|must be|must equal|should be|should equal|will be|has to be|equals|comes? out (?:to be|to|as|at)|turns? out to be|works? out (?:to be|to|as|at)|becomes"
_ENGLISH_REASONS: Final = "because|since|as|so|which|when|where|if|after|given|but|for|with"

# fmt: off
_LINES: Final = {
    "English": _Line("answer|final result|solution set|ans", _ENGLISH_AFTER, "to|for|of", _ENGLISH_VERBS, _ENGLISH_REASONS),
    "Spanish": _Line("respuesta|resultado final", "final|correcta", "a|al|de|del|para", "es|son|sería|será|debe ser", "porque|ya que|pues|dado que|donde|cuando|si"),
    "French": _Line("réponse|reponse|résultat final", "finale|correcte|exacte|cherchée", "à|au|de|du|pour", "est donc|est|sont|serait|sera", "car|parce que|puisque|où|quand|si"),
    "German": _Line("antwort|endergebnis", "also|daher", "auf|auf die|zu|zur", "lautet also|lautet daher|lautet|ist also|ist daher|ist|sind|wäre", "weil|denn|da|wobei|wenn"),
    "Italian": _Line("risposta|risultato finale", "finale|corretta|esatta", "a|alla|al|di|del|per", "è|é|e'|sono|sarebbe|sarà", "perché|poiché|siccome|dove|quando|se"),
    "Portuguese": _Line("resposta", "final|correta|correcta|certa", "a|à|ao|de|da|do|para", "é|és|são|són|seria|será|deve ser", "porque|pois|já que|onde|quando|se"),
    "Romanian": _Line("răspunsul|răspuns|raspunsul", "final|corect", "la|pentru", "este|sunt|e", "deoarece|pentru că|fiindcă|unde"),
    "Dutch": _Line("antwoord", "dus|daarom", "op|van|voor", "is dus|is|zijn|luidt|wordt", "omdat|want|aangezien|waarbij|als"),
    "Scandinavian": _Line("svaret|svar", "alltså|altså|derfor", "på|til|till|for|för", "är|er|blir|bliver|lyder", "eftersom|fordi|därför att|där|hvor"),
    "Finnish": _Line("vastaus", "siis", "kysymykseen", "on|olisi", "koska|sillä|jossa"),
    "Hungarian": _Line("válasz|eredmény", "tehát", "a kérdésre", "az|a", "mert|mivel|ahol"),
    "Polish": _Line("odpowiedź|odpowiedzią", "końcowa|poprawna", "na|do", "to|jest|brzmi|wynosi", "ponieważ|bo|gdyż|gdzie"),
    "Czech": _Line("odpověď|odpoveď", "tedy|teda|zní", "na|k", "je|zní|jsou|sú", "protože|pretože|neboť|kde"),
    "Croatian": _Line("odgovor", "dakle|je dakle", "na", "je|glasi", "jer|zato što|gdje"),
    "Russian": _Line("ответ|ответом", "таков", "на|к", "[-–—]|является|будет|равен|это", "потому что|так как|поскольку|где|если"),
    "Ukrainian": _Line("відповідь|відповіддю", "така", "на|до", "[-–—]|є|буде|дорівнює|це", "тому що|оскільки|бо|де"),
    "Bulgarian": _Line("отговорът|отговор", "обаче", "на", "е|са", "защото|тъй като|където"),
    "Greek": _Line("απάντηση", "λοιπόν", "σε|στο|στην", "είναι", "επειδή|διότι|όπου|γιατί"),
    "Turkish": _Line("cevap|cevabı|yanıt|yanıtı", "doğru", "soruya", "olarak", "çünkü|zira"),
    "Vietnamese": _Line("đáp án|đáp số|câu trả lời", "cuối cùng|đúng", "của|cho", "là|bằng", "vì|bởi vì|do"),
    "Indonesian": _Line("jawabannya|jawaban", "akhir|akhirnya|yang benar", "dari|untuk", "adalah|ialah", "karena|sebab"),
    "Arabic": _Line("الإجابة|الجواب|الاجابة", "النهائية|النهائي|الصحيحة|الصحيح", "على|عن", "هي|هو", "لأن|حيث|لان"),
    "Hindi": _Line("उत्तर", "अंतिम|सही", "का", "है", "क्योंकि|चूंकि", "है"),
    "Chinese": _Line("答案", "应该|應該|就|应|即|都|便", "的", "是|为|為|等于|等於", "因为|因為|由于|所以|其中|即|此时"),
    "Japanese": _Line("答え|解答|正解|答", "も|全部で", "の", "は", "なぜなら|ただし", "です|である|だ|となります|になります|となる"),
    "Korean": _Line("정답|답|해답", "도", "의", "은|는", "왜냐하면", "입니다|이다|이에요|예요|이므로"),
}
# fmt: on

_UNSPACED: Final = frozenset({"Chinese", "Japanese", "Korean"})
_BOUNDARY: Final = r"(?<![A-Za-zÀ-ʯ\u0370-\u052f])"  # a letter, but of the scripts with spaces
_MAX_QUESTION: Final = 80  # characters of "to the question of how many there are"


@dataclass(frozen=True)
class Language:
    """How one language states an answer. A pattern is compiled where it is first needed.

    Attributes:
        name: the language, in English.
        stems: the words to search for, lower case.
        said: the source of what follows one of these words and leads to the answer.
        ended: the source of what ends a statement.
        closed: the source of what may stand behind an answer; empty for nothing.
    """

    name: str
    stems: tuple[str, ...]
    said: str
    ended: str
    closed: str

    @cached_property
    def statement(self) -> re.Pattern[str]:
        """Matches, in lower-case text, a stem and what leads to the answer."""
        words = "|".join(sorted(map(re.escape, self.stems), key=len, reverse=True))
        return re.compile(rf"{_BOUNDARY}(?:{words}){self.said}")

    @cached_property
    def reason(self) -> re.Pattern[str]:
        """Finds where the statement ends and its reason begins."""
        return re.compile(self.ended, re.IGNORECASE)

    @cached_property
    def closing(self) -> re.Pattern[str] | None:
        """Matches the verb behind an answer; None where there is none."""
        return re.compile(self.closed) if self.closed else None


def _language(name: str, line: _Line) -> Language:
    if name in _UNSPACED:
        said = rf"(?:{line.before_verb})?\s?(?:[:：=]|(?:{line.verbs})[:：]?)"
        reason = rf"[,，、；;]?\s?(?:{line.reasons})|[，；,;](?=[\u3040-\u9fff\uac00-\ud7a3])(?![^。\n]{{0,80}}[0-9])"
    else:
        question = rf"(?:\s(?:{line.prepositions})\s[^.\n:：=$\\]{{1,{_MAX_QUESTION}}}?)?"
        verbs = rf"(?<!\w)(?:{line.verbs})(?!\w)"
        said = (
            rf"(?:\s?(?:{line.before_verb}))?[*_\"']{{0,3}}{question},?\s{{0,3}}(?:[:：=]|{verbs})"
        )
        reason = rf"[,;]?\s(?:{line.reasons})\s"
    closing = rf"\s?(?:{line.closing})\Z" if line.closing else ""
    return Language(name, tuple(line.words.split("|")), said, reason, closing)


LANGUAGES: Final = tuple(_language(name, line) for name, line in _LINES.items())
"""Every language of the table."""
