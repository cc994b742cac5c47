"""``[recipes.NAME]``: users' own rewards, in the words of rows."""

import asyncio
import json

import pytest

from verifier.assembly import build_engine, build_registry
from verifier.cli.main import main
from verifier.config import Config, load_config
from verifier.config.rewards import RecipeConfig
from verifier.convert.recipes import configured_registry, read_recipes
from verifier.errors import ConfigError, InputError
from verifier.types import (
    BaseTerm,
    BoxedRule,
    Combine,
    CompositeTask,
    CompositeTerm,
    FormatTask,
    Item,
    LengthRule,
    LengthUnit,
    Reason,
    RegexRule,
    ShapeTerm,
    TagFlavour,
    TextMode,
    TextTask,
    ThinkAnswerRule,
    Verdict,
)

WHOLE = """
[plugins]
enabled = false

[recipes.ours]
source = "a study of ours"
formula = "accuracy + tags, less when long"
combine = "sum"
clip_min = "$least"
clip_max = 2
parameters = { least = -0.5, tag_weight = 0.25, longest = 100, flavour = "strict", sure = false }

[[recipes.ours.terms]]
name = "accuracy"
base = {}
offset = -1
unscored_reward = 0

[[recipes.ours.terms]]
name = "tags"
weight = "$tag_weight"
gate = "$sure"
format = { rules = [{ think_answer = { flavour = "$flavour" } }, { boxed = {} }] }

[[recipes.ours.terms]]
name = "short"
shape = { rule = "overlong@dapo", max_length = "$longest", buffer = 10, unit = "characters" }

[[recipes.ours.terms]]
name = "price"
weight = 0
text = { reference_answers = ["$$5", "$$longest"], mode = "f1", threshold = 0.5 }
"""


def task_of(least=-0.5, tag_weight=0.25, longest=100, flavour=TagFlavour.STRICT):
    overlong = ShapeTerm("overlong@dapo", unit=LengthUnit.CHARACTERS, max_length=longest, buffer=10)
    tags = FormatTask((ThinkAnswerRule(flavour), BoxedRule()))
    return CompositeTask(
        (
            CompositeTerm("accuracy", BaseTerm(), offset=-1.0, unscored_reward=0.0),
            CompositeTerm("tags", tags, weight=tag_weight),
            CompositeTerm("short", overlong),
            CompositeTerm("price", TextTask(("$5", "$longest"), TextMode.F1, 0.5), weight=0.0),
        ),
        clip_min=least,
        clip_max=2.0,
    )


def read(tmp_path, text):
    path = tmp_path / "service.toml"
    path.write_text(text)
    return load_config(str(path))


def test_a_table_says_what_a_row_would(tmp_path):
    recipe = read_recipes(read(tmp_path, WHOLE))["ours"]
    assert (recipe.name, recipe.source) == ("ours", "a study of ours")
    assert recipe.formula == "accuracy + tags, less when long"
    assert recipe.build(recipe.parameters) == task_of()


def test_a_parameter_stands_in_every_place_that_names_it(tmp_path):
    recipe = read_recipes(read(tmp_path, WHOLE))["ours"]
    given = {"least": -9, "tag_weight": 3, "longest": 7, "flavour": "exact", "sure": False}
    assert recipe.build(given) == task_of(-9.0, 3.0, 7, TagFlavour.EXACT)
    assert recipe.build(given) is recipe.build(dict(reversed(given.items()))), "and is read once"


def test_rows_name_it_like_those_that_ship(tmp_path):
    config = read(tmp_path, WHOLE)

    async def scored(*options):
        async with build_engine(config, registry=configured_registry(config)) as engine:
            tasks = [
                CompositeTask(recipe="ours", base=TextTask(("4",)), options=json.dumps(one))
                for one in options
            ]
            completion = "<think>\na\n</think>\n<answer>\n\\boxed{4}\n</answer>"
            return await engine.score([Item("x", completion, task) for task in tasks])

    usual, heavy, unread, unknown = asyncio.run(
        scored({}, {"tag_weight": 0.75}, {"flavour": "loose"}, {"tag": 1})
    )
    assert [term.name for term in usual.detail.terms] == ["accuracy", "tags", "short", "price"]
    assert heavy.reward - usual.reward == pytest.approx(0.5)
    assert (unread.verdict, unread.reason) == (Verdict.UNSCORED, Reason.INVALID_INPUT)
    assert unread.message.startswith(
        "composite.options: recipe 'ours': terms[1].format.rules[0].think_answer.flavour: 'loose'"
    )
    assert "no such parameter" in unknown.message


def test_it_is_listed_among_the_members_of_composite(tmp_path, capsys):
    read(tmp_path, WHOLE)
    assert main(["list", "--json", "--config", str(tmp_path / "service.toml")]) == 0
    infos = {info["name"]: info for info in map(json.loads, capsys.readouterr().out.splitlines())}
    assert infos["composite"]["members"][-1] == "ours"
    assert "r1_zero" in infos["composite"]["members"]


def test_a_configuration_whose_recipes_were_not_read_makes_no_registry(tmp_path):
    with pytest.raises(ValueError, match="read the configured recipes first"):
        build_registry(read(tmp_path, WHOLE))


def test_a_tokenizer_of_the_configuration_may_be_named_and_is_not_loaded(tmp_path):
    (tmp_path / "tokenizer.json").write_text("not even JSON")
    text = f"[tokenizers.t]\npath = {json.dumps(str(tmp_path))}\n" + recipe(
        '{name = "a", format = {rules = [{length = {unit = "tokens", tokenizer = "t"}}]}},'
        '{name = "b", shape = {rule = "kimi_length", tokenizer = "t"}}'
    )
    terms = read_recipes(read(tmp_path, text))["mine"].build({}).terms
    assert terms[0].task == FormatTask((LengthRule(LengthUnit.TOKENS, tokenizer="t"),))
    assert terms[1].task == ShapeTerm("kimi_length", tokenizer="t")


def test_a_recipe_may_do_without_a_base(tmp_path):
    text = recipe('{name = "a", format = {rules = [{regex = {pattern = "$$"}}]}}')
    built = read_recipes(read(tmp_path, text))["mine"].build({})
    assert built == CompositeTask((CompositeTerm("a", FormatTask((RegexRule("$"),))),))
    assert built.combine is Combine.SUM


def recipe(terms, more=""):
    return f"[recipes.mine]\nterms = [{terms}]\n{more}\n"


BASE = '{name = "a", base = {}}'
TAGS = "format = {rules = [{think = {}}]}"
MANY = "parameters = {p = 1}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[recipes.mine]", "recipes.mine.terms: must hold at least one term"),
        (recipe(""), "recipes.mine.terms: must hold at least one term"),
        (recipe(BASE, "weigth = 1"), ":3: recipes.mine.weigth: is no key"),
        (recipe(BASE, "source = 1"), ":3: recipes.mine.source: must be text, is the number 1"),
        ("[recipes.mine]\nterms = [1]", ":2: recipes.mine.terms[0]: must be a table, is the nu"),
        ("[recipes.'a b']\nterms = [{}]", 'recipes."a b": a name has letters'),
        (f"[recipes.r1]\nterms = [{BASE}]", "recipes.r1: the name is taken by a recipe"),
        (recipe(BASE, "parameters = {'a-b' = 1}"), "recipes.mine.parameters.a-b: a parameter's"),
        (recipe(BASE, "parameters = {p = inf}"), "recipes.mine.parameters.p: must be text"),
        (recipe(BASE, "parameters = {p = 2020-01-01}"), "recipes.mine.parameters.p: must be text"),
        (recipe(BASE, "parameters = {p = {}}"), "recipes.mine.parameters.p: must be text"),
    ],
)
def test_what_no_recipe_could_be_is_refused_with_the_file(tmp_path, text, words):
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, text)
    assert words in str(refused.value)
    assert str(tmp_path / "service.toml") in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (recipe("{base = {}}"), "terms[0].name: must not be empty"),
        (recipe('{name = "a"}'), "terms[0]: no task: it has exactly one of math, code"),
        (recipe(f"{BASE}, {BASE}"), "terms[1].name: 'a' is term 0's already"),
        (recipe(f'{{name = "a", base = {{}}, {TAGS}}}'), "terms[0]: 'base' and 'format' exclude"),
        (recipe(f'{BASE}, {{name = "b", wait = 1, {TAGS}}}'), "terms[1].wait: unknown field"),
        (
            recipe(f'{{name = "b", weight = "heavy", {TAGS}}}'),
            "mine.terms[0].weight: must be a number, is 'heavy'",
        ),
        (recipe(f'{{name = "b", weight = inf, {TAGS}}}'), "terms[0].weight: holds a number too"),
        (recipe(f'{{name = "b", weight = [1], {TAGS}}}'), "terms[0].weight: must be a number"),
        (recipe(f'{{name = "b", gate = 1, {TAGS}}}'), "terms[0].gate: must be true or false"),
        (recipe(f"{{name = 2020-01-01, {TAGS}}}"), "terms[0].name: must be a string"),
        (
            recipe('{name = "b", gate = true, shape = {rule = "kimi_length"}}'),
            "terms[0].gate: a sh",
        ),
        (recipe('{name = "b", format = {rules = [{bold = {}}]}}'), "terms[0].format.rules[0].bold"),
        (recipe('{name = "b", format = {rules = []}}'), "terms[0]: format.rules: must hold"),
        (recipe('{name = "b", judge = {votes = -1}}'), "terms[0]: judge.votes: must be 1 to 256"),
        (recipe(BASE, 'combine = "most"'), "combine: 'most' is not one of COMBINE_SUM"),
        (recipe(BASE, "clip_min = 1\nclip_max = 0"), "clip_max: is below clip_min"),
        # What only a term's own code knows.
        (
            recipe('{name = "b", format = {rules = [{regex = {pattern = "("}}]}}'),
            "terms[0]: format",
        ),
        (
            recipe(f'{BASE}, {{name = "s", shape = {{rule = "cosine"}}}}'),
            "terms[1]: shape.rule: 'co",
        ),
        (recipe(f'{BASE}, {{name = "s", shape = {{rule = "max_length"}}}}'), "shape.max_length"),
        (recipe(f'{BASE}, {{name = "s", shape = {{rule = "kimi_length", of = "b"}}}}'), "shape.of"),
        (
            recipe(f'{BASE}, {{name = "s", shape = {{rule = "kimi_length", tokenizer = "t"}}}}'),
            "terms[1]: shape.tokenizer: no tokenizer t is configured; known: none",
        ),
        (recipe('{name = "s", shape = {rule = "kimi_length"}}'), "shape.of: no term scores a task"),
        (
            recipe(
                '{name = "s", unscored_reward = 0, format = {rules = [{regex = {pattern = "("}}]}}'
            ),
            "terms[0]: format",
        ),
        (recipe('{name = "a", weight = 1e200, base = {}}'), "terms: the reward is 1e+200"),
        # Parameters.
        (recipe('{name = "a", weight = "$w", base = {}}'), "terms[0].weight: '$w' is no parameter"),
        (
            recipe('{name = "a", weight = "$w", offset = "$p", base = {}}', MANY),
            "terms[0].weight: '$w' is no parameter; there are: $p. A text that begins with a",
        ),
        (recipe('{name = "a", text = {reference_answers = ["$5"]}}'), "reference_answers[0]: '$5'"),
        (recipe('{name = "$$p", base = {}}', MANY), 'parameters.p: no term says "$p"'),
        (recipe('{name = "$p", base = {}}', MANY), "terms[0].name: must be a string"),
        (recipe(BASE, 'clip_max = "$p"\nparameters = {p = "much"}'), "clip_max"),
    ],
)
def test_a_term_that_makes_no_sense_is_told_before_the_first_row(tmp_path, text, words):
    config = read(tmp_path, text)
    with pytest.raises(ConfigError) as refused:
        read_recipes(config)
    assert str(refused.value).startswith("recipes.mine.")
    assert words in str(refused.value)


def test_other_parameters_that_make_no_sense_cost_their_row_alone(tmp_path):
    text = recipe('{name = "a", weight = "$p", base = {}}', "parameters = {p = 1.0}")
    built = read_recipes(read(tmp_path, text))["mine"].build
    with pytest.raises(InputError, match=r"composite\.options: recipe 'mine': terms\[0\]\.weight"):
        built({"p": float("inf")})
    assert built({"p": 2.0}).terms[0].weight == 2.0


def test_without_a_recipe_nothing_is_read():
    assert read_recipes(Config()) == {}
    assert RecipeConfig().combine == "SUM"
