"""A real serving process for the benchmarks: metrics on, logs on and going to a file."""

import tempfile
from contextlib import contextmanager
from pathlib import Path

from tests.program import Program


@contextmanager
def serving(*, cache=True):
    """The service on free ports; without its cache, what is measured is scoring, not recall."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "bench.toml"
        config.write_text("" if cache else "[engine]\ncache_entries = 0\n")
        server = Program("").serve("--config", config)
        try:
            yield server
        finally:
            server.stop()
