from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LengthUnit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LENGTH_UNIT_UNSPECIFIED: _ClassVar[LengthUnit]
    LENGTH_UNIT_CHARACTERS: _ClassVar[LengthUnit]
    LENGTH_UNIT_WORDS: _ClassVar[LengthUnit]
    LENGTH_UNIT_TOKENS: _ClassVar[LengthUnit]
LENGTH_UNIT_UNSPECIFIED: LengthUnit
LENGTH_UNIT_CHARACTERS: LengthUnit
LENGTH_UNIT_WORDS: LengthUnit
LENGTH_UNIT_TOKENS: LengthUnit

class FormatTask(_message.Message):
    __slots__ = ("rules",)
    RULES_FIELD_NUMBER: _ClassVar[int]
    rules: _containers.RepeatedCompositeFieldContainer[FormatRule]
    def __init__(self, rules: _Optional[_Iterable[_Union[FormatRule, _Mapping]]] = ...) -> None: ...

class FormatRule(_message.Message):
    __slots__ = ("think_answer", "boxed", "regex", "json_schema", "language_consistency", "repetition", "length", "ifeval")
    THINK_ANSWER_FIELD_NUMBER: _ClassVar[int]
    BOXED_FIELD_NUMBER: _ClassVar[int]
    REGEX_FIELD_NUMBER: _ClassVar[int]
    JSON_SCHEMA_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    REPETITION_FIELD_NUMBER: _ClassVar[int]
    LENGTH_FIELD_NUMBER: _ClassVar[int]
    IFEVAL_FIELD_NUMBER: _ClassVar[int]
    think_answer: ThinkAnswerRule
    boxed: BoxedRule
    regex: RegexRule
    json_schema: JsonSchemaRule
    language_consistency: LanguageConsistencyRule
    repetition: RepetitionRule
    length: LengthRule
    ifeval: IfevalRule
    def __init__(self, think_answer: _Optional[_Union[ThinkAnswerRule, _Mapping]] = ..., boxed: _Optional[_Union[BoxedRule, _Mapping]] = ..., regex: _Optional[_Union[RegexRule, _Mapping]] = ..., json_schema: _Optional[_Union[JsonSchemaRule, _Mapping]] = ..., language_consistency: _Optional[_Union[LanguageConsistencyRule, _Mapping]] = ..., repetition: _Optional[_Union[RepetitionRule, _Mapping]] = ..., length: _Optional[_Union[LengthRule, _Mapping]] = ..., ifeval: _Optional[_Union[IfevalRule, _Mapping]] = ...) -> None: ...

class ThinkAnswerRule(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class BoxedRule(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RegexRule(_message.Message):
    __slots__ = ("pattern", "full_match")
    PATTERN_FIELD_NUMBER: _ClassVar[int]
    FULL_MATCH_FIELD_NUMBER: _ClassVar[int]
    pattern: str
    full_match: bool
    def __init__(self, pattern: _Optional[str] = ..., full_match: bool = ...) -> None: ...

class JsonSchemaRule(_message.Message):
    __slots__ = ("schema",)
    SCHEMA_FIELD_NUMBER: _ClassVar[int]
    schema: _struct_pb2.Struct
    def __init__(self, schema: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class LanguageConsistencyRule(_message.Message):
    __slots__ = ("language", "threshold")
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    language: str
    threshold: float
    def __init__(self, language: _Optional[str] = ..., threshold: _Optional[float] = ...) -> None: ...

class RepetitionRule(_message.Message):
    __slots__ = ("ngram_size", "max_share")
    NGRAM_SIZE_FIELD_NUMBER: _ClassVar[int]
    MAX_SHARE_FIELD_NUMBER: _ClassVar[int]
    ngram_size: int
    max_share: float
    def __init__(self, ngram_size: _Optional[int] = ..., max_share: _Optional[float] = ...) -> None: ...

class LengthRule(_message.Message):
    __slots__ = ("unit", "min", "max", "tokenizer")
    UNIT_FIELD_NUMBER: _ClassVar[int]
    MIN_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    TOKENIZER_FIELD_NUMBER: _ClassVar[int]
    unit: LengthUnit
    min: int
    max: int
    tokenizer: str
    def __init__(self, unit: _Optional[_Union[LengthUnit, str]] = ..., min: _Optional[int] = ..., max: _Optional[int] = ..., tokenizer: _Optional[str] = ...) -> None: ...

class IfevalRule(_message.Message):
    __slots__ = ("instruction_id_list", "kwargs")
    INSTRUCTION_ID_LIST_FIELD_NUMBER: _ClassVar[int]
    KWARGS_FIELD_NUMBER: _ClassVar[int]
    instruction_id_list: _containers.RepeatedScalarFieldContainer[str]
    kwargs: _containers.RepeatedCompositeFieldContainer[_struct_pb2.Struct]
    def __init__(self, instruction_id_list: _Optional[_Iterable[str]] = ..., kwargs: _Optional[_Iterable[_Union[_struct_pb2.Struct, _Mapping]]] = ...) -> None: ...

class FormatDetail(_message.Message):
    __slots__ = ("rules",)
    RULES_FIELD_NUMBER: _ClassVar[int]
    rules: _containers.RepeatedCompositeFieldContainer[RuleOutcome]
    def __init__(self, rules: _Optional[_Iterable[_Union[RuleOutcome, _Mapping]]] = ...) -> None: ...

class RuleOutcome(_message.Message):
    __slots__ = ("name", "passed", "message")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    name: str
    passed: bool
    message: str
    def __init__(self, name: _Optional[str] = ..., passed: bool = ..., message: _Optional[str] = ...) -> None: ...
