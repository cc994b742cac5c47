"""The parts of a judge, put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from verifier.judge.cache import MemoryCache, ReplyCache
from verifier.judge.judging import Judge
from verifier.judge.observing import JudgeObserver
from verifier.judge.plan import Planner
from verifier.judge.settings import JudgeSettings
from verifier.judge.template import load_templates
from verifier.judge.voting import Voter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.judge.asking import Backend
    from verifier.judge.pricing import Prices
    from verifier.judge.template import Template


@dataclass(slots=True)
class JudgeParts:
    """What a judge is made of.

    Attributes:
        backends: by name.
        settings: what all judgements share.
        templates: by id.
        cache: of replies.
        prices: of backends, by name.
        observer: told of every call; may be replaced until the first one.
    """

    backends: Mapping[str, Backend] = field(default_factory=lambda: MappingProxyType({}))
    settings: JudgeSettings = field(default_factory=JudgeSettings)
    templates: Mapping[str, Template] = field(default_factory=load_templates)
    cache: ReplyCache = field(default_factory=lambda: MemoryCache(10_000))
    prices: Mapping[str, Prices] = field(default_factory=lambda: MappingProxyType({}))
    observer: JudgeObserver = field(default_factory=JudgeObserver)


def build_judge(parts: JudgeParts) -> Judge:
    """A judge made of these."""
    parts.cache.watch(parts.observer)
    planner = Planner(parts.backends, parts.templates, parts.settings)
    voter = Voter(parts.settings, parts.cache, parts.prices, parts.observer)
    return Judge(planner, voter, parts.observer)
