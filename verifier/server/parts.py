"""How many parts a message has, counted on its bytes before anything is built of them.

A part is a field with its value: on the wire it takes two bytes, decoded up to a hundred and more.
So the largest message that the port takes could fill gigabytes with nothing, and keep the event
loop busy for seconds. Counting walks over the bytes, stops at the bound, and builds nothing.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from google.protobuf.descriptor import FieldDescriptor

from verifier.errors import InputError
from verifier.v1 import service_pb2

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor

# Half a million parts decode to some fifty megabytes. The client's own calls have at most four
# megabytes, and a batch of 16,384 rows of thirty fields each still fits.
MAX_PARTS: Final = 2**19
_SMALLEST_PART: Final = 2  # bytes; so a message of a mebibyte need not be looked at

_MORE: Final = 0x80  # a varint goes on
_MAX_VARINT_BYTES: Final = 10
_LENGTH: Final = 2  # the wire type of texts and messages
_WIDTHS: Final = {0: 0, 1: 8, 5: 4}  # bytes of the other types; 0: a varint, as long as it is
_MAX_DEPTH: Final = 100  # messages in messages; beyond it, the decoder refuses
_INPUTS: Final = {
    f"/{service.full_name}/{method.name}": method.input_type
    for service in service_pb2.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}


def check_parts(data: bytes, method: str, most: int = MAX_PARTS) -> None:
    """Refuses a message with more parts than one may have.

    Args:
        data: the message as it came.
        method: the path of the call that it came with; of others, nothing is known here.
        most: parts that it may have.

    Raises:
        InputError: it has more.
    """
    kind = _INPUTS.get(method)
    if kind is None or len(data) <= most * _SMALLEST_PART:
        return
    if count_parts(data, kind, most) > most:
        raise InputError(f"the message has more than {most} parts: send it in several calls")


# One loop without calls, since it runs once for each part.
def count_parts(data: bytes, kind: Descriptor, most: int) -> int:  # noqa: C901
    """Parts of a message, and of those inside it; any number above `most` if there are more.

    Args:
        data: the message; where it is malformed, counting ends, and its decoder says why.
        kind: what it should be.
        most: where counting ends.
    """
    parts, position, end, fields = 0, 0, len(data), _fields(kind)
    around: list[tuple[int, int, dict[int, Descriptor]]] = []  # where those around it go on
    try:
        while True:
            while position >= end and around:
                position, end, fields = around.pop()
            if position >= end or parts > most:
                return parts
            parts += 1
            key = data[position]
            position += 1
            if key >= _MORE:
                key, position = _varint(data, position - 1)
            wire = key & 7
            if wire == _LENGTH:
                length = data[position]
                position += 1
                if length >= _MORE:
                    length, position = _varint(data, position - 1)
                inner = fields.get(key >> 3)
                if inner is None:
                    position += length
                elif len(around) < _MAX_DEPTH:
                    around.append((position + length, end, fields))
                    fields, end = _fields(inner), position + length
                else:
                    return parts
            elif wire in _WIDTHS:
                position = _WIDTHS[wire] + position if wire else _varint(data, position)[1]
            else:
                return most + 1  # groups, which nobody has sent for many years, or no wire type
    except IndexError:
        return parts


def _varint(data: bytes, position: int) -> tuple[int, int]:
    """A number and where it ends.

    Raises:
        IndexError: it does not end within the data, or has more bytes than a number may.
    """
    byte = data[position]
    if byte < _MORE:
        return byte, position + 1
    value = byte & 0x7F
    for index in range(1, _MAX_VARINT_BYTES):
        byte = data[position + index]
        value |= (byte & 0x7F) << 7 * index
        if byte < _MORE:
            return value, position + index + 1
    raise IndexError


@cache
def _fields(kind: Descriptor) -> dict[int, Descriptor]:
    """The fields of a message that hold messages, by their numbers."""
    return {
        field.number: field.message_type
        for field in kind.fields
        if field.type == FieldDescriptor.TYPE_MESSAGE and field.message_type is not None
    }
