"""What can be set, and what is taken where nothing is."""

import os
import subprocess
from pathlib import Path

from sandbox.settings import WARM, SandboxSettings, default_interpreter


def test_one_slot_per_core_that_we_may_use():
    assert SandboxSettings().slot_count == len(os.sched_getaffinity(0))
    assert SandboxSettings(slots=3).slot_count == 3


def test_the_interpreter_is_one_that_runs():
    found = default_interpreter()
    assert found.is_absolute()
    assert SandboxSettings().interpreter == found
    subprocess.run([found, "-S", "-c", "import json"], check=True, timeout=60)


def test_without_the_usual_places_it_is_our_own(monkeypatch):
    monkeypatch.setattr("sandbox.settings._INTERPRETERS", ("/nowhere/python3",))
    assert default_interpreter().exists()


def test_the_first_of_the_usual_places_is_taken(monkeypatch, tmp_path):
    here = tmp_path / "python3"
    here.touch()
    monkeypatch.setattr("sandbox.settings._INTERPRETERS", ("/nowhere/python3", here, "/bin/sh"))
    assert default_interpreter() == here


def test_everything_warm_by_default_is_of_the_standard_library():
    names = "\n".join(f"import {name}" for name in WARM)
    command = [Path(default_interpreter()), "-I", "-S", "-c", names]
    subprocess.run(command, check=True, timeout=60)
    assert len(set(WARM)) == len(WARM)
