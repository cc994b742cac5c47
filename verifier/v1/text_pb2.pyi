from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TextMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TEXT_MODE_UNSPECIFIED: _ClassVar[TextMode]
    TEXT_MODE_EXACT: _ClassVar[TextMode]
    TEXT_MODE_CHOICE: _ClassVar[TextMode]
    TEXT_MODE_F1: _ClassVar[TextMode]
    TEXT_MODE_CONTAINS: _ClassVar[TextMode]
TEXT_MODE_UNSPECIFIED: TextMode
TEXT_MODE_EXACT: TextMode
TEXT_MODE_CHOICE: TextMode
TEXT_MODE_F1: TextMode
TEXT_MODE_CONTAINS: TextMode

class TextTask(_message.Message):
    __slots__ = ("reference_answers", "mode", "threshold")
    REFERENCE_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    reference_answers: _containers.RepeatedScalarFieldContainer[str]
    mode: TextMode
    threshold: float
    def __init__(self, reference_answers: _Optional[_Iterable[str]] = ..., mode: _Optional[_Union[TextMode, str]] = ..., threshold: _Optional[float] = ...) -> None: ...

class TextDetail(_message.Message):
    __slots__ = ("candidate", "matched_reference", "f1")
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    MATCHED_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    F1_FIELD_NUMBER: _ClassVar[int]
    candidate: str
    matched_reference: str
    f1: float
    def __init__(self, candidate: _Optional[str] = ..., matched_reference: _Optional[str] = ..., f1: _Optional[float] = ...) -> None: ...
