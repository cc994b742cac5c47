"""The bounds of this package, in one place, each with its reason."""

from __future__ import annotations

from typing import Final

MAX_TEXT: Final = 4096
"""Characters of an answer. Real ones are shorter; also below Python's 4300-digit int limit."""

MAX_TOKENS: Final = 1024
"""Tokens of an answer; bounds the work of every pass over them."""

MAX_DEPTH: Final = 32
"""Nesting of brackets and commands; each level costs up to twenty of Python's 1000 frames."""

MAX_BITS: Final = 16_384
"""Size of an exact integer, checked before it is computed: 9^9^9^9 must cost microseconds."""

MAX_PLACES: Final = 4096
"""Decimal exponent of a number literal: beyond it, 1e999999999 stays unevaluated."""

MAX_TERMS: Final = 256
"""Terms of an expanded polynomial."""

MAX_STEPS: Final = 6_000
"""Term products spent on one comparison: some ten milliseconds."""

MAX_FACTORIAL: Final = 1_000
"""Largest n of an evaluated n!; 1000! has 8530 bits."""

MAX_UNORDERED: Final = 64
"""Elements of a list that is matched in any order, which is quadratic."""

MAX_CACHED: Final = 2048
"""Answers kept parsed. References repeat over the rollouts of a prompt, and so do candidates."""

MAX_CACHED_TEXT: Final = 200
"""Characters of an answer that is kept parsed. With `MAX_CACHED` this bounds the cache by some
100 MB even where every answer is made to fill it; in earnest it holds a few."""

MAX_BREAKS: Final = 512
"""Places where a set of reals begins or ends. An answer of 2048 tokens can name some 400."""

MAX_ORDERINGS: Final = 120
"""Irrational endpoints evaluated, and close ones put in order, for a comparison: 0.1 ms each."""

MAX_STRUCTURED: Final = 6
"""Parts of a set beyond the reals that are matched in any order, each by a full comparison."""

MAX_DEGREE: Final = 8
"""Degree of a polynomial inequality that is solved: its factors are found exactly."""

MAX_COEFFICIENT_BITS: Final = 256
"""Size of the coefficients of a polynomial that is factored."""

MAX_SIGN_CASES: Final = 3
"""Absolute values in one inequality; each doubles the cases."""

MAX_LISTED: Final = 64
"""Integers of a bounded set that are listed one by one."""

MAX_MODULUS: Final = 1_000
"""Modulus up to which residue classes are compared one by one."""

MAX_STATEMENTS: Final = 32
"""Relations joined by and; matching them in any order is quadratic."""

MAX_SYMBOLIC_NODES: Final = 300
"""Nodes of a pair of trees for SymPy: it has never simplified larger ones within its time."""

MAX_SYMBOLIC_BITS: Final = 4096
"""Size of an integer SymPy is given or asked to compute; it factors what it meets."""

MAX_SYMBOLIC_EXPONENT: Final = 200
"""Exponent over something with a sum in it, which SymPy would multiply out."""

MAX_SYMBOLIC_TERMS: Final = 1_000_000
"""Terms of a sum with numbers for bounds. Many have a closed form; the time limit ends the rest."""

MAX_SYMBOLIC_FACTORS: Final = 1_000
"""Factors of a product with numbers for bounds: 1000! has 8530 bits."""

MAX_SYMBOLIC_ORDER: Final = 8
"""Rows and columns of a determinant of symbols: 8! terms."""

MAX_SIGNS: Final = 3
"""Plus-or-minus signs of one value that are taken independently: eight values."""

MAX_SOLUTIONS: Final = 64
"""Solutions of one system; matching them in any order is quadratic."""

MAX_UNKNOWNS: Final = 12
"""Equations and unknowns of a linear system that is reduced exactly, which is cubic."""

MAX_MATRIX_STEPS: Final = 4_096
"""Products of entries in the arithmetic of matrices: a product of two 16 by 16."""

MAX_DETERMINANT: Final = 8
"""Rows of a determinant or inverse of numbers; symbolic ones stop at three."""

MAX_MATRIX_POWER: Final = 64
"""Exponent of a matrix; its products are counted besides."""

MAX_DERIVED: Final = 600
"""Nodes of a derivative: the one of a product of n factors has n squared."""

MAX_CONSTANTS: Final = 4
"""Arbitrary constants that are renamed in every order: 24 comparisons at most."""

MAX_PROPOSITIONS: Final = 10
"""Variables of a truth table: 1024 rows, held as the bits of one integer."""

MAX_CASES: Final = 16
"""Cases of a function by cases; every value is compared between every two bounds."""

MAX_NUMERIC_NODES: Final = 1_000
"""Nodes of an expression that is evaluated; an answer of `MAX_TOKENS` could have more."""

MAX_NUMERIC_DEPTH: Final = 150
"""Levels of an expression that is evaluated; each costs two of Python's 1000 frames."""

MAX_NUMERIC_STEPS: Final = 8_000
"""Nodes evaluated for one comparison, those at higher precision weighed: some ten milliseconds."""

MAX_NUMERIC_TERMS: Final = 400
"""Terms of a sum or product that is evaluated term by term."""

MAX_NUMERIC_BITS: Final = 4_096
"""Working precision. What differs by less stays undecided: sqrt(2) + 10^-9999 and sqrt(2)."""

MAX_INTEGRAND: Final = 1_500
"""Evaluations of one integrand: a smooth one takes some fifty, a root where it is zero 1,400."""

MAX_LEVELS: Final = 100
"""Levels of a tree that is taken apart by recursion, a few of Python's 1000 frames for each."""

MAX_SAMPLED_LINKS: Final = 256
"""Relations evaluated at sample points for one comparison; each costs some 0.1 ms."""

MAX_ENTRY_BITS: Final = 256
"""Size of the entries of a matrix that is inverted: eliminated ones are eight times as long."""

MAX_FAMILY: Final = 64
"""Pieces of a periodic set within one common period; each costs some 0.2 ms."""

MAX_UNIT_TOKENS: Final = 256
"""Tokens of an answer in which units are put together; a longer one is an expression without."""

MAX_UNIT_MEANINGS: Final = 16
"""Readings of a unit phrase: "pounds per ounce" has six. Two phrases are compared pair by pair."""

MAX_UNIT_PHRASES: Final = 1024
"""Unit phrases kept read. A data set has some dozens, a hostile one as many as it has rows."""

MAX_UNIT_PARTS: Final = 5
"""Units of one amount: years, months, days, hours, minutes; feet and inches are two."""

MAX_CALENDAR_TEXT: Final = 80
"""Characters of a time or a date: "Wednesday, the 23rd of September, 2020" set as text is one."""

MAX_VARIED: Final = 150
"""Nodes of an equation or a general solution that is compared in several forms, each of which may
cost ten milliseconds; a larger one is compared once, as it stands."""

MAX_WRITTEN_OUT: Final = 12
"""Terms of a sum that is written out for one n to find a difference."""

MAX_WORK: Final = 40_000
"""Steps of one comparison over all layers: three times what one pair of values may cost."""

MAX_FILLED: Final = 200
"""Elements that the dots of a list stand for."""

MAX_LINKS: Final = 24
"""Signs of one chain of relations, and connectives of one statement."""
