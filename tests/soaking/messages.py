"""A Hypothesis strategy for any message of the contract, made from its descriptor."""

from google.protobuf.descriptor import FieldDescriptor
from hypothesis import strategies as st
from strategies import NOTATION

_DEEPEST = 4  # messages in messages; what the mutants nest is deeper
_TEXT = st.one_of(st.text(max_size=40), NOTATION)
_KINDS = {
    FieldDescriptor.CPPTYPE_STRING: _TEXT,
    FieldDescriptor.CPPTYPE_BOOL: st.booleans(),
    FieldDescriptor.CPPTYPE_DOUBLE: st.floats(),
    FieldDescriptor.CPPTYPE_FLOAT: st.floats(width=32),
    FieldDescriptor.CPPTYPE_INT32: st.one_of(st.integers(0, 9), st.integers(-(2**31), 2**31 - 1)),
    FieldDescriptor.CPPTYPE_INT64: st.one_of(st.integers(0, 9), st.integers(-(2**63), 2**63 - 1)),
    FieldDescriptor.CPPTYPE_ENUM: st.one_of(st.integers(0, 5), st.integers(-9, 99)),
}


@st.composite
def messages(draw, kind, depth=0):
    """Messages of this kind with some of their fields set, to whatever their types allow.

    Args:
        draw: by Hypothesis.
        kind: the message's class.
        depth: of the message in another.
    """
    message = kind()
    fields = list(kind.DESCRIPTOR.fields)
    chosen = draw(st.lists(st.sampled_from(fields), max_size=4)) if fields else ()
    for field in chosen:
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            for key in draw(st.lists(_TEXT, max_size=2)):
                message.fields[key].string_value = key  # the one map there is: of a Struct
        elif field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
            if depth < _DEEPEST:
                _set_message(draw, message, field, depth)
        elif field.is_repeated:
            values = draw(st.lists(_KINDS[field.cpp_type], max_size=4))
            getattr(message, field.name).extend(values)
        else:
            setattr(message, field.name, draw(_KINDS[field.cpp_type]))
    return message


def _set_message(draw, message, field, depth):
    kind = type(getattr(message, field.name)) if not field.is_repeated else None
    if kind is not None:
        inside = draw(messages(kind, depth + 1))
        getattr(message, field.name).CopyFrom(inside)
        return
    values = getattr(message, field.name)
    for _ in range(draw(st.integers(0, 2))):
        child = values.add()
        child.CopyFrom(draw(messages(type(child), depth + 1)))
