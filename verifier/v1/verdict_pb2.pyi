from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_UNSPECIFIED: _ClassVar[Verdict]
    VERDICT_CORRECT: _ClassVar[Verdict]
    VERDICT_INCORRECT: _ClassVar[Verdict]
    VERDICT_UNSCORED: _ClassVar[Verdict]
    VERDICT_SCORED: _ClassVar[Verdict]

class Reason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REASON_UNSPECIFIED: _ClassVar[Reason]
    REASON_EQUIVALENT: _ClassVar[Reason]
    REASON_NOT_EQUIVALENT: _ClassVar[Reason]
    REASON_NO_ANSWER: _ClassVar[Reason]
    REASON_UNDECIDED: _ClassVar[Reason]
    REASON_PARTIAL_MATCH: _ClassVar[Reason]
    REASON_ALL_TESTS_PASSED: _ClassVar[Reason]
    REASON_WRONG_ANSWER: _ClassVar[Reason]
    REASON_TIME_LIMIT_EXCEEDED: _ClassVar[Reason]
    REASON_MEMORY_LIMIT_EXCEEDED: _ClassVar[Reason]
    REASON_OUTPUT_LIMIT_EXCEEDED: _ClassVar[Reason]
    REASON_RUNTIME_ERROR: _ClassVar[Reason]
    REASON_COMPILE_ERROR: _ClassVar[Reason]
    REASON_FORMAT_OK: _ClassVar[Reason]
    REASON_FORMAT_VIOLATION: _ClassVar[Reason]
    REASON_MODEL_SCORE: _ClassVar[Reason]
    REASON_JUDGED: _ClassVar[Reason]
    REASON_COMPOSED: _ClassVar[Reason]
    REASON_PLUGIN_SCORE: _ClassVar[Reason]
    REASON_REFERENCE_UNPARSEABLE: _ClassVar[Reason]
    REASON_INVALID_INPUT: _ClassVar[Reason]
    REASON_UNSUPPORTED: _ClassVar[Reason]
    REASON_JUDGE_UNPARSEABLE: _ClassVar[Reason]
    REASON_BACKEND_UNAVAILABLE: _ClassVar[Reason]
    REASON_SANDBOX_UNAVAILABLE: _ClassVar[Reason]
    REASON_DEADLINE: _ClassVar[Reason]
    REASON_OVERLOADED: _ClassVar[Reason]
    REASON_INTERNAL: _ClassVar[Reason]
    REASON_PROCESS_LIMIT_EXCEEDED: _ClassVar[Reason]
    REASON_FILE_LIMIT_EXCEEDED: _ClassVar[Reason]
    REASON_NOT_RUN: _ClassVar[Reason]
VERDICT_UNSPECIFIED: Verdict
VERDICT_CORRECT: Verdict
VERDICT_INCORRECT: Verdict
VERDICT_UNSCORED: Verdict
VERDICT_SCORED: Verdict
REASON_UNSPECIFIED: Reason
REASON_EQUIVALENT: Reason
REASON_NOT_EQUIVALENT: Reason
REASON_NO_ANSWER: Reason
REASON_UNDECIDED: Reason
REASON_PARTIAL_MATCH: Reason
REASON_ALL_TESTS_PASSED: Reason
REASON_WRONG_ANSWER: Reason
REASON_TIME_LIMIT_EXCEEDED: Reason
REASON_MEMORY_LIMIT_EXCEEDED: Reason
REASON_OUTPUT_LIMIT_EXCEEDED: Reason
REASON_RUNTIME_ERROR: Reason
REASON_COMPILE_ERROR: Reason
REASON_FORMAT_OK: Reason
REASON_FORMAT_VIOLATION: Reason
REASON_MODEL_SCORE: Reason
REASON_JUDGED: Reason
REASON_COMPOSED: Reason
REASON_PLUGIN_SCORE: Reason
REASON_REFERENCE_UNPARSEABLE: Reason
REASON_INVALID_INPUT: Reason
REASON_UNSUPPORTED: Reason
REASON_JUDGE_UNPARSEABLE: Reason
REASON_BACKEND_UNAVAILABLE: Reason
REASON_SANDBOX_UNAVAILABLE: Reason
REASON_DEADLINE: Reason
REASON_OVERLOADED: Reason
REASON_INTERNAL: Reason
REASON_PROCESS_LIMIT_EXCEEDED: Reason
REASON_FILE_LIMIT_EXCEEDED: Reason
REASON_NOT_RUN: Reason
