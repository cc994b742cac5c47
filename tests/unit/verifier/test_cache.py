"""The cache's key: two questions never share one."""

from verifier.cache import cache_key
from verifier.types import Item, MathTask


def test_texts_that_hold_nuls_and_lengths_are_kept_apart():
    task = MathTask(("4",))
    one = Item("x", "a", task, "b\0" + "5\0c")
    other = Item("x", "a\0" + "1\0b", task, "c")
    assert cache_key("math", one) != cache_key("math", other)
    assert cache_key("math", Item("x", "ab", task, "c")) != cache_key(
        "math", Item("x", "a", task, "bc")
    )
