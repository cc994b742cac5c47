import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from verifier.v1 import item_pb2 as _item_pb2
from verifier.v1 import judge_pb2 as _judge_pb2
from verifier.v1 import math_pb2 as _math_pb2
from verifier.v1 import process_pb2 as _process_pb2
from verifier.v1 import result_pb2 as _result_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SelectMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SELECT_METHOD_UNSPECIFIED: _ClassVar[SelectMethod]
    SELECT_METHOD_MAJORITY: _ClassVar[SelectMethod]
    SELECT_METHOD_BEST_OF_N: _ClassVar[SelectMethod]
    SELECT_METHOD_WEIGHTED_BEST_OF_N: _ClassVar[SelectMethod]
SELECT_METHOD_UNSPECIFIED: SelectMethod
SELECT_METHOD_MAJORITY: SelectMethod
SELECT_METHOD_BEST_OF_N: SelectMethod
SELECT_METHOD_WEIGHTED_BEST_OF_N: SelectMethod

class ScoreRequest(_message.Message):
    __slots__ = ("items", "work_limit")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    WORK_LIMIT_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_item_pb2.ScoreItem]
    work_limit: _duration_pb2.Duration
    def __init__(self, items: _Optional[_Iterable[_Union[_item_pb2.ScoreItem, _Mapping]]] = ..., work_limit: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class ScoreResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_result_pb2.ScoreResult]
    def __init__(self, results: _Optional[_Iterable[_Union[_result_pb2.ScoreResult, _Mapping]]] = ...) -> None: ...

class ScoreStreamRequest(_message.Message):
    __slots__ = ("items", "work_limit")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    WORK_LIMIT_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_item_pb2.ScoreItem]
    work_limit: _duration_pb2.Duration
    def __init__(self, items: _Optional[_Iterable[_Union[_item_pb2.ScoreItem, _Mapping]]] = ..., work_limit: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class ScoreStreamResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_result_pb2.ScoreResult]
    def __init__(self, results: _Optional[_Iterable[_Union[_result_pb2.ScoreResult, _Mapping]]] = ...) -> None: ...

class SelectRequest(_message.Message):
    __slots__ = ("method", "candidates", "policy")
    METHOD_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    method: SelectMethod
    candidates: _containers.RepeatedCompositeFieldContainer[SelectCandidate]
    policy: _math_pb2.MathPolicy
    def __init__(self, method: _Optional[_Union[SelectMethod, str]] = ..., candidates: _Optional[_Iterable[_Union[SelectCandidate, _Mapping]]] = ..., policy: _Optional[_Union[_math_pb2.MathPolicy, _Mapping]] = ...) -> None: ...

class SelectCandidate(_message.Message):
    __slots__ = ("id", "completion", "score")
    ID_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    id: str
    completion: str
    score: float
    def __init__(self, id: _Optional[str] = ..., completion: _Optional[str] = ..., score: _Optional[float] = ...) -> None: ...

class SelectResponse(_message.Message):
    __slots__ = ("id", "answer", "groups")
    ID_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    id: str
    answer: str
    groups: _containers.RepeatedCompositeFieldContainer[SelectGroup]
    def __init__(self, id: _Optional[str] = ..., answer: _Optional[str] = ..., groups: _Optional[_Iterable[_Union[SelectGroup, _Mapping]]] = ...) -> None: ...

class SelectGroup(_message.Message):
    __slots__ = ("answer", "ids", "weight")
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    answer: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    weight: float
    def __init__(self, answer: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ..., weight: _Optional[float] = ...) -> None: ...

class ListVerifiersRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListVerifiersResponse(_message.Message):
    __slots__ = ("verifiers", "service_version")
    VERIFIERS_FIELD_NUMBER: _ClassVar[int]
    SERVICE_VERSION_FIELD_NUMBER: _ClassVar[int]
    verifiers: _containers.RepeatedCompositeFieldContainer[VerifierInfo]
    service_version: str
    def __init__(self, verifiers: _Optional[_Iterable[_Union[VerifierInfo, _Mapping]]] = ..., service_version: _Optional[str] = ...) -> None: ...

class VerifierInfo(_message.Message):
    __slots__ = ("name", "version", "description", "kind", "members", "models", "isolation")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    ISOLATION_FIELD_NUMBER: _ClassVar[int]
    name: str
    version: str
    description: str
    kind: str
    members: _containers.RepeatedScalarFieldContainer[str]
    models: _containers.RepeatedScalarFieldContainer[str]
    isolation: str
    def __init__(self, name: _Optional[str] = ..., version: _Optional[str] = ..., description: _Optional[str] = ..., kind: _Optional[str] = ..., members: _Optional[_Iterable[str]] = ..., models: _Optional[_Iterable[str]] = ..., isolation: _Optional[str] = ...) -> None: ...
