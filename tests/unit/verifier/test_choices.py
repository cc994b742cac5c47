"""Which option a text or a candidate answer names; the verdicts stand in the table of text."""

import pytest

from verifier.answers.choices import chosen_letter, chosen_letters, stated_choice, without_label
from verifier.answers.options import options_in

OPTIONS = {"A": "paris", "B": "rome", "C": "12"}


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("I'm going with C", "C"),
        ("I am going with (C) because it fits.", "C"),
        ("I'd go for C", "C"),
        ("Let's go with D", "D"),
        ("Going with C.", "C"),
        ("We choose C", "C"),
        ("We pick option (C).", "C"),
        ("Selected: D", "D"),
        ("choose option C.", "C"),
        ("It's C", "C"),
        ("So it must be B.", "B"),
        ("That leaves C.", "C"),
        ("The others do not fit, so C.", "C"),
        ("which corresponds to option C", "C"),
        ("C is correct", "C"),
        ("So, option C is the right one.", "C"),
        ("Option (C) is the only one that fits.", "C"),
        (r"$\boxed{\text{(C) } 12}$", "C"),
        (r"\boxed{\textbf{(C)}\ 12}", "C"),
        ("La respuesta correcta es la opción C.", "C"),
        ("Die richtige Antwort ist C", "C"),
        ("Réponse : (B)", "B"),
        ("Ответ: C", "C"),
        ("正确选项是C", "C"),
        ("答えはC", "C"),
        ("정답은 C입니다", "C"),
    ],
)
def test_a_statement_of_one_letter_chooses_it(text, letter):
    assert stated_choice(text, {}).letter == letter


@pytest.mark.parametrize(
    "text",
    [
        r"\boxed{A} or \boxed{B}",  # several boxes are several statements
        r"\boxed{A}, \boxed{B}",
        "I'm going with B or C",
    ],
)
def test_a_statement_of_several_letters_chooses_none(text):
    assert stated_choice(text, {}).letter is None


@pytest.mark.parametrize(
    "text",
    [
        "It's a dog",
        "I'm going with a friend",
        "It is not C.",
        "we go for I think that it was so",
        "la respuesta es una letra",
    ],
)
def test_a_word_or_a_denial_chooses_nothing(text):
    assert stated_choice(text, {}) is None


def test_a_box_far_from_the_end_counts_where_none_follows():
    assert stated_choice(r"\boxed{B}" + "\nmore words" * 20_000, {}).letter == "B"
    assert stated_choice(r"\boxed{B}" + "\nmore" * 20_000 + "\nAnswer: C", {}).letter == "C"


@pytest.mark.parametrize(
    ("candidate", "letter"),
    [
        ("C", "C"),
        ("(C)", "C"),
        ("$C$", "C"),
        ("C.", "C"),
        (r"\text{(C) } 12", "C"),
        (r"\textbf{(B) }\frac{1}{2}", "B"),
        ("C) Paris", "C"),
        ("Paris", "A"),
        ("12", "C"),
        ("A or B", None),
        ("A, B", None),
        ("(A, B)", None),
        ("2C", None),
        ("C_1", None),
        ("C = 5", None),
        (r"A \cup B", None),
        ("", None),
    ],
)
def test_a_candidate_that_is_one_option_has_its_letter(candidate, letter):
    assert chosen_letter(candidate, OPTIONS) == letter


@pytest.mark.parametrize(
    ("candidate", "rest"),
    [
        ("A) 5", "5"),
        ("(C) 12", "12"),
        (r"\text{(C) }12", "12"),
        (r"\textbf{(B)}\ \frac{1}{2}", r"\frac{1}{2}"),
        ("B. x + 1", "x + 1"),
        ("12", None),
        ("(x) 5", None),
        ("(A)", None),
        ("A(x)", None),
        ("A:B", None),
    ],
)
def test_a_label_is_taken_off_its_text(candidate, rest):
    assert without_label(candidate) == rest


@pytest.mark.parametrize(
    ("prompt", "options"),
    [
        (r"$\textbf{(A)}\ 6 \qquad \textbf{(B)}\ 7$", {"A": "6", "B": "7"}),
        (r"$\textbf{(A) } 6\qquad\textbf{(B) } 7$", {"A": "6", "B": "7"}),
        (r"$\mathrm{(A)}\ 6 \quad \mathrm{(B)}\ 7$", {"A": "6", "B": "7"}),
        (r"\text{(A)}\ 6 \qquad \text{(B)}\ 7", {"A": "6", "B": "7"}),
        ("A.6 B.7 C.8", {"A": "6", "B": "7", "C": "8"}),
        ("A.6\nB.7", {"A": "6", "B": "7"}),
        ("Let A.B be the product", {}),
    ],
)
def test_options_are_read_in_every_layout(prompt, options):
    assert options_in(prompt) == options


@pytest.mark.parametrize(
    ("prompt", "candidate", "letter"),
    [
        ("(A) 20% (B) 35%", r"35\%", "B"),
        ("(A) 20% (B) 35%", "35", "B"),
        ("(A) $4.00 (B) $6.50", r"\$4.00", "A"),
        ("(A) $4.00 (B) $6.50", "6.5", "B"),
        ("(A) 10 minutes (B) 20 minutes", "20", "B"),
        ("(A) 10 minutes (B) 10 hours", "10 hours", "B"),
        ("(A) 10 minutes (B) 10 hours", "10", None),
        ("(A) 1/2 (B) 2/4", "0.5", None),
        (r"(A) $\frac{1}{4}$ (B) $\frac{3}{4}$", r"\frac34", "B"),
        (r"(A) $\frac{1}{4}$ (B) $\frac{3}{4}$", "0.75", "B"),
        ("(A) 20 (B) 30", "40", None),
        ("(A) 20 (B) 30", "$20$, option A", "A"),
        ("(A) 20 (B) 30", r"B \text{ (thirty)}", "B"),
    ],
)
def test_a_number_chooses_the_option_that_it_is(prompt, candidate, letter):
    assert chosen_letter(candidate, options_in(prompt)) == letter


@pytest.mark.parametrize(
    ("answer", "letters"),
    [
        ("AC", "AC"),
        ("A, C", "AC"),
        ("A and C", "AC"),
        ("A、C", "AC"),
        (r"\textbf{(A)}, \textbf{(C)}", "AC"),
        ("A or C", ""),
        ("A", ""),
        ("AD", ""),
    ],
)
def test_several_letters_are_the_options_they_name(answer, letters):
    assert chosen_letters(answer, OPTIONS) == frozenset(letters)
