"""What docs/replicas.md says is so."""

import re
import tomllib
from pathlib import Path

import pytest

from verifier.config import load_config
from verifier.metrics.forwarding import ForwardCounts, ForwardMetrics
from verifier.metrics.sharing import ShareCounts

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "replicas.md").read_text()
BLOCKS = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
SECRETS = {"VERIFIER_REDIS_URL": "redis://127.0.0.1", "VERIFIER_REDIS_KEY": "k" * 16}


@pytest.mark.parametrize("block", BLOCKS)
def test_configurations_of_the_page_load(block, tmp_path):
    path = tmp_path / "page.toml"
    path.write_text(block)
    assert tomllib.loads(block)
    load_config(str(path), environ=SECRETS)


def test_links_lead_somewhere():
    headings = {
        re.sub(r"[^a-z -]", "", line.lower()).strip().replace(" ", "-")
        for line in TEXT.splitlines()
        if line.startswith("#")
    }
    for anchor in re.findall(r"\]\(#([^)]*)\)", TEXT):
        assert anchor in headings, anchor


def test_the_metrics_that_it_names_are_those_that_there_are():
    named = set(re.findall(r"verifier_(?:forward|shared_cache)_[a-z_]+", TEXT))
    counts = ForwardCounts()
    counts.calls["OK"] += 1
    families = [*ForwardMetrics({"code": counts}).collect(), *ShareCounts().collect()]
    assert named == {sample.name for family in families for sample in family.samples}
