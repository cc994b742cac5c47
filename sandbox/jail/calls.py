"""Calls into a submission: their arguments come in, what they return goes out, as data.

Nothing here decides anything, so a program that takes this process over can only forge what it
would have returned. It may write lines of its own on the descriptor, too: they count as its calls'
values. What the drivers need is bound before it starts, for programs that replace a module's
functions and mean no harm.
"""

from __future__ import annotations

import builtins
from json import JSONDecoder, JSONEncoder
from typing import TYPE_CHECKING, Any, Final

from sandbox.jail.channel import MAX_FRAME_BYTES, read_frame, write_all, write_frame
from sandbox.jail.data import NotData, decode, encode
from sandbox.jail.loading import allow_recursion, described, find, load

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_OBJECTS: Final = 100_000  # that one program may hand out
_MUTABLE: Final = (list, dict, set, bytearray, tuple)  # tuples for what they hold
_LOADED: Final = b'{"loaded":true}\n'
_write: Final = JSONEncoder(separators=(",", ":")).encode
_parse: Final = JSONDecoder().decode


def perform(payload: dict[str, Any], result_fd: int) -> int:
    """Loads a submission once and makes the calls in order.

    Args:
        payload: "source", and "calls": objects of "target" (a name, dotted or not), "args" and
            "kwargs" (nodes of `sandbox.jail.data`).
        result_fd: gets the line {"loaded": true}, then one line of JSON for each call as soon as
            it is known: {"value": node}, {"opaque": what no data is} or {"raised": type,
            "message": at most 300 characters}.

    Returns:
        0; 1 if the submission cannot be loaded. Then a traceback is on standard error.

    Raises:
        SystemExit: the submission asked for it.
        OSError: it closed the descriptor.
    """
    namespace = load(payload["source"])
    if namespace is None:
        return 1
    write_all(result_fd, _LOADED)
    for call in payload["calls"]:
        write_all(result_fd, _outcome(namespace, call).encode("ascii") + b"\n")
    return 0


def _outcome(namespace: dict[str, Any], call: dict[str, Any]) -> str:
    arguments = [decode(node) for node in call["args"]]
    named = {name: decode(node) for name, node in call.get("kwargs", {}).items()}
    try:
        value = find(namespace, call["target"])(*arguments, **named)
        allow_recursion()
        return _write({"value": encode(value)})
    except SystemExit:
        raise
    except NotData as what:
        return _write({"opaque": str(what)})
    except BaseException as error:  # noqa: BLE001 - a program may raise anything
        allow_recursion()
        return _write(described(error))


def serve(payload: dict[str, Any], channel_fd: int) -> int:
    """Loads a submission and answers what is asked of it, in frames of JSON, until the end.

    Requests are objects of "op" and, as the operation needs, "ref" (an object's number), "name",
    "key", "value", "args" and "kwargs". Operations: global, builtin, call, getattr, setattr,
    getitem, setitem, len, iter, next, str, repr.

    Replies are {"value": node}, with "args" and "kwargs" beside it if the call changed one of them
    in place, or {"raised": type, "message": text, "bases": builtin exceptions it derives from,
    nearest first, "arguments": node, if they are data}. Objects that are no data are references.

    Args:
        payload: "source".
        channel_fd: of a socket.

    Returns:
        0; 1 if the submission cannot be loaded. Then a traceback is on standard error.

    Raises:
        SystemExit: the submission asked for it while it was loaded.
        OSError: it closed the descriptor.
    """
    namespace = load(payload["source"])
    if namespace is None:
        return 1
    server = _Server(namespace)
    while (frame := read_frame(channel_fd)) is not None:
        write_frame(channel_fd, server.answer(_parse(frame.decode("ascii"))))
    return 0


class _Server:
    """The objects of one program that the other side knows by number."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._objects: list[object] = []
        self._numbers: dict[int, int] = {}  # by id: what is in the list stays alive

    def answer(self, request: dict[str, Any]) -> bytes:
        """The reply to one request."""
        try:
            reply = _OPERATIONS[request["op"]](self, request)
            text = _write(reply).encode("ascii")
            if len(text) > MAX_FRAME_BYTES:
                raise NotData("a value too long for the pipe")  # noqa: TRY301 - told like any other
        except BaseException as error:  # noqa: BLE001 - a program may raise anything
            allow_recursion()
            return _write(self._raised(error)).encode("ascii")
        return text

    def find_global(self, request: dict[str, Any]) -> dict[str, object]:
        return self._value(find(self._namespace, request["name"]))

    def find_builtin(self, request: dict[str, Any]) -> dict[str, object]:
        return self._value(getattr(builtins, request["name"]))

    def call(self, request: dict[str, Any]) -> dict[str, object]:
        arguments = [self._decoded(node) for node in request["args"]]
        named = {name: self._decoded(node) for name, node in request["kwargs"].items()}
        before = self._mutable_state(arguments, named)
        reply = self._value(self._object(request)(*arguments, **named))
        if before and self._mutable_state(arguments, named) != before:
            reply["args"] = [self._encoded(value) for value in arguments]
            reply["kwargs"] = {name: self._encoded(value) for name, value in named.items()}
        return reply

    def attribute(self, request: dict[str, Any]) -> dict[str, object]:
        return self._value(getattr(self._object(request), request["name"]))

    def set_attribute(self, request: dict[str, Any]) -> dict[str, object]:
        setattr(self._object(request), request["name"], self._decoded(request["value"]))
        return {"value": None}

    def item(self, request: dict[str, Any]) -> dict[str, object]:
        return self._value(self._object(request)[self._decoded(request["key"])])

    def set_item(self, request: dict[str, Any]) -> dict[str, object]:
        self._object(request)[self._decoded(request["key"])] = self._decoded(request["value"])
        return {"value": None}

    def apply(
        self, function: Callable[[Any], object], request: dict[str, Any]
    ) -> dict[str, object]:
        return self._value(function(self._object(request)))

    def _object(self, request: dict[str, Any]) -> Any:
        return self._objects[request["ref"]]

    def _value(self, value: object) -> dict[str, object]:
        allow_recursion()
        return {"value": self._encoded(value)}

    def _encoded(self, value: object) -> object:
        return encode(value, refer=self._refer)

    def _decoded(self, node: object) -> object:
        return decode(node, resolve=lambda number, _: self._objects[number])

    def _refer(self, value: object) -> int:
        number = self._numbers.setdefault(id(value), len(self._objects))
        if number == len(self._objects):
            if number == _MAX_OBJECTS:
                raise NotData("too many objects")
            self._objects.append(value)
        return number

    def _mutable_state(self, arguments: list[object], named: dict[str, object]) -> str:
        """What a call could change in place, as text; empty if it could not."""
        values = [*arguments, *named.values()]
        kept = [value for value in values if type(value) in _MUTABLE]
        return _write([self._encoded(value) for value in kept]) if kept else ""

    def _raised(self, error: BaseException) -> dict[str, object]:
        bases = [base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins"]
        reply = {**described(error), "bases": [name for name in bases if name != "object"]}
        try:
            arguments = self._encoded(list(error.args))
            if len(_write(arguments)) <= MAX_FRAME_BYTES // 2:
                reply["arguments"] = arguments
        except BaseException:  # noqa: BLE001, S110 - the reply is complete without them
            pass
        return reply


_OPERATIONS: Final[dict[str, Callable[[_Server, dict[str, Any]], dict[str, object]]]] = {
    "global": _Server.find_global,
    "builtin": _Server.find_builtin,
    "call": _Server.call,
    "getattr": _Server.attribute,
    "setattr": _Server.set_attribute,
    "getitem": _Server.item,
    "setitem": _Server.set_item,
    "len": lambda server, request: server.apply(len, request),
    "iter": lambda server, request: server.apply(iter, request),
    "next": lambda server, request: server.apply(next, request),
    "str": lambda server, request: server.apply(str, request),
    "repr": lambda server, request: server.apply(repr, request),
}
