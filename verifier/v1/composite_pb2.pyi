from verifier.v1 import code_pb2 as _code_pb2
from verifier.v1 import format_pb2 as _format_pb2
from verifier.v1 import judge_pb2 as _judge_pb2
from verifier.v1 import math_pb2 as _math_pb2
from verifier.v1 import plugin_pb2 as _plugin_pb2
from verifier.v1 import process_pb2 as _process_pb2
from verifier.v1 import text_pb2 as _text_pb2
from verifier.v1 import verdict_pb2 as _verdict_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CompositeTask(_message.Message):
    __slots__ = ("terms", "recipe", "base")
    TERMS_FIELD_NUMBER: _ClassVar[int]
    RECIPE_FIELD_NUMBER: _ClassVar[int]
    BASE_FIELD_NUMBER: _ClassVar[int]
    terms: _containers.RepeatedCompositeFieldContainer[CompositeTerm]
    recipe: str
    base: BaseTask
    def __init__(self, terms: _Optional[_Iterable[_Union[CompositeTerm, _Mapping]]] = ..., recipe: _Optional[str] = ..., base: _Optional[_Union[BaseTask, _Mapping]] = ...) -> None: ...

class CompositeTerm(_message.Message):
    __slots__ = ("name", "weight", "gate", "math", "code", "format", "text", "process", "reward_model", "judge", "plugin")
    NAME_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    MATH_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    PROCESS_FIELD_NUMBER: _ClassVar[int]
    REWARD_MODEL_FIELD_NUMBER: _ClassVar[int]
    JUDGE_FIELD_NUMBER: _ClassVar[int]
    PLUGIN_FIELD_NUMBER: _ClassVar[int]
    name: str
    weight: float
    gate: bool
    math: _math_pb2.MathTask
    code: _code_pb2.CodeTask
    format: _format_pb2.FormatTask
    text: _text_pb2.TextTask
    process: _process_pb2.ProcessTask
    reward_model: _process_pb2.RewardModelTask
    judge: _judge_pb2.JudgeTask
    plugin: _plugin_pb2.PluginTask
    def __init__(self, name: _Optional[str] = ..., weight: _Optional[float] = ..., gate: bool = ..., math: _Optional[_Union[_math_pb2.MathTask, _Mapping]] = ..., code: _Optional[_Union[_code_pb2.CodeTask, _Mapping]] = ..., format: _Optional[_Union[_format_pb2.FormatTask, _Mapping]] = ..., text: _Optional[_Union[_text_pb2.TextTask, _Mapping]] = ..., process: _Optional[_Union[_process_pb2.ProcessTask, _Mapping]] = ..., reward_model: _Optional[_Union[_process_pb2.RewardModelTask, _Mapping]] = ..., judge: _Optional[_Union[_judge_pb2.JudgeTask, _Mapping]] = ..., plugin: _Optional[_Union[_plugin_pb2.PluginTask, _Mapping]] = ...) -> None: ...

class BaseTask(_message.Message):
    __slots__ = ("math", "code", "format", "text", "process", "reward_model", "judge", "plugin")
    MATH_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    PROCESS_FIELD_NUMBER: _ClassVar[int]
    REWARD_MODEL_FIELD_NUMBER: _ClassVar[int]
    JUDGE_FIELD_NUMBER: _ClassVar[int]
    PLUGIN_FIELD_NUMBER: _ClassVar[int]
    math: _math_pb2.MathTask
    code: _code_pb2.CodeTask
    format: _format_pb2.FormatTask
    text: _text_pb2.TextTask
    process: _process_pb2.ProcessTask
    reward_model: _process_pb2.RewardModelTask
    judge: _judge_pb2.JudgeTask
    plugin: _plugin_pb2.PluginTask
    def __init__(self, math: _Optional[_Union[_math_pb2.MathTask, _Mapping]] = ..., code: _Optional[_Union[_code_pb2.CodeTask, _Mapping]] = ..., format: _Optional[_Union[_format_pb2.FormatTask, _Mapping]] = ..., text: _Optional[_Union[_text_pb2.TextTask, _Mapping]] = ..., process: _Optional[_Union[_process_pb2.ProcessTask, _Mapping]] = ..., reward_model: _Optional[_Union[_process_pb2.RewardModelTask, _Mapping]] = ..., judge: _Optional[_Union[_judge_pb2.JudgeTask, _Mapping]] = ..., plugin: _Optional[_Union[_plugin_pb2.PluginTask, _Mapping]] = ...) -> None: ...

class CompositeDetail(_message.Message):
    __slots__ = ("terms",)
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: _containers.RepeatedCompositeFieldContainer[TermOutcome]
    def __init__(self, terms: _Optional[_Iterable[_Union[TermOutcome, _Mapping]]] = ...) -> None: ...

class TermOutcome(_message.Message):
    __slots__ = ("name", "verdict", "reason", "reward", "weight")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REWARD_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    name: str
    verdict: _verdict_pb2.Verdict
    reason: _verdict_pb2.Reason
    reward: float
    weight: float
    def __init__(self, name: _Optional[str] = ..., verdict: _Optional[_Union[_verdict_pb2.Verdict, str]] = ..., reason: _Optional[_Union[_verdict_pb2.Reason, str]] = ..., reward: _Optional[float] = ..., weight: _Optional[float] = ...) -> None: ...
