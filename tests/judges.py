"""Judges for tests: backends that answer by a function, in the form they are asked for."""

import json
import math
import re

from verifier.judge.asking import Reply
from verifier.types import ReadFrom

MARK = re.compile(r"stands between two lines that carry the mark ([a-z0-9]+),")
SHOWN = re.compile(
    r"^<<<COMPLETION ?([A-Z]?) \w+>>>\n(.*?)\n<<<END COMPLETION", re.DOTALL | re.MULTILINE
)


def mark_of(question):
    """The mark of a question's prompt."""
    return MARK.search(question.messages[-1].content)[1]


def shown(question):
    """The completions of a question, by the names they are shown under."""
    return dict(SHOWN.findall(question.messages[-1].content))


def answer(question, said):
    """What a backend writes that means `said`: a label, labels, or names."""
    mark = mark_of(question)
    if question.read_from is ReadFrom.JSON:
        return json.dumps({"check": mark, "reason": "because", "verdict": said})
    said = said if isinstance(said, str) else ", ".join(said)
    return said if question.read_from is ReadFrom.LABELS else f"Because.\nVerdict {mark}: {said}"


class FakeBackend:
    """Answers what `decide` says of a question: what it means, a whole `Reply`, or an error.

    Attributes:
        asked: every question, in order.
    """

    def __init__(self, decide, name="fake", abilities=(ReadFrom.JSON, ReadFrom.TEXT)):
        self.name = name
        self.model = f"{name}-model"
        self.abilities = abilities
        self.width = 64
        self.asked = []
        self.closed = False
        self._decide = decide

    @property
    def identity(self):
        return self.model

    async def start(self):
        self.closed = False

    async def close(self):
        self.closed = True

    async def ask(self, question, started):
        started()
        self.asked.append(question)
        said = self._decide(question)
        if hasattr(said, "__await__"):
            said = await said
        if isinstance(said, Exception):
            raise said
        if isinstance(said, Reply):
            return said
        if isinstance(said, dict):  # probabilities of labels
            labels = tuple((label, math.log(share)) for label, share in said.items())
            return Reply(max(said, key=said.get), labels=labels, model=self.model)
        return Reply(
            answer(question, said), model=self.model, prompt_tokens=10, completion_tokens=2
        )
