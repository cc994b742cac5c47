"""Plugins that behave as badly as somebody's plugin one day will."""

import json
import os
import signal
import sys
import time

from verifier.types import Outcome, PluginDetail, Reason


class Agrees:
    """Says what the options say."""

    version = "1"
    description = "Says what its options say."

    def verify(self, prompt, completion, options):
        if "data" in options:
            return Outcome.correct(Reason.PLUGIN_SCORE, detail=PluginDetail(options["data"]))
        return options.get("say", True)


class Raises:
    version = "1"
    description = "Raises."

    def verify(self, prompt, completion, options):
        raise ValueError("I cannot cope with this")


class Hangs:
    """Hangs in C code that no signal handler of Python could interrupt."""

    version = "1"
    description = "Never answers."
    work_limit_seconds = 0.5

    def verify(self, prompt, completion, options):
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        return bool(sum(range(10**15)))


class Dies:
    version = "1"
    description = "Kills its own process."

    def verify(self, prompt, completion, options):
        os.kill(os.getpid(), signal.SIGKILL)


class Slow:
    version = "1"
    description = "Answers after a while."

    def verify(self, prompt, completion, options):
        time.sleep(options["seconds"])
        return True


class Prints:
    """Writes where the frames once went, and reads where the calls come from."""

    version = "1"
    description = "Writes to standard output and reads standard input."

    def verify(self, prompt, completion, options):
        print("+" * 1000)  # noqa: T201 - that is its vice
        sys.stdout.flush()
        os.write(1, b"\x00\x00\x00\x01+")
        return sys.stdin.read() == ""


class Lies:
    version = "1"
    description = "Returns something that is no verdict."

    def verify(self, prompt, completion, options):
        return options.get("value", "correct")


class Eats:
    version = "1"
    description = "Takes all the memory it can get."

    def verify(self, prompt, completion, options):
        return bool(bytearray(1 << 42))


class Counts:
    """Deterministic by its own word, so its second answer must come from the cache."""

    version = "1"
    description = "Counts its calls."
    deterministic = True
    calls = 0

    def verify(self, prompt, completion, options):
        Counts.calls += 1
        detail = PluginDetail(json.dumps({"calls": Counts.calls}))
        return Outcome.correct(Reason.PLUGIN_SCORE, detail=detail)
