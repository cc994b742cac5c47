from verifier.v1 import verdict_pb2 as _verdict_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RewardMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REWARD_MODE_UNSPECIFIED: _ClassVar[RewardMode]
    REWARD_MODE_ALL_PASS: _ClassVar[RewardMode]
    REWARD_MODE_FRACTION: _ClassVar[RewardMode]

class Assurance(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ASSURANCE_UNSPECIFIED: _ClassVar[Assurance]
    ASSURANCE_SEPARATE: _ClassVar[Assurance]
    ASSURANCE_IN_PROCESS: _ClassVar[Assurance]
REWARD_MODE_UNSPECIFIED: RewardMode
REWARD_MODE_ALL_PASS: RewardMode
REWARD_MODE_FRACTION: RewardMode
ASSURANCE_UNSPECIFIED: Assurance
ASSURANCE_SEPARATE: Assurance
ASSURANCE_IN_PROCESS: Assurance

class CodeTask(_message.Message):
    __slots__ = ("language", "stdio", "function", "assertions", "limits", "reward_mode", "stop_at_first_failure", "test_weights")
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    STDIO_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    ASSERTIONS_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    REWARD_MODE_FIELD_NUMBER: _ClassVar[int]
    STOP_AT_FIRST_FAILURE_FIELD_NUMBER: _ClassVar[int]
    TEST_WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    language: str
    stdio: StdioTests
    function: FunctionTests
    assertions: AssertionTests
    limits: CodeLimits
    reward_mode: RewardMode
    stop_at_first_failure: bool
    test_weights: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, language: _Optional[str] = ..., stdio: _Optional[_Union[StdioTests, _Mapping]] = ..., function: _Optional[_Union[FunctionTests, _Mapping]] = ..., assertions: _Optional[_Union[AssertionTests, _Mapping]] = ..., limits: _Optional[_Union[CodeLimits, _Mapping]] = ..., reward_mode: _Optional[_Union[RewardMode, str]] = ..., stop_at_first_failure: bool = ..., test_weights: _Optional[_Iterable[float]] = ...) -> None: ...

class StdioTests(_message.Message):
    __slots__ = ("cases", "checker", "tolerance", "checker_program")
    CASES_FIELD_NUMBER: _ClassVar[int]
    CHECKER_FIELD_NUMBER: _ClassVar[int]
    TOLERANCE_FIELD_NUMBER: _ClassVar[int]
    CHECKER_PROGRAM_FIELD_NUMBER: _ClassVar[int]
    cases: _containers.RepeatedCompositeFieldContainer[StdioCase]
    checker: str
    tolerance: float
    checker_program: CheckerProgram
    def __init__(self, cases: _Optional[_Iterable[_Union[StdioCase, _Mapping]]] = ..., checker: _Optional[str] = ..., tolerance: _Optional[float] = ..., checker_program: _Optional[_Union[CheckerProgram, _Mapping]] = ...) -> None: ...

class CheckerProgram(_message.Message):
    __slots__ = ("language", "source")
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    language: str
    source: str
    def __init__(self, language: _Optional[str] = ..., source: _Optional[str] = ...) -> None: ...

class StdioCase(_message.Message):
    __slots__ = ("stdin", "expected_stdout")
    STDIN_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_STDOUT_FIELD_NUMBER: _ClassVar[int]
    stdin: str
    expected_stdout: str
    def __init__(self, stdin: _Optional[str] = ..., expected_stdout: _Optional[str] = ...) -> None: ...

class FunctionTests(_message.Message):
    __slots__ = ("entry_point", "cases", "tolerance")
    ENTRY_POINT_FIELD_NUMBER: _ClassVar[int]
    CASES_FIELD_NUMBER: _ClassVar[int]
    TOLERANCE_FIELD_NUMBER: _ClassVar[int]
    entry_point: str
    cases: _containers.RepeatedCompositeFieldContainer[FunctionCase]
    tolerance: float
    def __init__(self, entry_point: _Optional[str] = ..., cases: _Optional[_Iterable[_Union[FunctionCase, _Mapping]]] = ..., tolerance: _Optional[float] = ...) -> None: ...

class FunctionCase(_message.Message):
    __slots__ = ("args_json", "expected_json")
    ARGS_JSON_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_JSON_FIELD_NUMBER: _ClassVar[int]
    args_json: str
    expected_json: str
    def __init__(self, args_json: _Optional[str] = ..., expected_json: _Optional[str] = ...) -> None: ...

class AssertionTests(_message.Message):
    __slots__ = ("entry_point", "setup", "assertions", "program", "allow_in_process")
    ENTRY_POINT_FIELD_NUMBER: _ClassVar[int]
    SETUP_FIELD_NUMBER: _ClassVar[int]
    ASSERTIONS_FIELD_NUMBER: _ClassVar[int]
    PROGRAM_FIELD_NUMBER: _ClassVar[int]
    ALLOW_IN_PROCESS_FIELD_NUMBER: _ClassVar[int]
    entry_point: str
    setup: str
    assertions: _containers.RepeatedScalarFieldContainer[str]
    program: str
    allow_in_process: bool
    def __init__(self, entry_point: _Optional[str] = ..., setup: _Optional[str] = ..., assertions: _Optional[_Iterable[str]] = ..., program: _Optional[str] = ..., allow_in_process: bool = ...) -> None: ...

class CodeLimits(_message.Message):
    __slots__ = ("cpu_seconds", "wall_seconds", "memory_bytes", "output_bytes", "processes", "stack_bytes", "file_bytes")
    CPU_SECONDS_FIELD_NUMBER: _ClassVar[int]
    WALL_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_BYTES_FIELD_NUMBER: _ClassVar[int]
    PROCESSES_FIELD_NUMBER: _ClassVar[int]
    STACK_BYTES_FIELD_NUMBER: _ClassVar[int]
    FILE_BYTES_FIELD_NUMBER: _ClassVar[int]
    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    output_bytes: int
    processes: int
    stack_bytes: int
    file_bytes: int
    def __init__(self, cpu_seconds: _Optional[float] = ..., wall_seconds: _Optional[float] = ..., memory_bytes: _Optional[int] = ..., output_bytes: _Optional[int] = ..., processes: _Optional[int] = ..., stack_bytes: _Optional[int] = ..., file_bytes: _Optional[int] = ...) -> None: ...

class CodeDetail(_message.Message):
    __slots__ = ("passed", "total", "tests", "isolation", "assurance", "language")
    PASSED_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    TESTS_FIELD_NUMBER: _ClassVar[int]
    ISOLATION_FIELD_NUMBER: _ClassVar[int]
    ASSURANCE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    passed: int
    total: int
    tests: _containers.RepeatedCompositeFieldContainer[TestOutcome]
    isolation: str
    assurance: Assurance
    language: str
    def __init__(self, passed: _Optional[int] = ..., total: _Optional[int] = ..., tests: _Optional[_Iterable[_Union[TestOutcome, _Mapping]]] = ..., isolation: _Optional[str] = ..., assurance: _Optional[_Union[Assurance, str]] = ..., language: _Optional[str] = ...) -> None: ...

class TestOutcome(_message.Message):
    __slots__ = ("verdict", "reason", "cpu_seconds", "wall_seconds", "memory_bytes", "message")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CPU_SECONDS_FIELD_NUMBER: _ClassVar[int]
    WALL_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    verdict: _verdict_pb2.Verdict
    reason: _verdict_pb2.Reason
    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    message: str
    def __init__(self, verdict: _Optional[_Union[_verdict_pb2.Verdict, str]] = ..., reason: _Optional[_Union[_verdict_pb2.Reason, str]] = ..., cpu_seconds: _Optional[float] = ..., wall_seconds: _Optional[float] = ..., memory_bytes: _Optional[int] = ..., message: _Optional[str] = ...) -> None: ...
