from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Preset(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRESET_UNSPECIFIED: _ClassVar[Preset]
    PRESET_DEFAULT: _ClassVar[Preset]
    PRESET_STRICT: _ClassVar[Preset]
    PRESET_LENIENT: _ClassVar[Preset]

class Extraction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EXTRACTION_UNSPECIFIED: _ClassVar[Extraction]
    EXTRACTION_BOXED: _ClassVar[Extraction]
    EXTRACTION_ANSWER_TAG: _ClassVar[Extraction]
    EXTRACTION_HASHES: _ClassVar[Extraction]
    EXTRACTION_ANCHOR: _ClassVar[Extraction]
    EXTRACTION_WHOLE: _ClassVar[Extraction]
    EXTRACTION_FORMULA: _ClassVar[Extraction]
    EXTRACTION_LAST_NUMBER: _ClassVar[Extraction]

class PercentPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PERCENT_POLICY_UNSPECIFIED: _ClassVar[PercentPolicy]
    PERCENT_POLICY_BY_REFERENCE: _ClassVar[PercentPolicy]
    PERCENT_POLICY_EXACT: _ClassVar[PercentPolicy]
    PERCENT_POLICY_IGNORE: _ClassVar[PercentPolicy]

class UnitPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    UNIT_POLICY_UNSPECIFIED: _ClassVar[UnitPolicy]
    UNIT_POLICY_BY_REFERENCE: _ClassVar[UnitPolicy]
    UNIT_POLICY_IGNORE: _ClassVar[UnitPolicy]
    UNIT_POLICY_REQUIRE: _ClassVar[UnitPolicy]

class OrderPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ORDER_POLICY_UNSPECIFIED: _ClassVar[OrderPolicy]
    ORDER_POLICY_BY_REFERENCE: _ClassVar[OrderPolicy]
    ORDER_POLICY_ORDERED: _ClassVar[OrderPolicy]
    ORDER_POLICY_UNORDERED: _ClassVar[OrderPolicy]

class SymbolCase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SYMBOL_CASE_UNSPECIFIED: _ClassVar[SymbolCase]
    SYMBOL_CASE_EXACT: _ClassVar[SymbolCase]
    SYMBOL_CASE_IGNORE: _ClassVar[SymbolCase]

class DuplicatePolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DUPLICATE_POLICY_UNSPECIFIED: _ClassVar[DuplicatePolicy]
    DUPLICATE_POLICY_BY_REFERENCE: _ClassVar[DuplicatePolicy]
    DUPLICATE_POLICY_IGNORE: _ClassVar[DuplicatePolicy]
    DUPLICATE_POLICY_COUNT: _ClassVar[DuplicatePolicy]

class AssignmentPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ASSIGNMENT_POLICY_UNSPECIFIED: _ClassVar[AssignmentPolicy]
    ASSIGNMENT_POLICY_BY_REFERENCE: _ClassVar[AssignmentPolicy]
    ASSIGNMENT_POLICY_REQUIRE: _ClassVar[AssignmentPolicy]

class ConstantPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONSTANT_POLICY_UNSPECIFIED: _ClassVar[ConstantPolicy]
    CONSTANT_POLICY_OPTIONAL: _ClassVar[ConstantPolicy]
    CONSTANT_POLICY_REQUIRE: _ClassVar[ConstantPolicy]

class Method(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    METHOD_UNSPECIFIED: _ClassVar[Method]
    METHOD_TEXT: _ClassVar[Method]
    METHOD_EXACT: _ClassVar[Method]
    METHOD_TOLERANCE: _ClassVar[Method]
    METHOD_STRUCTURAL: _ClassVar[Method]
    METHOD_NUMERIC: _ClassVar[Method]
    METHOD_ALGEBRAIC: _ClassVar[Method]
    METHOD_SYMBOLIC: _ClassVar[Method]
PRESET_UNSPECIFIED: Preset
PRESET_DEFAULT: Preset
PRESET_STRICT: Preset
PRESET_LENIENT: Preset
EXTRACTION_UNSPECIFIED: Extraction
EXTRACTION_BOXED: Extraction
EXTRACTION_ANSWER_TAG: Extraction
EXTRACTION_HASHES: Extraction
EXTRACTION_ANCHOR: Extraction
EXTRACTION_WHOLE: Extraction
EXTRACTION_FORMULA: Extraction
EXTRACTION_LAST_NUMBER: Extraction
PERCENT_POLICY_UNSPECIFIED: PercentPolicy
PERCENT_POLICY_BY_REFERENCE: PercentPolicy
PERCENT_POLICY_EXACT: PercentPolicy
PERCENT_POLICY_IGNORE: PercentPolicy
UNIT_POLICY_UNSPECIFIED: UnitPolicy
UNIT_POLICY_BY_REFERENCE: UnitPolicy
UNIT_POLICY_IGNORE: UnitPolicy
UNIT_POLICY_REQUIRE: UnitPolicy
ORDER_POLICY_UNSPECIFIED: OrderPolicy
ORDER_POLICY_BY_REFERENCE: OrderPolicy
ORDER_POLICY_ORDERED: OrderPolicy
ORDER_POLICY_UNORDERED: OrderPolicy
SYMBOL_CASE_UNSPECIFIED: SymbolCase
SYMBOL_CASE_EXACT: SymbolCase
SYMBOL_CASE_IGNORE: SymbolCase
DUPLICATE_POLICY_UNSPECIFIED: DuplicatePolicy
DUPLICATE_POLICY_BY_REFERENCE: DuplicatePolicy
DUPLICATE_POLICY_IGNORE: DuplicatePolicy
DUPLICATE_POLICY_COUNT: DuplicatePolicy
ASSIGNMENT_POLICY_UNSPECIFIED: AssignmentPolicy
ASSIGNMENT_POLICY_BY_REFERENCE: AssignmentPolicy
ASSIGNMENT_POLICY_REQUIRE: AssignmentPolicy
CONSTANT_POLICY_UNSPECIFIED: ConstantPolicy
CONSTANT_POLICY_OPTIONAL: ConstantPolicy
CONSTANT_POLICY_REQUIRE: ConstantPolicy
METHOD_UNSPECIFIED: Method
METHOD_TEXT: Method
METHOD_EXACT: Method
METHOD_TOLERANCE: Method
METHOD_STRUCTURAL: Method
METHOD_NUMERIC: Method
METHOD_ALGEBRAIC: Method
METHOD_SYMBOLIC: Method

class MathTask(_message.Message):
    __slots__ = ("reference_answers", "policy")
    REFERENCE_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    reference_answers: _containers.RepeatedScalarFieldContainer[str]
    policy: MathPolicy
    def __init__(self, reference_answers: _Optional[_Iterable[str]] = ..., policy: _Optional[_Union[MathPolicy, _Mapping]] = ...) -> None: ...

class MathPolicy(_message.Message):
    __slots__ = ("extraction", "relative_tolerance", "absolute_tolerance", "percent", "units", "order", "preset", "symbol_case", "duplicates", "assignments", "integration_constant")
    EXTRACTION_FIELD_NUMBER: _ClassVar[int]
    RELATIVE_TOLERANCE_FIELD_NUMBER: _ClassVar[int]
    ABSOLUTE_TOLERANCE_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    PRESET_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_CASE_FIELD_NUMBER: _ClassVar[int]
    DUPLICATES_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENTS_FIELD_NUMBER: _ClassVar[int]
    INTEGRATION_CONSTANT_FIELD_NUMBER: _ClassVar[int]
    extraction: _containers.RepeatedScalarFieldContainer[Extraction]
    relative_tolerance: float
    absolute_tolerance: float
    percent: PercentPolicy
    units: UnitPolicy
    order: OrderPolicy
    preset: Preset
    symbol_case: SymbolCase
    duplicates: DuplicatePolicy
    assignments: AssignmentPolicy
    integration_constant: ConstantPolicy
    def __init__(self, extraction: _Optional[_Iterable[_Union[Extraction, str]]] = ..., relative_tolerance: _Optional[float] = ..., absolute_tolerance: _Optional[float] = ..., percent: _Optional[_Union[PercentPolicy, str]] = ..., units: _Optional[_Union[UnitPolicy, str]] = ..., order: _Optional[_Union[OrderPolicy, str]] = ..., preset: _Optional[_Union[Preset, str]] = ..., symbol_case: _Optional[_Union[SymbolCase, str]] = ..., duplicates: _Optional[_Union[DuplicatePolicy, str]] = ..., assignments: _Optional[_Union[AssignmentPolicy, str]] = ..., integration_constant: _Optional[_Union[ConstantPolicy, str]] = ...) -> None: ...

class MathDetail(_message.Message):
    __slots__ = ("candidate", "matched_reference", "method", "extraction", "span", "policy")
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    MATCHED_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    EXTRACTION_FIELD_NUMBER: _ClassVar[int]
    SPAN_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    candidate: str
    matched_reference: str
    method: Method
    extraction: Extraction
    span: Span
    policy: MathPolicy
    def __init__(self, candidate: _Optional[str] = ..., matched_reference: _Optional[str] = ..., method: _Optional[_Union[Method, str]] = ..., extraction: _Optional[_Union[Extraction, str]] = ..., span: _Optional[_Union[Span, _Mapping]] = ..., policy: _Optional[_Union[MathPolicy, _Mapping]] = ...) -> None: ...

class Span(_message.Message):
    __slots__ = ("start", "end")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    start: int
    end: int
    def __init__(self, start: _Optional[int] = ..., end: _Optional[int] = ...) -> None: ...
