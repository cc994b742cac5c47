"""From messages to token ids by a model's own chat template, with material that stays material.

A chat template writes control tokens around each turn, as text, and a tokenizer that reads this
text takes ``<|im_end|>`` in a completion for the end of a turn. So the template never sees a text
here. It is rendered with a mark in each text's place; its control tokens are found in that, and in
their places a sentinel is put that is drawn anew for each encoder and so stands in no text; then
the marks give way to the texts, and all of it is read by a copy of the tokenizer that knows the
sentinel and no control token. Between control tokens the copy does just what the tokenizer does:
texts without control tokens get exactly the ids that the template and the tokenizer give them, and
no text gets a control token's id. Both are tested as properties.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from tokenizers import AddedToken, Tokenizer

from prm.errors import ModelError
from verifier.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.judge.asking import Message

Ids = tuple[int, ...]

_MARK: Final = "⟦text {}⟧"
_MARKS: Final = re.compile(r"⟦text (\d+)⟧")
_PADDING: Final = "\n\t \t"
_PRIVATE: Final = "\U0010fffd"  # what a tokenizer could join with a sentinel does not begin so
_DIALOGUES: Final = 64  # kept; there are about as many as there are templates
_OPEN, _CLOSE = "<think>", "</think>"
# What Unicode calls white space, and so the tokenizers' own language; Python's has some more.
_WHITE: Final = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the template writes around the texts of one sequence of roles.

    Attributes:
        segments: the text before, between and behind the control tokens, a mark for each text.
        controls: the tokens themselves, one fewer.
        strips: per text, whether the template takes white space off its left and its right end.
        opening: the thinking that the template begins for the model; empty if it does not.
    """

    segments: tuple[str, ...]
    controls: Ids
    strips: tuple[tuple[bool, bool], ...]
    opening: str = ""


class PromptEncoder:
    """Encodes for one tokenizer. To be used from one thread.

    Args:
        tokenizer: a fast one of transformers.

    Attributes:
        turn_ends: ids of the control token that the template puts behind an answer, if it does.

    Raises:
        ModelError: it has no chat template, or one that does not render a question.
    """

    def __init__(self, tokenizer: Any) -> None:
        if not tokenizer.chat_template:
            raise ModelError(
                "the tokenizer has no chat template, so nothing says how to ask the model: use the "
                "model's instruct version, or put its chat_template.jinja into the folder"
            )
        self._tokenizer = tokenizer
        self._tokens: dict[int, Any] = dict(tokenizer.added_tokens_decoder)
        self._controls = _control_ids(tokenizer)
        self._sentinel = f"{_PRIVATE}{secrets.token_hex(16)}"
        self._plain = _plain_copy(tokenizer, self._controls, self._sentinel)
        self._sentinel_id = int(self._plain.token_to_id(self._sentinel) or 0)
        self._frame = lru_cache(_DIALOGUES)(self._make_frame)
        try:
            self._frame(("user",), False)
        except InputError as error:
            raise ModelError(str(error)) from error
        self._joins = not self._renders(("system", "user"))
        self.turn_ends = self._find_turn_ends()

    def prompt(self, messages: Sequence[Message]) -> tuple[Ids, str]:
        """The ids up to where the model's answer begins.

        Args:
            messages: of any text.

        Returns:
            The ids, and the thinking that the template has begun for the model, ``<think>`` and
            white space, which belongs to the answer's text; mostly empty.

        Raises:
            InputError: the template refuses these roles, or a text gives a control token whatever
                is done about it.
        """
        roles, texts = self._turns(messages)
        frame = self._frame(roles, False)
        return self._encode(frame, texts), frame.opening

    def labels(
        self, messages: Sequence[Message], labels: Sequence[str]
    ) -> tuple[Ids, tuple[Ids, ...]]:
        """The ids of a prompt and of each label as the answer to it.

        A label stands where the template puts the text of an answer. Where that is not where a
        prompt ends, it is behind thinking that the template closes unused.

        Args:
            messages: of any text.
            labels: words; none is empty.

        Returns:
            The ids that all of them begin with, and what follows for each label.

        Raises:
            InputError: see `prompt`; or two labels are the same to this tokenizer.
        """
        roles, texts = self._turns(messages)
        try:
            frame = self._frame((*roles, "assistant"), True)
        except InputError:
            frame = self._frame(roles, False)
        bare = self._encode(frame, texts)
        whole = [self._encode(frame, texts, label) for label in labels]
        shared = min(_common(bare, ids) for ids in whole)
        found = tuple(ids[shared:] for ids in whole)
        if len(set(found)) < len(found) or not all(found):
            raise InputError(f"the model's tokenizer cannot tell these labels apart: {labels}")
        return bare[:shared], found

    def decode(self, ids: Sequence[int]) -> str:
        """The text of ids. Control tokens are shown: they are what the model wrote."""
        return str(
            self._tokenizer.decode(
                list(ids), skip_special_tokens=False, clean_up_tokenization_spaces=False
            )
        )

    # ------------------------------------------------------------------------ texts into a frame

    def _turns(self, messages: Sequence[Message]) -> tuple[tuple[str, ...], list[str]]:
        """Roles and texts; a system text that the template has no place for precedes the user's."""
        roles = [message.role for message in messages]
        texts = [_as_text(message.content) for message in messages]
        if self._joins and roles[:2] == ["system", "user"]:
            return tuple(roles[1:]), [f"{texts[0]}\n\n{texts[1]}", *texts[2:]]
        return tuple(roles), texts

    def _encode(self, frame: _Frame, texts: Sequence[str], answer: str = "") -> Ids:
        """The ids of a frame with its texts, and of an answer at its end."""
        stripped = [
            _strip(text, sides, None) for text, sides in zip(texts, frame.strips, strict=False)
        ]
        parts = [_MARKS.sub(lambda mark: stripped[int(mark[1])], part) for part in frame.segments]
        parts[-1] += answer
        for place, id_ in enumerate(frame.controls):
            token = self._tokens[id_]
            parts[place] = _strip(parts[place], (False, token.lstrip), _WHITE)
            parts[place + 1] = _strip(parts[place + 1], (token.rstrip, False), _WHITE)
        ids: list[int] = self._plain.encode(
            self._sentinel.join(parts), add_special_tokens=False
        ).ids
        refused = self._controls.intersection(ids)
        if refused or ids.count(self._sentinel_id) != len(frame.controls):
            token = self._tokens[min(refused)].content if refused else self._sentinel
            raise InputError(f"the model's tokenizer takes a text for its control token {token!r}")
        controls = iter(frame.controls)
        return tuple(next(controls) if id_ == self._sentinel_id else id_ for id_ in ids)

    # ------------------------------------------------------------------------ the template

    def _make_frame(self, roles: tuple[str, ...], answered: bool) -> _Frame:  # noqa: FBT001
        """Renders a dialogue and takes it apart.

        Args:
            roles: of its turns.
            answered: whether the last turn is the answer, whose text the frame ends before;
                otherwise the frame ends where the model goes on.
        """
        text = self._render(roles, "", begin=not answered)
        marks = [_MARK.format(place) for place in range(len(roles))]
        if _MARKS.findall(text) != [str(place) for place in range(len(roles))]:
            raise InputError(f"the model's chat template does not render {', '.join(roles)}")
        padded = self._render(roles, _PADDING, begin=not answered)
        strips = tuple(
            (_PADDING + mark not in padded, mark + _PADDING not in padded) for mark in marks
        )
        if answered:
            text = text[: text.index(marks[-1])]
        behind = text.rpartition(marks[-1])[2]
        at = behind.rfind(_OPEN)
        opening = behind[at:] if at >= 0 and _CLOSE not in behind[at:] else ""
        segments, controls = self._split(text)
        return _Frame(segments, controls, strips, opening)

    def _render(self, roles: tuple[str, ...], padding: str, *, begin: bool) -> str:
        turns = [
            {"role": role, "content": f"{padding}{_MARK.format(place)}{padding}"}
            for place, role in enumerate(roles)
        ]
        try:
            text = self._tokenizer.apply_chat_template(
                turns, tokenize=False, add_generation_prompt=begin
            )
        except Exception as error:  # templates raise whatever they like
            refused = f"the model's chat template refuses {', '.join(roles) or 'no message'}"
            raise InputError(f"{refused}: {error}") from error
        return str(text)

    def _renders(self, roles: tuple[str, ...]) -> bool:
        try:
            self._frame(roles, False)
        except InputError:
            return False
        return True

    def _split(self, text: str) -> tuple[tuple[str, ...], Ids]:
        """The text between control tokens, and these."""
        read = self._tokenizer.backend_tokenizer.encode(text, add_special_tokens=False)
        segments: list[str] = []
        controls: list[int] = []
        position = 0
        for id_, (start, end) in zip(read.ids, read.offsets, strict=True):
            if id_ in self._controls:
                segments.append(text[position:start])
                controls.append(id_)
                position = end
        return (*segments, text[position:]), tuple(controls)

    def _find_turn_ends(self) -> Ids:
        """The control token that follows an answer at once, if one does."""
        try:
            text = self._render(("user", "assistant"), "", begin=False)
        except InputError:
            return ()
        segments, controls = self._split(text.rpartition(_MARK.format(1))[2])
        return controls[:1] if controls and not segments[0].strip() else ()


def _control_ids(tokenizer: Any) -> frozenset[int]:
    """Tokens that no text may become.

    They are those that the tokenizer calls special, and those that its chat template writes or
    looks for, as ``</think>``, which some tokenizers do not call so. Not the one that stands for
    unknown characters, unless it has another office, too.
    """
    template = str(tokenizer.chat_template)
    found = {
        id_
        for id_, token in tokenizer.added_tokens_decoder.items()
        if token.special or (token.content.strip() and token.content in template)
    }
    found.update(tokenizer.all_special_ids)
    if tokenizer.unk_token_id not in {tokenizer.bos_token_id, tokenizer.eos_token_id}:
        found.discard(tokenizer.unk_token_id)
    return frozenset(found)


def _plain_copy(tokenizer: Any, controls: frozenset[int], sentinel: str) -> Tokenizer:
    """The tokenizer with the sentinel, and with control tokens that are text if met in one."""
    described = json.loads(tokenizer.backend_tokenizer.to_str())
    for token in described["added_tokens"]:
        token["special"] = token["special"] or token["id"] in controls
    copy = Tokenizer.from_str(json.dumps(described))
    copy.encode_special_tokens = True
    copy.no_truncation()
    copy.no_padding()
    copy.add_tokens([AddedToken(sentinel, normalized=False, special=False)])
    return copy


def _strip(text: str, sides: tuple[bool, bool], what: str | None) -> str:
    """Without these characters, None for Python's white space, at the left and the right end."""
    left, right = sides
    text = text.lstrip(what) if left else text
    return text.rstrip(what) if right else text


def _as_text(text: str) -> str:
    """A text that has an encoding: half a surrogate pair becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _common(one: Ids, other: Ids) -> int:
    """How many ids both begin with."""
    pairs = zip(one, other, strict=False)
    differ = (place for place, (a, b) in enumerate(pairs) if a != b)
    return next(differ, min(len(one), len(other)))
