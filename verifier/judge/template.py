"""Templates: what a judge is asked, as files that users can read, copy and add to."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from verifier.errors import ConfigError
from verifier.types import JudgeMode, JudgeScope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BUILT_IN: Final = Path(__file__).with_name("templates")

# What `user` may hold, each name in braces on a line of its own, at most once.
NAMES: Final = tuple(
    "prompt completion completions reference_answer context criterion steps".split()
)

_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_NAMED: Final = re.compile(rf"\{{({'|'.join(NAMES)})\}}")
_LONE: Final = re.compile(r"^[ \t]*\{(\w+)\}[ \t]*$", re.MULTILINE)
# What is filled in; a name in braces inside a line is refused when the template is loaded.
PLACEHOLDER: Final = re.compile(rf"^{_NAMED.pattern}$", re.MULTILINE)
_MAX_LABEL: Final = 32  # characters; a label is a word, and a judge has to write it exactly


class Template(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to ask a judge, as its TOML file says it.

    Attributes:
        id: its name, that of its file too: lower-case letters, digits and ``_``.
        version: >= 1; raised with every change of any text or score, because results name it.
        mode: how many completions one question shows.
        description: one line for whoever chooses among templates; the judge does not see it.
        source: whose idea it is; the judge does not see it.
        system: the system message, without placeholders; empty for none.
        question: what is asked, in a sentence or two. The judge reads it before the material and
            again behind it.
        user: the material and what there is to say about it, with placeholders.
        form: of the verdict: one label, one label per step, or a ranking.
        labels: the words of the scale with their scores, 0 to 1, a table in the file; none for a
            ranking.
        reasoned: whether the judge explains itself before it answers.
        scope: what of a completion the judge sees, unless the task says otherwise.
        max_tokens: that the judge may write, thinking included, unless the task says otherwise.
    """

    id: str
    version: int
    description: str
    question: str
    user: str
    mode: JudgeMode = JudgeMode.POINTWISE
    source: str = ""
    system: str = ""
    form: Literal["label", "steps", "ranking"] = "label"
    labels: tuple[tuple[str, float], ...] = ()
    reasoned: bool = False
    scope: JudgeScope = JudgeScope.WHOLE_COMPLETION
    max_tokens: int = 2048

    @property
    def name(self) -> str:
        """Id and version, as results tell them: ``yes_no/1``."""
        return f"{self.id}/{self.version}"

    @property
    def needs(self) -> frozenset[str]:
        """The placeholders that `user` holds."""
        return _placeholders(self.user)


@cache  # asked for every judgement
def _placeholders(text: str) -> frozenset[str]:
    return frozenset(found[1] for found in PLACEHOLDER.finditer(text))


class _Scale(msgspec.Struct, frozen=True):
    """``labels`` as the file has them."""

    labels: dict[str, float]


def load_templates(folder: Path | None = None) -> Mapping[str, Template]:
    """The templates that come with the package and those in a user's folder, by id.

    Args:
        folder: its ``*.toml`` files are read, those in folders inside it and hidden ones are not.
            None for the built-in templates alone.

    Raises:
        ConfigError: the folder or a file cannot be read, a file is no template, or a user's
            template has the id of a built-in one; names the file, the key and the cure.
    """
    templates = {path.stem: _load(path) for path in _files(BUILT_IN)}
    for path in _files(folder) if folder is not None else ():
        if path.stem in templates:
            raise ConfigError(
                f"{path}: id: {path.stem!r} is a built-in template, and results name templates by"
                " id and version; give the file and its id another name"
            )
        templates[path.stem] = _load(path)
    return MappingProxyType(templates)


def _files(folder: Path) -> list[Path]:
    try:
        found = [path for path in folder.iterdir() if path.suffix == ".toml"]
    except OSError as error:
        raise ConfigError(
            f"{folder}: {error.strerror}; name a folder that holds templates as .toml files"
        ) from error
    return sorted(path for path in found if not path.name.startswith("."))


def _load(path: Path) -> Template:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error
    try:
        # A table of its own, because in the template labels are an ordered scale.
        labels = msgspec.convert({"labels": values.pop("labels", {})}, _Scale).labels
        template = msgspec.convert({**values, "labels": tuple(labels.items())}, Template)
    except msgspec.ValidationError as error:
        known = f"; known here: {', '.join(Template.__struct_fields__)}"
        raise ConfigError(f"{path}: {error}{known * ('unknown' in str(error))}") from error
    for problem in _problems(template, path.stem):
        raise ConfigError(f"{path}: {problem}")
    return template


# ------------------------------------------------------------------------ what makes no sense


def _problems(template: Template, stem: str) -> Iterator[str]:
    """What is wrong with a template beyond the types of its values, each with its key."""
    if not _ID.match(template.id):
        yield "id: must be a lower-case letter, then lower-case letters, digits and '_', at most 64"
    elif template.id != stem:
        yield f"id: is {template.id!r}; must be the file's own name, {stem!r}"
    for key in ("version", "max_tokens"):
        if getattr(template, key) < 1:
            yield f"{key}: must be at least 1, is {getattr(template, key)}"
    for key in ("description", "question", "user"):
        if not getattr(template, key).strip():
            yield f"{key}: must not be empty"
    yield from _place_problems(template)
    yield from _mode_problems(template)
    yield from _scale_problems(template) if template.form != "ranking" else ()


def _place_problems(template: Template) -> Iterator[str]:
    """Placeholders where they cannot be, and words that look like one."""
    for key in ("system", "question"):
        for found in _NAMED.finditer(getattr(template, key)):
            yield f"{key}: {found[0]} has no place here; material stands in user alone"
    for found in _LONE.finditer(template.user):
        if found[1] not in NAMES:
            known = ", ".join(f"{{{name}}}" for name in NAMES)
            yield f"user: there is no placeholder {{{found[1]}}}; there are {known}"
    named = [found[0] for found in _NAMED.finditer(template.user)]
    for name in named:
        if named.count(name) > 1:
            yield f"user: {name} must not occur more than once, occurs {named.count(name)} times"
        if name[1:-1] not in template.needs:
            yield f"user: {name} must stand on a line of its own, without spaces around it"


def _mode_problems(template: Template) -> Iterator[str]:
    """Forms and placeholders that do not go with the mode."""
    single = template.mode is JudgeMode.POINTWISE
    allowed = ("label", "steps") if single else ("ranking",)
    if template.form not in allowed:
        are = " or ".join(map(repr, allowed))
        yield f"form: must be {are} if mode is {template.mode.value}, is {template.form!r}"
    needs = template.needs
    for name in ("completions",) if single else ("completion", "steps"):
        if name in needs:
            yield f"user: {{{name}}} does not go with mode {template.mode.value}"
    wanted = {"label": {"completion", "steps"}, "steps": {"steps"}, "ranking": {"completions"}}
    if needs.isdisjoint(wanted[template.form]):
        names = " or ".join(f"{{{name}}}" for name in sorted(wanted[template.form]))
        yield f"user: must hold {names}; without it there is nothing to judge"
    if template.labels and template.form == "ranking":
        yield "labels: a ranking has none; remove the table"


def _scale_problems(template: Template) -> Iterator[str]:
    """Labels that cannot be told apart or read, scores that are none."""
    if len({score for _, score in template.labels}) < 2:
        yield "labels: must be at least two words with different scores, 'Yes = 1.0' and 'No = 0.0'"
    for label, score in template.labels:
        if not 0.0 <= score <= 1.0:
            yield f"labels.{label}: must be between 0 and 1, is {score}"
        if not _is_word(label):
            yield (
                f"labels: {label!r} must be a word of letters and digits, '-' and '_' inside, at"
                f" most {_MAX_LABEL} characters"
            )
        if template.form == "steps" and label.isdecimal():
            yield f"labels: {label!r} must not be a number, because steps are numbered; use words"
    folded = [label.casefold() for label, _ in template.labels]
    if len(set(folded)) < len(folded):
        yield "labels: must differ even if upper and lower case are the same"


def _is_word(label: str) -> bool:
    kinds = [unicodedata.category(character)[0] for character in label]
    if not kinds or len(kinds) > _MAX_LABEL or not {kinds[0], kinds[-1]} <= set("LNM"):
        return False
    pairs = zip(label, kinds, strict=True)
    return all(kind in "LNM" or character in "-_" for character, kind in pairs)
