"""The table of languages: names, classes, files, tools."""

import re
from pathlib import Path

import pytest

from sandbox.execution import Limits
from sandbox.languages.java import class_names
from sandbox.languages.javascript import file_name
from sandbox.languages.table import ALIASES, LANGUAGES, canonical, with_tools
from verifier.programs.fences import language_of


@pytest.mark.parametrize(
    ("spelt", "name"),
    [
        ("python", "python"),
        ("Python3", "python"),
        ("python 3.11", "python"),
        ("py", "python"),
        ("pypy3", "python"),
        ("c++", "cpp"),
        ("C++17", "cpp"),
        ("cpp20", "cpp"),
        ("cxx", "cpp"),
        ("g++", "cpp"),
        ("c", "c"),
        ("C11", "c"),
        ("gcc", "c"),
        ("js", "javascript"),
        ("node", "javascript"),
        ("Node.js", "javascript"),
        ("nodejs 20", "javascript"),
        ("golang", "go"),
        ("go1.22", "go"),
        ("rs", "rust"),
        ("java-17", "java"),
        ("sh", "bash"),
        (" Bash ", "bash"),
    ],
)
def test_a_language_is_found_by_its_other_names(spelt, name):
    assert canonical(spelt) == name


@pytest.mark.parametrize(
    "spelt", ["", "c#", "python2", "Python2.7", "python 2", "py2", "pypy2", "apl", "17", "javac x"]
)
def test_a_name_that_is_nobody_s_comes_back_as_it_is(spelt):
    assert canonical(spelt) == spelt


def test_no_name_belongs_to_two_languages():
    names = [name for one in LANGUAGES.values() for name in (one.name, *one.aliases)]
    assert sorted(names) == sorted(ALIASES)


def test_a_fence_s_label_means_the_same_language_as_a_task_s_name():
    assert {name: language_of(name) for name in ALIASES} == dict(ALIASES)


def test_no_two_languages_have_files_of_one_ending():
    endings = [Path(language.file_name("")).suffix for language in LANGUAGES.values()]
    assert len(set(endings)) == len(endings)


@pytest.mark.parametrize(
    ("source", "file", "start"),
    [
        (
            "public class Solution { public static void main(String[] a) {} }",
            "Solution",
            "Solution",
        ),
        ("class A { static void main(String[] a) {} }", "A", "A"),
        ("class A {} class B { static public void main(String[] a) {} }", "B", "B"),
        ("class A { class Node {} static void main(String[] a) {} }", "A", "A"),
        ("class A { static void main(String[] a) {} } public class B {}", "B", "A"),
        ("class A { void main() {} } public class B { void main() {} }", "B", "B"),
        ("class A { void main() {} } class Main { void main() {} }", "Main", "Main"),
        ("// public class No {}\nclass A { void main() {} }", "A", "A"),
        ("/* public class No { */ class A { void main() {} }", "A", "A"),
        ('@X("public class No {") class A { void main() {} }', "A", "A"),
        ('class A { String s = """\n} public class No { "\n"""; void main() {} }', "A", "A"),
        ("class A { char c = '\"'; char d = '}'; void main() {} } class B {}", "A", "A"),
        ('class A { String s = "\\"}"; void main() {} } class B {}', "A", "A"),
        ("package a.b . c;\npublic class D { void main() {} }", "D", "a.b.c.D"),
        ("// package no;\npublic class D { void main() {} }", "D", "D"),
        ("public final class D { void main() {} }", "D", "D"),
        ("public strictfp abstract class D { void main() {} }", "D", "D"),
        ("public @Deprecated class D { void main() {} }", "D", "D"),
        ("public\nclass D\n{ void main() {} }", "D", "D"),
        ("public record R(int a) { static void main(String[] a) {} }", "R", "R"),
        ("enum E { A, B; static void main(String[] a) {} }", "E", "E"),
        ("interface I { static void main(String[] a) {} }", "I", "I"),
        ("class Größe$1 { void main() {} }", "Größe$1", "Größe$1"),
        ("class A {}", "Main", "Main"),
        ("public class A {}", "A", "A"),
        ("void main() {}", "Main", "Main"),
        ("", "Main", "Main"),
        ("/* unclosed class A { void main() {} }", "Main", "Main"),
        ("}}} class A { void main() {} }", "Main", "Main"),
    ],
)
def test_java_classes(source, file, start):
    assert class_names(source) == (file, start)


@pytest.mark.parametrize(
    "part", ["/*", '"""', '"', "'", "\\", "{", "class ", "public ", "package a", " ."]
)
def test_java_classes_of_a_hostile_source_are_found_in_linear_time(part):
    assert class_names(part * (1_000_000 // len(part)))[0]


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("console.log(1)", "solution.js"),
        ("import fs from 'fs'", "solution.mjs"),
        ('import "fs"', "solution.mjs"),
        ("export const a = 1", "solution.mjs"),
        ("import('fs')", "solution.js"),
        ("import.meta", "solution.js"),
        ("imports = 1", "solution.js"),
        ("const fs = require('fs')\nimport x from 'y'", "solution.js"),
        ("import { createRequire } from 'm'\nrequire('fs')", "solution.mjs"),
    ],
)
def test_a_javascript_module_is_told_by_what_it_imports(source, file):
    assert file_name(source) == file


@pytest.mark.parametrize("bound", [1, 1 << 20, 1 << 30, 64 << 30])
def test_commands_are_well_formed_at_any_limit(bound):
    limits = Limits(memory_bytes=bound, stack_bytes=bound)
    for language in LANGUAGES.values():
        if language.run is not None:
            words = language.run(str(language.run_tool), "", limits)
            assert all(re.search(r"(?<!\d)0k?$", word) is None for word in words)


def test_what_a_runtime_says_of_memory_is_found_in_its_last_words():
    java = LANGUAGES["java"]
    assert java.ran_out_of_memory(b"x\njava.lang.OutOfMemoryError: Java heap space\n\tat Main\n")
    assert not java.ran_out_of_memory(b"java.lang.IllegalStateException")
    assert not LANGUAGES["c"].ran_out_of_memory(b"std::bad_alloc")


def test_tools_may_be_at_other_places(tmp_path):
    languages = with_tools({"rustc": str(tmp_path / "rustc"), "java": "/opt/java"})
    assert languages["rust"].missing() == f"{tmp_path / 'rustc'} not found"
    assert Path("/opt/java") in languages["java"].tools
    assert languages["cpp"] == LANGUAGES["cpp"]
    with pytest.raises(ValueError, match="no language uses apl; known: bash, g\\+\\+"):
        with_tools({"apl": "/usr/bin/apl"})
