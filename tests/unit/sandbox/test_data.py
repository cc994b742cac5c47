import itertools
import json
import math
import sys
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from types import ModuleType

import pytest

from sandbox.jail import data
from sandbox.jail.data import Array, Iterated, Limits, NotData


def crossed(value):
    return data.decode(data.parse(json.dumps(data.encode(value)).encode()))


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, False, 0, -1, 2**53 - 1, 2**53, -(2**53), 2**5000, 1.5, math.inf, -math.inf),
        *("", "é\u2028", "\ud800", "\ud83d\ude00", "😀", b"\0\xff", bytearray(b"x"), 1 + 2j),
        *([], [1, [2]], (), (1, (2,)), {1, "a"}, frozenset({1}), {}, {(1, 2): [{"a": None}]}),
        *(range(3), range(10, 0, -3), Fraction(-1, 3), Decimal("1.50"), Decimal("-1E+5")),
        *(deque([1, 2]), [True, 1, 1.0], {1: {2: {3}}}, complex(math.inf, 0)),
    ],
)
def test_a_value_comes_back_as_what_it_was(value):
    back = crossed(value)
    assert back == value
    assert repr(back) == repr(value)


def test_nan_and_negative_zero_come_back():
    assert math.isnan(crossed(math.nan))
    assert math.copysign(1, crossed(-0.0)) == -1


class Forger:
    """What a submission writes so that anything looks right."""

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0

    @property
    def __class__(self):
        return int


def forging(base):
    def forged(*_):
        raise AssertionError("asked the subclass")

    names = "__eq__ __ne__ __len__ __iter__ __repr__ __str__ __getitem__ items __index__ __int__"
    return type(
        "Forged", (base,), {**dict.fromkeys(names.split(), forged), "__hash__": base.__hash__}
    )


@pytest.mark.parametrize(
    "value", [7, 1.5, "a", b"a", bytearray(b"a"), (1,), [1], {1: 2}, {1}, frozenset({1}), 1j]
)
def test_a_subclass_that_forges_its_methods_is_what_its_base_holds(value):
    back = crossed(forging(type(value))(value))
    assert type(back) is type(value)
    assert back == value


def test_subclasses_of_the_standard_library_are_their_base_types():
    point = namedtuple("point", "x y")(1, 2)  # noqa: PYI024
    colour = IntEnum("colour", "RED")
    given = [Counter("aa"), OrderedDict(a=1), defaultdict(list, a=[1]), point, colour.RED]
    assert crossed(given) == [{"a": 2}, {"a": 1}, {"a": [1]}, (1, 2), 1]


def test_an_ordered_dict_keeps_its_order():
    ordered = OrderedDict(a=1, b=2)
    ordered.move_to_end("a")
    assert list(crossed(ordered)) == ["b", "a"]


@pytest.mark.parametrize("value", [Forger(), object(), len, int, json, lambda: 0], ids=type)
def test_what_is_no_data_says_its_type(value):
    with pytest.raises(NotData, match=f"^{type(value).__name__}$"):
        data.encode([value])


@pytest.mark.parametrize(
    "make", [lambda: (x for x in [1, 2]), lambda: map(int, "12"), {1: 0, 2: 0}.keys]
)
def test_an_iterator_is_what_it_gives_and_equals_nothing(make):
    back = crossed(make())
    assert isinstance(back, Iterated)
    assert list(back) == [1, 2]
    assert back != [1, 2]


def test_a_list_that_holds_itself_is_no_data():
    endless = []
    endless.append(endless)
    with pytest.raises(NotData, match="too deeply"):
        data.encode(endless)


def test_very_deep_nesting_is_no_data():
    deep = []
    for _ in range(200_000):
        deep = [deep]
    with pytest.raises(NotData, match="too deeply"):
        data.encode(deep)


@pytest.mark.parametrize("value", [itertools.count(), [0] * 2_000_000, [[0] * 1000] * 1001])
def test_too_many_values_are_no_data(value):
    with pytest.raises(NotData, match="too many values"):
        data.encode(value)


@pytest.mark.parametrize("value", ["a" * 1000, b"a" * 1000, 1 << 10_000, ["a" * 100] * 6])
def test_text_beyond_the_limit_is_no_data(value):
    with pytest.raises(NotData, match="too long"):
        data.encode(value, Limits(size=500))


def test_a_metaclass_cannot_hide_a_types_name():
    hiding = type("Hiding", (type,), {"__name__": property(lambda _: 1 / 0)})
    with pytest.raises(NotData, match=r"^Plain$"):
        data.encode(hiding("Plain", (), {})())


def test_a_fraction_of_what_is_no_integer_is_no_data():
    forged = Fraction(1, 2)
    forged._numerator = Forger()
    with pytest.raises(NotData, match="Fraction"):
        data.encode(forged)


def test_an_object_is_a_reference_where_there_is_a_table():
    held = []

    def refer(value):
        held.append(value)
        return len(held) - 1

    node = data.encode([1, len, {"a": iter([])}], refer=refer)
    assert held[0] is len
    assert node[1] == {"ref": 0, "type": "builtin_function_or_method"}
    back = data.decode(node, resolve=lambda number, _: held[number])
    assert back[1] is len
    assert back[2]["a"] is held[1]


def test_arrays_and_scalars_of_numpy_are_plain(monkeypatch):
    class generic:  # noqa: N801 - numpy's name
        def item(self):
            return 7

    class ndarray:  # noqa: N801
        size = property(lambda _: 2)

        def tolist(self):
            return [1, 2]

    numpy = ModuleType("numpy")
    numpy.generic, numpy.ndarray = generic, ndarray
    monkeypatch.setitem(sys.modules, "numpy", numpy)
    back = crossed([generic(), ndarray()])
    assert back[0] == 7
    assert isinstance(back[1], Array)
    assert back[1].items == [1, 2]


@pytest.mark.parametrize(
    "node",
    [
        *(2**53, math.nan, math.inf, {}, {"int": "0x1"}, {"int": ""}, {"int": 1}, {"int": "-"}),
        *({"int": "١"}, {"int": "1_0"}, {"float": "1"}, {"float": "NaN"}, {"bytes": "0"}),
        *({"bytes": "0 0"}, {"bytes": "zz"}, {"set": [[]]}, {"set": {}}, {"dict": [[1]]}),
        *({"dict": [[[], 1]]}, {"dict": ["ab"]}, {"tuple": [1], "set": [1]}, {"other": []}),
        *({"range": [1, 2, 0]}, {"range": [1, 2]}, {"range": [1, 2, True]}, {"complex": [1, 2]}),
        *({"fraction": [1, 0]}, {"fraction": [1, -2]}, {"fraction": [1.0, 2]}, {"decimal": "sNaN"}),
        *({"decimal": "1E99999"}, {"decimal": " 1"}, {"decimal": "1" * 10_001}, {"ref": 1}),
        *({"ref": 0, "type": "x"}, {"ref": 0, "type": "x", "int": "1"}, "\ud800", {"str": "ff"}),
        *({"fraction": [{"int": "f" * 20_000}, 1]}, (1,), {"ndarray": {}}),
    ],
)
def test_a_malformed_node_is_refused(node):
    with pytest.raises(ValueError):
        data.decode(node)


@pytest.mark.parametrize("number", [-1, True, "0", None])
def test_a_reference_without_a_number_is_refused(number):
    with pytest.raises(ValueError):
        data.decode({"ref": number, "type": "x"}, resolve=lambda *_: None)


def test_more_than_the_limits_is_refused():
    for node, limits in [
        ([[[0]]], Limits(depth=2)),
        ([0, 0, 0], Limits(nodes=3)),
        (["ab", "cd"], Limits(size=3)),
    ]:
        with pytest.raises(ValueError, match="limit"):
            data.decode(node, limits)


@pytest.mark.parametrize("tag", ["set", "frozenset", "dict"])
def test_members_made_to_collide_are_refused(tag):
    members = [{"int": f"{number * (2**61 - 1):x}"} for number in range(2**9, 2**10)]
    if tag == "dict":
        members = [[member, 0] for member in members]
    with pytest.raises(ValueError, match="hash"):
        data.decode({tag: members})


@pytest.mark.parametrize(
    "text",
    [b"", b"nul", b"NaN", b"[Infinity]", b"[" * 100_000, b"\xff", b'"\xc3\xa9"', b"1" * 5000],
)
def test_bytes_that_are_no_data_are_refused(text):
    with pytest.raises(ValueError):
        data.parse(text)


def test_json_with_more_in_it_than_a_value_may_hold_is_refused_before_it_is_built():
    limits = Limits(nodes=100)
    with pytest.raises(ValueError, match="limit"):
        data.parse(b"[" + b"[]," * 1000 + b"0]", limits)
    assert data.parse(b'["' + b",[{" * 1000 + b'"]', limits) == [",[{" * 1000]
    assert data.parse(b'["\\"' + b",\\\\\\" * 1 + b'"' * 1 + b',"]', limits)
