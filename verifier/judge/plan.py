"""From a task to what is asked, of whom, and how: settled before anybody is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.errors import InputError
from verifier.judge.settings import EMBEDDED
from verifier.types import JudgeMode, ReadFrom

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.judge.asking import Backend
    from verifier.judge.settings import JudgeSettings
    from verifier.judge.template import Template
    from verifier.types import JudgeScope, JudgeTask

_LABEL: Final = "label"
_DEFAULTS: Final = {JudgeMode.PAIRWISE: "pair", JudgeMode.LISTWISE: "rank"}
# What a task may give, by the placeholder that shows it.
_GIVEN: Final = {
    "reference_answer": "reference_answer",
    "criterion": "rubric",
    "context": "context",
    "steps": "steps",
}
# A reason before the verdict is worth more than probabilities of a verdict without one.
_REASONED: Final = (ReadFrom.JSON, ReadFrom.TEXT)
_AT_ONCE: Final = (ReadFrom.LABELS, ReadFrom.JSON, ReadFrom.TEXT)


@dataclass(frozen=True, slots=True)
class Plan:
    """How one task is judged.

    Attributes:
        backend: whom to ask.
        template: in which words.
        read_from: what verdicts are read from.
        scope: what of a completion is shown.
        votes: judgements of the same thing, >= 1.
        seed: of the first vote, and of the order in which completions are shown.
        temperature: of the first attempt at each vote.
        max_tokens: that the judge may write.
    """

    backend: Backend
    template: Template
    read_from: ReadFrom
    scope: JudgeScope
    votes: int
    seed: int
    temperature: float
    max_tokens: int


class Planner:
    """Finds backend and template of a task, and what they can do together.

    Args:
        backends: by name.
        templates: by id.
        settings: what tasks leave open.
    """

    def __init__(
        self,
        backends: Mapping[str, Backend],
        templates: Mapping[str, Template],
        settings: JudgeSettings,
    ) -> None:
        self.backends = backends
        self.templates = templates
        self._settings = settings

    def plan(self, task: JudgeTask, prompt: str, mode: JudgeMode = JudgeMode.POINTWISE) -> Plan:
        """How a task is judged.

        Raises:
            InputError: names the field of the task that does not fit, and what would.
        """
        backend = self._backend(task)
        template = self._template(task, backend, mode)
        _check_given(task, prompt, template)
        votes = max(task.votes, 1)
        self._check_calls(task, votes)
        temperature = task.temperature
        if temperature is None:
            temperature = self._settings.temperature if votes > 1 else 0.0
        return Plan(
            backend,
            template,
            _read_from(task, template, backend, votes),
            task.scope or template.scope,
            votes,
            task.seed or 0,
            temperature,
            task.max_tokens or template.max_tokens,
        )

    def _backend(self, task: JudgeTask) -> Backend:
        name = task.backend or self._settings.backend
        found = self.backends.get(name)
        if found is None:
            known = ", ".join(self.backends)
            problem = f"no backend {name!r} is configured: configured are {known}"
            raise InputError(f"{problem}; add [judge.backends.NAME]", field="judge.backend")
        return found

    def _template(self, task: JudgeTask, backend: Backend, mode: JudgeMode) -> Template:
        name = task.template or _default_template(task, backend, mode)
        found = self.templates.get(name)
        if found is None:
            known = ", ".join(self.templates)
            problem = f"there is no template {name!r}; there are {known}"
            raise InputError(problem, field="judge.template")
        if found.mode is not mode:
            wanted = ", ".join(one.id for one in self.templates.values() if one.mode is mode)
            problem = f"{name} is for {found.mode.value.lower()} judging"
            raise InputError(
                f"{problem}; for {mode.value.lower()}: {wanted}", field="judge.template"
            )
        return found

    def _check_calls(self, task: JudgeTask, votes: int) -> None:
        calls = votes * (len(task.rubric.criteria) if task.rubric else 1)
        if calls > self._settings.max_calls:
            problem = f"{calls} calls for one item, at most {self._settings.max_calls} are allowed"
            raise InputError(f"{problem} (judge.max_calls)", field="judge.votes")


def _default_template(task: JudgeTask, backend: Backend, mode: JudgeMode) -> str:
    if mode in _DEFAULTS:
        return _DEFAULTS[mode]
    if task.rubric is not None:
        return "criterion"
    if task.reference_answer:
        return "same_answer"
    if task.context:
        return "grounded"
    if task.steps:
        return "steps"
    return "yes_no" if backend.name == EMBEDDED else "grade"


def _check_given(task: JudgeTask, prompt: str, template: Template) -> None:
    """Refuses a task that lacks what the template shows, or gives what it does not show."""
    if "prompt" in template.needs and not prompt.strip():
        raise InputError(f"template {template.id} needs what was asked", field="prompt")
    for placeholder, field in _GIVEN.items():
        given, needed = bool(getattr(task, field)), placeholder in template.needs
        if needed and not given and field != "steps":  # steps may be cut from the completion
            raise InputError(f"template {template.id} needs it", field=f"judge.{field}")
        if given and not needed:
            raise InputError(f"template {template.id} does not look at it", field=f"judge.{field}")


def _read_from(task: JudgeTask, template: Template, backend: Backend, votes: int) -> ReadFrom:
    """What verdicts are read from: as asked, else what suits template and backend best."""
    fit = [one for one in ReadFrom if one in backend.abilities]
    if template.form != _LABEL or votes > 1:
        # Probabilities are of one label, and the same however often they are asked for.
        fit = [one for one in fit if one is not ReadFrom.LABELS]
    if task.read_from is not None:
        if task.read_from in fit:
            return task.read_from
        can = ", ".join(one.value.lower() for one in fit) or "nothing"
        problem = f"with backend {backend.name}, template {template.id} and {votes} votes it is"
        raise InputError(f"{problem} {can}", field="judge.read_from")
    for one in _REASONED if template.reasoned else _AT_ONCE:
        if one in fit:
            return one
    if fit:
        return fit[0]
    problem = f"backend {backend.name} cannot be asked by template {template.id} for {votes} votes"
    raise InputError(problem, field="judge.template")
