"""Objects of a submission that lives in another process, as trusted test code sees them.

What decides is never asked of the other side: a proxy equals itself alone, is true, and has the
hash of its own. Attributes, calls, items, length, iteration and text are asked for.
"""

from __future__ import annotations

import builtins
import sys
from json import JSONEncoder
from typing import Any, Final, NoReturn

from sandbox.jail.channel import read_frame, write_frame
from sandbox.jail.data import Array, Iterated, NotData, decode, encode, parse, type_name

_READABLE: Final = frozenset("__name__ __qualname__ __doc__ __module__".split())
_write: Final = JSONEncoder(separators=(",", ":")).encode


class Unreachable(BaseException):
    """The test needs what cannot cross the pipe."""


class ProtocolError(BaseException):
    """What came over the pipe is no reply: forged, or the program has ended."""


class Program:
    """The submission behind a channel."""

    def __init__(self, channel_fd: int) -> None:
        self._channel = channel_fd
        self._proxies: dict[int, Proxy] = {}
        self._builtins: dict[str, int] = {}
        self.raised: list[BaseException] = []  # what it raised, as made here

    def find(self, name: str) -> Any:
        """A global of the submission.

        Raises:
            NameError: there is none.
        """
        return self.ask({"op": "global", "name": name})

    def ask(self, request: dict[str, Any]) -> Any:
        """Asks for one operation and returns its value.

        Raises:
            Exception: the operation raised it: the nearest builtin class.
            ProtocolError: the reply is none.
        """
        return self._value(self._reply(request))

    def call(self, ref: int, arguments: tuple[object, ...], named: dict[str, object]) -> Any:
        """Calls an object; what the call changed in place is changed here, too."""
        args = [self.node(value) for value in arguments]
        kwargs = {name: self.node(value) for name, value in named.items()}
        reply = self._reply({"op": "call", "ref": ref, "args": args, "kwargs": kwargs})
        try:
            value = self._value(reply)
        except (StopIteration, StopAsyncIteration) as stop:
            # It would end the test's own loop, and with it the test, as if all were well.
            error = RuntimeError(f"the program raised {type(stop).__name__}")
            self.raised.append(error)
            raise error from None
        try:
            if "args" in reply:
                _change(list(arguments), self._decoded({"tuple": reply["args"]}))
                for name, node in dict(reply["kwargs"]).items():
                    _change([named[name]], (self._decoded(node),))
        except (ValueError, TypeError, KeyError) as error:
            raise ProtocolError(f"no arguments: {error}") from None
        return value

    def node(self, value: object) -> object:
        """A value of the test's for the other side.

        Raises:
            Unreachable: it is no data.
        """
        try:
            return encode(value, refer=self._number)
        except NotData as what:
            raise Unreachable(f"the test hands the program a {what}") from None

    def _number(self, value: object) -> int:
        """The number by which the other side knows an object: its own, or a builtin."""
        if type(value) is Proxy:
            number: int = object.__getattribute__(value, "_proxied")[1]
            return number
        name = getattr(value, "__name__", None)
        if type(name) is not str or getattr(builtins, name, None) is not value:
            raise NotData(type_name(value))
        if name not in self._builtins:
            found = self.ask({"op": "builtin", "name": name})
            if type(found) is not Proxy:
                raise ProtocolError("a builtin that is none")
            self._builtins[name] = self._number(found)
        return self._builtins[name]

    def _reply(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            write_frame(self._channel, _write(request).encode("ascii"))
            frame = read_frame(self._channel)
            reply = None if frame is None else parse(frame)
        except (OSError, ValueError) as error:
            raise ProtocolError(str(error)) from None
        if reply is None:
            raise ProtocolError("the program ended")
        if type(reply) is not dict or not ("value" in reply) ^ ("raised" in reply):
            raise ProtocolError("a reply that is none")
        return reply

    def _value(self, reply: dict[str, Any]) -> Any:
        try:
            if "value" in reply:
                return self._decoded(reply["value"])
            error = self._exception(reply)
        except (ValueError, TypeError) as malformed:
            raise ProtocolError(str(malformed)) from None
        self.raised.append(error)
        raise error

    def _decoded(self, node: object) -> Any:
        value = decode(node, resolve=self._proxy)
        if isinstance(value, Array) and (numpy := sys.modules.get("numpy")):
            return numpy.array(value.items)
        return iter(value.items) if isinstance(value, Iterated) else value

    def _proxy(self, number: int, name: str) -> Proxy:
        return self._proxies.setdefault(number, Proxy(self, number, name))

    def _exception(self, reply: dict[str, Any]) -> BaseException:
        """The reply's exception, as the nearest builtin class."""
        bases, message = reply.get("bases"), reply.get("message")
        if type(bases) is not list or type(message) is not str:
            raise ValueError("an exception without bases and message")
        arguments = self._decoded(reply.get("arguments", [message]))
        for name in bases:
            kind = getattr(builtins, name, None) if type(name) is str else None
            if isinstance(kind, type) and issubclass(kind, BaseException):
                try:
                    return kind(*arguments)
                except TypeError:  # UnicodeDecodeError and the like want more
                    continue
        raise ValueError("an exception of no builtin class")


class Proxy:
    """An object of the submission that is no data."""

    __slots__ = ("_proxied",)
    _proxied: tuple[Program, int, str]

    def __init__(self, program: Program, number: int, name: str) -> None:
        object.__setattr__(self, "_proxied", (program, number, name))

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(other) is Proxy:
            raise Unreachable("the test compares two objects of the program")
        return False

    def __hash__(self) -> int:
        return object.__hash__(self)

    def __bool__(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in _READABLE:
            raise AttributeError(name)
        return _ask(self, "getattr", name=name)

    def __setattr__(self, name: str, value: object) -> None:
        _ask(self, "setattr", name=name, value=self._proxied[0].node(value))

    def __call__(self, *arguments: object, **named: object) -> Any:  # noqa: D102 - as Python has it
        program, number, _ = self._proxied
        return program.call(number, arguments, named)

    def __getitem__(self, key: object) -> Any:
        return _ask(self, "getitem", key=self._proxied[0].node(key))

    def __setitem__(self, key: object, value: object) -> None:
        node = self._proxied[0].node
        _ask(self, "setitem", key=node(key), value=node(value))

    def __len__(self) -> int:
        return _ask(self, "len")  # type: ignore[no-any-return]

    def __iter__(self) -> Any:
        found = _ask(self, "iter")
        return found if type(found) is Proxy else iter(found)

    def __next__(self) -> Any:
        return _ask(self, "next")

    def __str__(self) -> str:
        return _ask(self, "str")  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return _ask(self, "repr")  # type: ignore[no-any-return]

    def __instancecheck__(self, instance: object) -> NoReturn:
        raise Unreachable("the test asks isinstance of a class of the program")

    def __subclasscheck__(self, subclass: type) -> NoReturn:
        raise Unreachable("the test asks issubclass of a class of the program")

    def __mro_entries__(self, bases: tuple[object, ...]) -> NoReturn:
        raise Unreachable("the test derives from a class of the program")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise Unreachable("the test copies an object of the program")


class Absent:
    """The function under test, where the submission has none: every use says so."""

    def __init__(self, program: Program, error: BaseException) -> None:
        self._program = program
        self._error = error

    def __call__(self, *_arguments: object, **_named: object) -> NoReturn:  # noqa: D102
        raise self._error

    def __getattr__(self, name: str) -> NoReturn:
        raise self._error


def _ask(proxy: Proxy, operation: str, **parameters: object) -> Any:
    program, number, _ = object.__getattribute__(proxy, "_proxied")
    return program.ask({"op": operation, "ref": number, **parameters})


def _change(old: Any, new: Any) -> None:
    """Makes the mutable parts of `old` hold what `new` does; both are of one shape at the top."""
    if len(old) != len(new):
        raise ValueError("arguments of another number")
    for before, after in zip(old, new, strict=True):
        if type(before) is not type(after):
            continue
        if isinstance(before, tuple) and len(before) == len(after):
            _change(before, after)
        elif isinstance(before, list):
            common = min(len(before), len(after))
            _change(before[:common], after[:common])
            kept = zip(before[:common], after[:common], strict=True)
            before[:] = [_kept(mine, theirs) for mine, theirs in kept] + after[common:]
        elif isinstance(before, bytearray):
            before[:] = after
        elif isinstance(before, dict):
            shared = [key for key in before if key in after]
            _change([before[key] for key in shared], [after[key] for key in shared])
            changed = {key: _kept(before.get(key), value) for key, value in after.items()}
            before.clear()
            before.update(changed)
        elif isinstance(before, set):
            before.clear()
            before.update(after)


def _kept(before: object, after: object) -> object:
    """Of two members in one place, the one that stays: what can change has been changed already."""
    same = type(before) is type(after) and isinstance(before, list | dict | set | bytearray)
    return before if same else after
