"""How likely each label was to be a model's first word, from the likeliest first tokens."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.completions.chat_answers import Place

# Some servers give a token as its tokenizer spells it, with a mark for a space or a line's end.
_MARKS: Final = "▁ĠĊ"
_QUOTES: Final = "\"'`“”„‘’‚«»"
_ROUNDING: Final = 1e-3  # by which rounded probabilities may add up to more than 1, as a logarithm


def label_chances(labels: Sequence[str], places: Sequence[Place]) -> tuple[tuple[str, float], ...]:
    """The labels that may have begun at the deciding token, in their order.

    The deciding token is the first one that is more than white space and quotes. A token there
    speaks for the label that it is, whatever its case, or else for the only label that begins with
    it; if several begin with it, it speaks for none. The probabilities of a label's tokens add up.

    Args:
        labels: differ even if case is ignored.
        places: what was written, token by token, with the likeliest others.

    Returns:
        Labels with natural logarithms of their probabilities; without those of which no token is
        among the likeliest.
    """
    place = next((one for one in places if _word(one.token)), None)
    if place is None:
        return ()
    folded = {label.casefold(): label for label in labels}
    found: dict[str, list[float]] = {}
    for token, logprob in _likeliest(place):
        label = _spoken_for(_word(token), folded)
        if label is not None:
            found.setdefault(label, []).append(logprob)
    return tuple((label, _added(found[label])) for label in labels if label in found)


def _likeliest(place: Place) -> list[tuple[str, float]]:
    """Tokens with their logarithms; the one that was written is not always among the likeliest."""
    others = [(one.token, one.logprob) for one in place.top_logprobs or ()]
    if all(token != place.token for token, _ in others):
        others.append((place.token, place.logprob))
    return [(token, logprob) for token, logprob in others if logprob is not None]


def _word(token: str) -> str:
    return token.strip().strip(_MARKS + _QUOTES).strip().casefold()


def _spoken_for(word: str, folded: dict[str, str]) -> str | None:
    if word in folded:
        return folded[word]
    begun = [label for key, label in folded.items() if word and key.startswith(word)]
    return begun[0] if len(begun) == 1 else None


def _added(logprobs: list[float]) -> float:
    """The logarithm of the sum; a little above 0 is rounding, much is the server's nonsense."""
    most = max(logprobs)
    added = most + math.log(sum(math.exp(one - most) for one in logprobs))
    return min(added, 0.0) if added < _ROUNDING else added
