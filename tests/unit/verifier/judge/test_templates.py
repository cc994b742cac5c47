"""Template files: the built-in ones, and what is refused of a user's."""

import re
from pathlib import Path

import pytest

from verifier.errors import ConfigError
from verifier.judge.template import NAMES, Template, load_templates
from verifier.types import JudgeMode, JudgeScope

TEMPLATES = load_templates()
DOCS = (Path(__file__).parents[4] / "docs" / "judge-templates.md").read_text("utf-8")

GOOD = '''
id = "mine"
version = 1
description = "is it polite?"
question = "Is the answer polite?"
user = """
{completion}
"""

[labels]
Yes = 1
No = 0
'''


def folder_with(tmp_path, text, name="mine.toml"):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return tmp_path


# ------------------------------------------------------------------------ the built-in ones

FINAL, WHOLE = JudgeScope.FINAL_ANSWER, JudgeScope.WHOLE_COMPLETION
FIVE = {"1": 0.0, "2": 0.25, "3": 0.5, "4": 0.75, "5": 1.0}
YES_NO = {"Yes": 1.0, "No": 0.0}
BUILT_IN = {
    "criterion": (YES_NO, FINAL, {"prompt", "completion", "criterion"}),
    "format": (YES_NO, WHOLE, {"completion"}),
    "grade": (FIVE, FINAL, {"prompt", "completion"}),
    "grounded": (
        {"Supported": 1.0, "Partly": 0.5, "Unsupported": 0.0},
        FINAL,
        {"prompt", "completion", "context"},
    ),
    "harmless": ({"Safe": 1.0, "Unsafe": 0.0}, WHOLE, {"prompt", "completion"}),
    "helpful": (FIVE, FINAL, {"prompt", "completion"}),
    "pair": ({}, FINAL, {"prompt", "completions"}),
    "rank": ({}, FINAL, {"prompt", "completions"}),
    "reference_grade": (FIVE, FINAL, {"prompt", "completion", "reference_answer"}),
    "same_answer": (
        {"Correct": 1.0, "Incorrect": 0.0},
        FINAL,
        {"prompt", "completion", "reference_answer"},
    ),
    "steps": ({"right": 1.0, "wrong": 0.0}, WHOLE, {"prompt", "steps"}),
    "yes_no": (YES_NO, WHOLE, {"prompt", "completion"}),
}


def test_the_built_in_templates_are_these():
    assert list(TEMPLATES) == list(BUILT_IN)


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_template_has_this_scale_scope_and_material(name):
    template = TEMPLATES[name]
    assert (dict(template.labels), template.scope, template.needs) == BUILT_IN[name]
    assert template.name == f"{name}/{template.version}"
    assert template.source


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_template_says_what_each_label_means(name):
    template = TEMPLATES[name]
    said = template.user + template.question
    assert [label for label, _ in template.labels if label not in said] == []


def test_modes_and_forms_of_the_built_in_templates():
    modes = {one.id: one.mode for one in TEMPLATES.values() if one.mode is not JudgeMode.POINTWISE}
    assert modes == {"pair": JudgeMode.PAIRWISE, "rank": JudgeMode.LISTWISE}
    forms = {one.id: one.form for one in TEMPLATES.values() if one.form != "label"}
    assert forms == {"pair": "ranking", "rank": "ranking", "steps": "steps"}


def test_no_template_can_be_changed():
    with pytest.raises(TypeError):
        TEMPLATES["grade"] = TEMPLATES["yes_no"]
    with pytest.raises(AttributeError):
        TEMPLATES["grade"].version = 2
    assert hash(TEMPLATES["grade"]) == hash(load_templates()["grade"])


# ------------------------------------------------------------------------ a user's


def test_a_users_template_stands_beside_the_built_in_ones(tmp_path):
    found = load_templates(folder_with(tmp_path, GOOD))
    assert set(found) == {*BUILT_IN, "mine"}
    mine = found["mine"]
    assert mine.labels == (("Yes", 1.0), ("No", 0.0))
    assert (mine.mode, mine.form, mine.scope) == (JudgeMode.POINTWISE, "label", WHOLE)
    assert (mine.system, mine.source, mine.reasoned, mine.max_tokens) == ("", "", False, 2048)


def test_labels_keep_the_order_of_the_file_and_may_be_of_any_script(tmp_path):
    scale = "[labels]\n'错误' = 0.0\n'部分正确' = 0.5\n'正确' = 1.0\n'हाँ' = 1.0\n"
    text = GOOD[: GOOD.index("[labels]")] + scale
    labels = load_templates(folder_with(tmp_path, text))["mine"].labels
    assert [label for label, _ in labels] == ["错误", "部分正确", "正确", "हाँ"]


def test_an_empty_folder_adds_nothing(tmp_path):
    (tmp_path / "notes.md").write_text("no template")
    (tmp_path / ".mine.toml.swp").write_text("no template")
    (tmp_path / ".hidden.toml").write_text("no template")
    (tmp_path / "deeper").mkdir()
    folder_with(tmp_path / "deeper", "no template")
    assert load_templates(tmp_path) == TEMPLATES


def test_the_example_of_the_documentation_can_be_loaded(tmp_path):
    (example,) = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    name = re.search(r'id = "(\w+)"', example)[1]
    assert name in load_templates(folder_with(tmp_path, example, f"{name}.toml"))


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"gone: No such file or directory; name a folder"):
        load_templates(tmp_path / "gone")


def without(key):
    return re.sub(rf'(?m)^{key} = (""".*?"""|.*?$)', "", GOOD, flags=re.DOTALL)


def set_to(key, value):
    return re.sub(
        rf'(?m)^{key} = (""".*?"""|.*?$)', lambda _: f"{key} = {value}", GOOD, flags=re.DOTALL
    )


def plus(line):
    return GOOD.replace("version = 1\n", f"version = 1\n{line}\n")


def scale(*lines):
    return GOOD[: GOOD.index("Yes = 1")] + "\n".join(lines)


RANKING = 'mode = "LISTWISE"\nform = "ranking"'
UNRANKED = plus(RANKING).split("[labels]")[0].replace("{completion}", "{completions}")
STEPWISE = plus('form = "steps"').replace("{completion}", "{steps}")

BAD = {
    "no TOML": ("id = ", "is not TOML"),
    "no UTF-8": (b"id = '\xff'", "is not TOML"),
    "unknown key": (plus("scale = 1"), "unknown field `scale`; known here: id, version"),
    "missing key": (without("question"), "missing required field `question`"),
    "wrong type": (set_to("version", '"1"'), "Expected `int`, got `str` - at `$.version`"),
    "unknown word": (plus('mode = "GROUPWISE"'), "'GROUPWISE' - at `$.mode`"),
    "unknown form": (plus('form = "number"'), "'number' - at `$.form`"),
    "unknown scope": (plus('scope = "ANSWER"'), "'ANSWER' - at `$.scope`"),
    "labels as list": (
        plus('labels = ["Yes"]').split("[labels]")[0],
        "Expected `object`, got `array` - at `$.labels`",
    ),
    "score that is no number": (scale('Yes = "1"'), "Expected `float`, got `str`"),
    "id with a dash": (set_to("id", '"my-own"'), "id: must be a lower-case letter"),
    "id of another file": (
        set_to("id", '"yours"'),
        "id: is 'yours'; must be the file's own name, 'mine'",
    ),
    "version 0": (set_to("version", "0"), "version: must be at least 1, is 0"),
    "no tokens": (plus("max_tokens = 0"), "max_tokens: must be at least 1, is 0"),
    "blank description": (set_to("description", '" "'), "description: must not be empty"),
    "blank question": (set_to("question", '""'), "question: must not be empty"),
    "blank user": (set_to("user", '"\\n"'), "user: must not be empty"),
    "material in system": (
        plus('system = "Asked: {prompt}"'),
        "system: {prompt} has no place here",
    ),
    "material in question": (
        set_to("question", '"Is {completion} ok?"'),
        "question: {completion} has no",
    ),
    "unknown placeholder": (
        set_to("user", '"{answer}\\n{completion}"'),
        "there is no placeholder {answer}; there are {prompt}",
    ),
    "twice": (
        set_to("user", '"{completion}\\n{completion}"'),
        "user: {completion} must not occur more than once, occurs 2 times",
    ),
    "inside a line": (
        set_to("user", '"It is {completion}."'),
        "user: {completion} must stand on a line of its own",
    ),
    "with spaces": (
        set_to("user", '"  {completion}"'),
        "user: {completion} must stand on a line of its own",
    ),
    "nothing to judge": (set_to("user", '"{prompt}"'), "user: must hold {completion} or {steps}"),
    "ranking alone": (
        plus('form = "ranking"'),
        "form: must be 'label' or 'steps' if mode is POINTWISE",
    ),
    "label of several": (plus('mode = "PAIRWISE"'), "form: must be 'ranking' if mode is PAIRWISE"),
    "several alone": (
        set_to("user", '"{completions}\\n{completion}"'),
        "user: {completions} does not go with mode POINTWISE",
    ),
    "one of several": (
        UNRANKED.replace("{completions}", "{completions}\n{completion}"),
        "user: {completion} does not go with mode LISTWISE",
    ),
    "ranking without": (
        UNRANKED.replace("{completions}", "{prompt}"),
        "user: must hold {completions}",
    ),
    "ranking with a scale": (UNRANKED + "[labels]\nYes = 1\nNo = 0", "labels: a ranking has none"),
    "steps without": (STEPWISE.replace("{steps}", "{completion}"), "user: must hold {steps}"),
    "numbers for steps": (STEPWISE.replace("Yes", "1"), "labels: '1' must not be a number"),
    "no labels": (GOOD.split("[labels]", maxsplit=1)[0], "labels: must be at least two words"),
    "one label": (scale("Yes = 1"), "labels: must be at least two words with different scores"),
    "scores all equal": (
        scale("Yes = 1", "No = 1"),
        "labels: must be at least two words with different",
    ),
    "score above 1": (scale("Yes = 5", "No = 0"), "labels.Yes: must be between 0 and 1, is 5.0"),
    "score below 0": (scale("Yes = 1", "No = -1"), "labels.No: must be between 0 and 1, is -1.0"),
    "score that is none": (
        scale("Yes = 1", "No = nan"),
        "labels.No: must be between 0 and 1, is nan",
    ),
    "endless score": (scale("Yes = inf", "No = 0"), "labels.Yes: must be between 0 and 1, is inf"),
    "labels by case": (scale("Yes = 1", "YES = 0"), "labels: must differ even if"),
    "empty label": (scale('"" = 1', "No = 0"), "labels: '' must be a word"),
    "label of two words": (
        scale('"Not quite" = 1', "No = 0"),
        "labels: 'Not quite' must be a word",
    ),
    "label with a comma": (scale('"a,b" = 1', "No = 0"), "labels: 'a,b' must be a word"),
    "label of signs": (scale('"+" = 1', '"-" = 0'), "labels: '+' must be a word"),
    "dash at the end": (scale('"B-" = 1', "B = 0"), "labels: 'B-' must be a word"),
    "long label": (scale(f"{'x' * 33} = 1", "No = 0"), "must be a word of letters and digits"),
    "label in two lines": (scale('"a\\nb" = 1', "No = 0"), r"labels: 'a\nb' must be a word"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_template_that_makes_no_sense_is_refused_with_file_key_and_cure(name, tmp_path):
    text, message = BAD[name]
    folder = folder_with(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        load_templates(folder)
    assert str(error.value).startswith(f"{folder / 'mine.toml'}: ")
    assert message in str(error.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "mine.toml").mkdir()
    with pytest.raises(ConfigError, match=r"mine\.toml: Is a directory"):
        load_templates(tmp_path)


def test_the_id_of_a_built_in_template_is_taken(tmp_path):
    folder = folder_with(tmp_path, GOOD.replace("mine", "grade"), "grade.toml")
    with pytest.raises(ConfigError, match=r"grade\.toml: id: 'grade' is a built-in template"):
        load_templates(folder)


# ------------------------------------------------------------------------ the documentation


def cells(heading):
    section = DOCS[DOCS.index(heading) :].split("\n## ")[0]
    return [
        [cell.strip() for cell in row.split("|")[1:-1]]
        for row in re.findall(r"(?m)^\|.*\|$", section)
    ][2:]


def test_every_built_in_template_is_described_as_it_is():
    for row in cells("## The built-in templates"):
        template = TEMPLATES[row[0].strip("`")]
        assert re.findall(r"`(\w+)`", row[2]) == [one for one in NAMES if one in template.needs]
        labels = [label for label, _ in template.labels]
        assert re.findall(r"`(\w+)`", row[3]) == labels or (not labels and row[3] == "a ranking")
        assert row[4] == ("final answer" if template.scope is FINAL else "all of it")
    assert {row[0].strip("`") for row in cells("## The built-in templates")} == set(TEMPLATES)


def test_every_key_is_described():
    keys = [key for row in cells("## Keys") for key in re.findall(r"`(\w+)`", row[0])]
    assert sorted(keys) == sorted(Template.__struct_fields__)


def test_every_placeholder_is_described():
    rows = cells("## Placeholders")
    assert [row[0].strip("`{}") for row in rows] == list(NAMES)
