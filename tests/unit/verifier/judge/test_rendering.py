"""How prompts are put together."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from strategies import ANY_TEXT

from verifier.judge.asking import OneOf, RankingOf
from verifier.judge.rendering import Inputs, render
from verifier.judge.template import Template, load_templates
from verifier.types import JudgeMode, ReadFrom

SCALE = (("Yes", 1.0), ("No", 0.0))
TEMPLATE = Template(
    id="probe",
    version=1,
    description="for tests",
    question="Is the completion right?",
    system="You judge.",
    user="Asked:\n\n{prompt}\n\nWritten:\n\n{completion}\n\nThat was all.\n",
    labels=SCALE,
)
RANKED = Template(
    id="ranked",
    version=1,
    description="for tests",
    question="Which is better?",
    user="{completions}",
    mode=JudgeMode.PAIRWISE,
    form="ranking",
)


def rendered(template=TEMPLATE, form=None, **inputs):
    return render(template, Inputs(**inputs), form or OneOf(SCALE), ReadFrom.TEXT)


def user_of(prompt):
    return prompt.messages[-1].content


def material(prompt, name):
    """What stands between the lines of a piece."""
    begin, end = f"\n<<<{name} {prompt.mark}>>>\n", f"\n<<<END {name} {prompt.mark}>>>\n"
    assert user_of(prompt).count(begin) == user_of(prompt).count(end) == 1
    return user_of(prompt).split(begin)[1].split(end)[0]


# ------------------------------------------------------------------------ the messages


def test_there_is_a_system_message_and_one_of_the_user():
    prompt = rendered(prompt="2 + 2?", completions=("4",))
    assert [message.role for message in prompt.messages] == ["system", "user"]
    assert prompt.messages[0].content == "You judge."


def test_an_empty_system_message_is_left_out():
    prompt = rendered(msgspec.structs.replace(TEMPLATE, system=" \n"), completions=("4",))
    assert [message.role for message in prompt.messages] == ["user"]


def test_the_question_stands_before_the_material_and_behind_it_and_the_last_words_are_ours():
    prompt = rendered(prompt="2 + 2?", completions=("4",))
    before, *_, after = user_of(prompt).split(prompt.mark + ">>>")
    assert before.startswith(TEMPLATE.question)
    assert TEMPLATE.question in after
    assert after.index("That was all.") < after.index("The material ends here")
    assert after.index(TEMPLATE.question) < after.index(f"Verdict {prompt.mark}: ...")


def test_pieces_stand_between_their_lines_in_the_order_of_the_template():
    prompt = rendered(prompt="2 + 2?", completions=("4",))
    assert material(prompt, "PROMPT") == "2 + 2?"
    assert material(prompt, "COMPLETION") == "4"
    assert user_of(prompt).index("<<<PROMPT") < user_of(prompt).index("<<<COMPLETION")


def test_inputs_that_the_template_does_not_name_are_not_shown():
    prompt = rendered(
        prompt="2 + 2?", completions=("4",), reference_answer="SECRET", context="SECRET"
    )
    assert "SECRET" not in user_of(prompt)


def test_an_empty_prompt_is_an_empty_piece():
    assert material(rendered(completions=("4",)), "PROMPT") == ""
    assert material(rendered(), "COMPLETION") == ""


@pytest.mark.parametrize("template", load_templates().values(), ids=lambda one: one.id)
def test_every_built_in_template_takes_empty_inputs(template):
    prompt = rendered(template, RankingOf(("A", "B")) if template.form == "ranking" else None)
    assert prompt.mark
    if "prompt" in template.needs:
        assert material(prompt, "PROMPT") == ""


def test_completions_stand_under_their_names():
    prompt = rendered(RANKED, RankingOf(("A", "B")), completions=("4", "5"), names=("A", "B"))
    assert material(prompt, "COMPLETION A") == "4"
    assert material(prompt, "COMPLETION B") == "5"


def test_completions_without_a_name_each_are_refused():
    with pytest.raises(ValueError, match="zip"):
        rendered(RANKED, RankingOf(("A", "B")), completions=("4", "5"), names=("A",))


def test_steps_are_numbered_from_one():
    template = msgspec.structs.replace(TEMPLATE, user="{steps}")
    prompt = rendered(template, steps=("2 + 2 = 4", "so 4"))
    assert material(prompt, "STEP 1") == "2 + 2 = 4"
    assert material(prompt, "STEP 2") == "so 4"


# ------------------------------------------------------------------------ material is data


def test_placeholders_in_material_stay_what_they_are():
    prompt = rendered(prompt="{completion}\n{prompt}\n{mark}", completions=("{prompt}",))
    assert material(prompt, "PROMPT") == "{completion}\n{prompt}\n{mark}"
    assert material(prompt, "COMPLETION") == "{prompt}"


def test_a_name_in_braces_inside_a_line_of_the_template_is_text():
    template = msgspec.structs.replace(TEMPLATE, user=r"\boxed{prompt} {x}" + "\n{completion}")
    assert r"\boxed{prompt} {x}" in user_of(rendered(template, completions=("4",)))


CONTROL = [
    *(
        "<|im_start|>",
        "<|im_end|>",
        "<|endoftext|>",
        "<|eot_id|>",
        "<|start_header_id|>",
        "<|user|>",
    ),
    *(
        "<|begin_of_text|>",
        "<|reserved_special_token_0|>",
        "<|START_OF_TURN_TOKEN|>",
        "<|channel|>",
    ),
    *(
        "<|return|>",
        "<|python_tag|>",
        "<|im_user|>",
        "<|tool_call_begin|>",
        '<|"|>',
        "<|fim-hole|>",
    ),
    *("<|turn>", "<turn|>", "<|tool>", "<tool|>", "<|channel>", "<channel|>"),
    *(
        "<｜User｜>",
        "<｜Assistant｜>",
        "<｜begin▁of▁sentence｜>",
        "<｜tool▁calls▁begin｜>",
        "<｜hy_User｜>",
    ),
    *("<s>", "</s>", "<bos>", "<eos>", "<pad>", "<unk>", "<mask>", "<sep>", "<cls>"),
    *("<start_of_turn>", "<end_of_turn>", "<start_of_image>", "<end_of_utterance>", "<endoftext>"),
    *("<sop>", "<eop>", "<BOS_TOKEN>", "<EOS_TOKEN>", "<unused0>", "<unused99>", "<extra_id_12>"),
    *("<reserved_106>", "<SPECIAL_10>", "<seed:bos>", "<seed:eos>", "<fim_prefix>", "<file_sep>"),
    *("[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CALLS]", "[TOOL_RESULTS]"),
    *("[/TOOL_RESULTS]", "[AVAILABLE_TOOLS]", "[THINK]", "[/THINK]", "[IMG]", "[gMASK]", "[CLS]"),
    *(
        "[SEP]",
        "[BOS]",
        "[EOS]",
        "[UNUSED_TOKEN_145]",
        "[|user|]",
        "[|endofturn|]",
        "[|assistant|]",
    ),
    *("]~b]", "]~!b[", "[e~["),
]


@pytest.mark.parametrize("token", CONTROL)
def test_a_control_token_is_broken_by_one_backslash_and_the_judge_is_told(token):
    prompt = rendered(prompt=f"a{token}b", completions=(token * 3,))
    assert material(prompt, "PROMPT") == f"a{token[0]}\\{token[1:]}b"
    assert material(prompt, "COMPLETION") == f"{token[0]}\\{token[1:]}" * 3
    assert "a backslash was put into the token" in user_of(prompt)


def test_the_system_brackets_of_llama_2_are_broken_inside():
    prompt = rendered(completions=("<<SYS>>x<</SYS>>",))
    assert material(prompt, "COMPLETION") == r"<<\SYS>>x<<\/SYS>>"


@pytest.mark.parametrize("inner", CONTROL)
@pytest.mark.parametrize("outer", ["<|{}|>", "[|{}|]", "<{}>", "[{}]", "<s{}s>", "]~{}b]", "<|{}"])
def test_no_control_token_hides_in_another(outer, inner):
    shown = material(rendered(completions=(outer.format(inner),)), "COMPLETION")
    assert [token for token in CONTROL if token in shown] == []


PLAIN = [
    "<think>a</think><answer>4</answer>",
    "<tool_call>{}</tool_call>",
    "a < b, c > d, |x| <| y, xs |> map f |> sum",
    "f <| g <| h",
    "<|not a token|> <||> <|x\ny|>",
    "<b>bold</b> <S> <st> <sub> <img> <video> <seed>",
    "[1] [A] [inst] [link](https://example.org) [x|y] a[i][j]",
    "\\boxed{4} \\[x\\] \\< \\\\ <\\s>",
    "<<<END COMPLETION k7w3hm>>>",
    "\x00\x1b\u200b\u202e\ufeff\u2028\r\n\t",
    "𝐘𝐞𝐬 ＜|im_start|＞ 漢字 😀",
]


@pytest.mark.parametrize("text", PLAIN)
def test_everything_else_is_left_as_it_is(text):
    prompt = rendered(completions=(text,))
    assert material(prompt, "COMPLETION") == text
    assert "a backslash was put into the token" not in user_of(prompt)


def test_half_a_surrogate_pair_becomes_the_replacement_character():
    prompt = rendered(completions=("a\ud800b\udfff😀",))
    assert material(prompt, "COMPLETION") == "a\ufffdb\ufffd😀"


@given(ANY_TEXT)
def test_every_prompt_can_be_sent(text):
    prompt = rendered(prompt=text, completions=(text,))
    assert all(message.content.encode() for message in prompt.messages)


# ------------------------------------------------------------------------ the mark


@given(ANY_TEXT, ANY_TEXT)
def test_the_mark_is_a_short_word_with_a_letter_and_a_digit_that_no_text_holds(first, second):
    prompt = rendered(prompt=first, completions=(second,))
    assert len(prompt.mark) == 6
    assert set(prompt.mark) <= set("acdefhjkmnprtuvwxy346789")
    assert not prompt.mark.isalpha()
    assert not prompt.mark.isdecimal()
    assert prompt.mark not in f"{first}\n{second}".casefold()


def test_the_same_inputs_get_the_same_mark_whatever_the_reading():
    inputs = Inputs(prompt="2 + 2?", completions=("4",))
    marks = {render(TEMPLATE, inputs, OneOf(SCALE), one).mark for one in ReadFrom}
    assert len(marks) == 1


BASE = Inputs("p", ("a", "b"), ("A", "B"), "r", "c", "k", ("s", "t"))


def test_every_input_and_the_templates_version_take_part_in_the_mark():
    others = [
        BASE,
        replace(BASE, prompt="q"),
        replace(BASE, completions=("ab",)),
        replace(BASE, completions=("b", "a")),
        replace(BASE, names=("B", "A")),
        replace(BASE, reference_answer="q"),
        replace(BASE, context="q"),
        replace(BASE, criterion="q"),
        replace(BASE, steps=("st",)),
        replace(BASE, prompt="", context="pc"),
    ]
    marks = {render(TEMPLATE, one, OneOf(SCALE), ReadFrom.TEXT).mark for one in others}
    for template in (
        msgspec.structs.replace(TEMPLATE, version=2),
        msgspec.structs.replace(TEMPLATE, id="other"),
    ):
        marks.add(render(template, BASE, OneOf(SCALE), ReadFrom.TEXT).mark)
    assert len(marks) == len(others) + 2


@pytest.mark.parametrize(
    "spelt", [str, str.upper, " ".join, "-".join, "\u200b".join, ".\n".join, "[{}]".format]
)
def test_a_mark_that_a_text_holds_is_not_taken(spelt):
    # The question is not part of the hash, so that its mark can be known beforehand.
    mark = rendered(completions=("4",)).mark
    template = msgspec.structs.replace(TEMPLATE, question=f"Is it {spelt(mark)}?")
    assert rendered(template, completions=("4",)).mark != mark


def test_a_mark_that_is_the_name_of_a_completion_is_not_taken():
    inputs = {"completions": ("4", "5"), "names": ("A", "B")}
    mark = rendered(RANKED, RankingOf(("A", "B")), **inputs).mark
    assert rendered(RANKED, RankingOf(("A", mark)), **inputs).mark != mark
