"""What the page of all keys says beside the keys."""

from __future__ import annotations

from typing import Final

INTRODUCTION: Final = """
# Configuration

This page is made from the program by `verifier-cli config reference`, with every key, its default,
what it may be and what it does. `make docs` writes it anew.

A configuration is one TOML file. Every key is optional, but for those that are marked as required
in tables that you name yourself (`NAME`). A key that does not exist is an error.

## Where values come from

The later wins:

1. the defaults below;
2. the file: `--config FILE.toml`, or the path in the environment variable `VERIFIER_CONFIG`;
3. the environment: `VERIFIER__` and the levels of the key, with two underscores between them;
4. flags: `--set KEY=VALUE`, as often as you like, of which the last wins; `--listen` and
   `--metrics-listen` of `serve`.

```sh
verifier-cli serve --config service.toml
VERIFIER__SERVER__LISTEN=0.0.0.0:50051 verifier-cli serve
VERIFIER__CODE__WARM='["numpy"]' VERIFIER__MATH__WORKERS=4 verifier-cli serve
verifier-cli score rows.jsonl --set math.workers=4 --set 'judge.backends."big-1.5".model=org/big'
```

Every verb that takes `--config` takes `--set`, and heeds the environment. Where a key wants text,
the value is the text, without quotes; where it wants anything else, the value is spelled as in
TOML. A name of your own is found in the file whatever its letters' case, so that
`VERIFIER__PRM__MODELS__MATH__PATH` is the path of `[prm.models.Math]`; a name that is not in the
file is taken in small letters. A variable that begins with `VERIFIER__` and means no key is an
error.

No secret is in the configuration: keys that end in `_env` hold the NAME of an environment variable.

## Finding mistakes

```sh
verifier-cli config check service.toml   # everything that is wrong, each with its line
verifier-cli config show service.toml    # what holds, and where each value comes from
```

`check` also reads the recipes, templates, tokens and certificates that the file names. It ends with
code 0 or 2, and warns of what works and is likely not meant: ports that anybody can use, tokens in
clear text, an end that Kubernetes would cut short. A mistake looks like this:

```
service.toml:2: server.lissten: is no key here; did you mean listen; known here: listen, ...
service.toml:7: math.workers: must be a whole number, is text; leave the quotes out
VERIFIER__SERVER__LISTEN: server.listen: must be HOST:PORT, is 'localhost'
```

## The keys

Durations are in seconds, sizes in bytes. Defaults are spelled as in TOML.
"""

MORE: Final = {
    "access": "Tokens, roles and quotas: [security.md](security.md).",
    "admission": "What is refused when, and how callers share: [overload.md](overload.md).",
    "code": "How programs are run, and what each isolation level means: [code.md](code.md).",
    "judge": "Backends, templates and metrics: [judge.md](judge.md).",
    "math": "What is compared how: [math.md](math.md).",
    "prm": "Families of models, placement and metrics: [scores.md](scores.md).",
    "recipes": "Recipes that ship, and how to write one: [rewards.md](rewards.md).",
    "tls": "Certificates and how they are renewed: [security.md](security.md).",
    "tokenizers": "Lengths in tokens, and the rules that use them: [formats.md](formats.md).",
    "tracing": "What spans say: [monitoring.md](monitoring.md#traces).",
}
"""Where a table is explained at length, by the table's name."""
