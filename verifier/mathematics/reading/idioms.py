"""Set phrases of answers that mean something to mathematics: "no solution", "all real numbers"."""

from __future__ import annotations

from typing import Final

from verifier.mathematics.syntax import Apply, Node, Number, Symbol, Words

_EMPTY: Final = """
no solution|no solutions|no real solution|no real solutions|no real roots|no real root|none
no root|no roots|no such number|no such numbers|no such value|no such values|empty set
the empty set|null set|empty|no solution exists|no solutions exist|has no solution|has no solutions
there is no solution|there are no solutions|no integer solutions|no values|no value
there are no real solutions|there is no real solution|no answer|inconsistent|无解|無解|空集
"""
_REALS: Final = """
all real numbers|all reals|the real numbers|real numbers|any real number|every real number|all real
the set of all real numbers|set of all real numbers|the set of real numbers|reals|全体实数|任意实数
"""
_MISSING: Final = """
does not exist|dne|undefined|not defined|the limit does not exist|limit does not exist|不存在
is undefined|not exist|doesn't exist|nonexistent
"""
_MANY: Final = """
infinitely many|infinitely many solutions|infinite solutions|infinite number of solutions
an infinite number of solutions|there are infinitely many solutions|infinite many solutions
无穷多|无数个
"""
_NUMBER_WORDS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
)
_TENS: Final = "thirty forty fifty sixty seventy eighty ninety"


def _table() -> dict[str, Node]:
    table: dict[str, Node] = {}
    for phrases, node in (
        (_EMPTY, Symbol("emptyset")),
        (_REALS, Symbol("Reals")),
        (_MISSING, Words("does not exist")),
        (_MANY, Words("infinitely many")),
        ("true|t\n正确|对", Words("true")),
        ("false\n错误|错", Words("false")),
        ("integers|all integers|the integers|any integer", Symbol("Integers")),
        ("infinity|positive infinity|plus infinity|infinite", Symbol("infty")),
        ("negative infinity|minus infinity", Apply("neg", (Symbol("infty"),))),
        ("是", Words("yes")),
        ("否|不是", Words("no")),
    ):
        for phrase in phrases.replace("\n", "|").split("|"):
            if phrase:
                table[phrase] = node
    table |= {word: Number(value) for value, word in enumerate(_NUMBER_WORDS.split())}
    tens = dict(enumerate(["twenty", *_TENS.split()], start=2))
    table |= {word: Number(10 * n) for n, word in tens.items()}
    for n, ten in tens.items():
        for value, word in enumerate(_NUMBER_WORDS.split()[1:10], start=1):
            table |= {f"{ten}{joint}{word}": Number(10 * n + value) for joint in "- "}
    return table


IDIOMS: Final = _table()
"""What a folded phrase means. "t" alone stays out of reach: a single letter is never verbal."""
