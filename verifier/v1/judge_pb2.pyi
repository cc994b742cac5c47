from verifier.v1 import verdict_pb2 as _verdict_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class JudgeScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JUDGE_SCOPE_UNSPECIFIED: _ClassVar[JudgeScope]
    JUDGE_SCOPE_FINAL_ANSWER: _ClassVar[JudgeScope]
    JUDGE_SCOPE_WHOLE_COMPLETION: _ClassVar[JudgeScope]

class ReadFrom(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    READ_FROM_UNSPECIFIED: _ClassVar[ReadFrom]
    READ_FROM_TEXT: _ClassVar[ReadFrom]
    READ_FROM_JSON: _ClassVar[ReadFrom]
    READ_FROM_LABELS: _ClassVar[ReadFrom]

class JudgeMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JUDGE_MODE_UNSPECIFIED: _ClassVar[JudgeMode]
    JUDGE_MODE_POINTWISE: _ClassVar[JudgeMode]
    JUDGE_MODE_PAIRWISE: _ClassVar[JudgeMode]
    JUDGE_MODE_LISTWISE: _ClassVar[JudgeMode]
JUDGE_SCOPE_UNSPECIFIED: JudgeScope
JUDGE_SCOPE_FINAL_ANSWER: JudgeScope
JUDGE_SCOPE_WHOLE_COMPLETION: JudgeScope
READ_FROM_UNSPECIFIED: ReadFrom
READ_FROM_TEXT: ReadFrom
READ_FROM_JSON: ReadFrom
READ_FROM_LABELS: ReadFrom
JUDGE_MODE_UNSPECIFIED: JudgeMode
JUDGE_MODE_POINTWISE: JudgeMode
JUDGE_MODE_PAIRWISE: JudgeMode
JUDGE_MODE_LISTWISE: JudgeMode

class JudgeTask(_message.Message):
    __slots__ = ("reference_answer", "rubric", "template", "votes", "scope", "backend", "threshold", "context", "steps", "seed", "temperature", "read_from", "max_tokens")
    REFERENCE_ANSWER_FIELD_NUMBER: _ClassVar[int]
    RUBRIC_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    VOTES_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    BACKEND_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    READ_FROM_FIELD_NUMBER: _ClassVar[int]
    MAX_TOKENS_FIELD_NUMBER: _ClassVar[int]
    reference_answer: str
    rubric: Rubric
    template: str
    votes: int
    scope: JudgeScope
    backend: str
    threshold: float
    context: str
    steps: _containers.RepeatedScalarFieldContainer[str]
    seed: int
    temperature: float
    read_from: ReadFrom
    max_tokens: int
    def __init__(self, reference_answer: _Optional[str] = ..., rubric: _Optional[_Union[Rubric, _Mapping]] = ..., template: _Optional[str] = ..., votes: _Optional[int] = ..., scope: _Optional[_Union[JudgeScope, str]] = ..., backend: _Optional[str] = ..., threshold: _Optional[float] = ..., context: _Optional[str] = ..., steps: _Optional[_Iterable[str]] = ..., seed: _Optional[int] = ..., temperature: _Optional[float] = ..., read_from: _Optional[_Union[ReadFrom, str]] = ..., max_tokens: _Optional[int] = ...) -> None: ...

class Rubric(_message.Message):
    __slots__ = ("criteria",)
    CRITERIA_FIELD_NUMBER: _ClassVar[int]
    criteria: _containers.RepeatedCompositeFieldContainer[Criterion]
    def __init__(self, criteria: _Optional[_Iterable[_Union[Criterion, _Mapping]]] = ...) -> None: ...

class Criterion(_message.Message):
    __slots__ = ("name", "description", "weight", "required")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    weight: float
    required: bool
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., weight: _Optional[float] = ..., required: bool = ...) -> None: ...

class JudgeDetail(_message.Message):
    __slots__ = ("template", "model", "votes", "raw", "usage", "backend", "read_from", "vote_entropy", "criteria", "step_scores", "seed", "disagreements", "note")
    TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    VOTES_FIELD_NUMBER: _ClassVar[int]
    RAW_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    BACKEND_FIELD_NUMBER: _ClassVar[int]
    READ_FROM_FIELD_NUMBER: _ClassVar[int]
    VOTE_ENTROPY_FIELD_NUMBER: _ClassVar[int]
    CRITERIA_FIELD_NUMBER: _ClassVar[int]
    STEP_SCORES_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    DISAGREEMENTS_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    template: str
    model: str
    votes: _containers.RepeatedScalarFieldContainer[float]
    raw: str
    usage: JudgeUsage
    backend: str
    read_from: ReadFrom
    vote_entropy: float
    criteria: _containers.RepeatedCompositeFieldContainer[CriterionOutcome]
    step_scores: _containers.RepeatedScalarFieldContainer[float]
    seed: int
    disagreements: int
    note: str
    def __init__(self, template: _Optional[str] = ..., model: _Optional[str] = ..., votes: _Optional[_Iterable[float]] = ..., raw: _Optional[str] = ..., usage: _Optional[_Union[JudgeUsage, _Mapping]] = ..., backend: _Optional[str] = ..., read_from: _Optional[_Union[ReadFrom, str]] = ..., vote_entropy: _Optional[float] = ..., criteria: _Optional[_Iterable[_Union[CriterionOutcome, _Mapping]]] = ..., step_scores: _Optional[_Iterable[float]] = ..., seed: _Optional[int] = ..., disagreements: _Optional[int] = ..., note: _Optional[str] = ...) -> None: ...

class CriterionOutcome(_message.Message):
    __slots__ = ("name", "score", "weight", "required")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    name: str
    score: float
    weight: float
    required: bool
    def __init__(self, name: _Optional[str] = ..., score: _Optional[float] = ..., weight: _Optional[float] = ..., required: bool = ...) -> None: ...

class JudgeUsage(_message.Message):
    __slots__ = ("prompt_tokens", "completion_tokens", "cost", "seconds", "retries", "calls", "cached_calls", "parse_failures")
    PROMPT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_TOKENS_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    RETRIES_FIELD_NUMBER: _ClassVar[int]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    CACHED_CALLS_FIELD_NUMBER: _ClassVar[int]
    PARSE_FAILURES_FIELD_NUMBER: _ClassVar[int]
    prompt_tokens: int
    completion_tokens: int
    cost: float
    seconds: float
    retries: int
    calls: int
    cached_calls: int
    parse_failures: int
    def __init__(self, prompt_tokens: _Optional[int] = ..., completion_tokens: _Optional[int] = ..., cost: _Optional[float] = ..., seconds: _Optional[float] = ..., retries: _Optional[int] = ..., calls: _Optional[int] = ..., cached_calls: _Optional[int] = ..., parse_failures: _Optional[int] = ...) -> None: ...

class JudgeRequest(_message.Message):
    __slots__ = ("mode", "prompt", "completions", "task")
    MODE_FIELD_NUMBER: _ClassVar[int]
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    COMPLETIONS_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    mode: JudgeMode
    prompt: str
    completions: _containers.RepeatedScalarFieldContainer[str]
    task: JudgeTask
    def __init__(self, mode: _Optional[_Union[JudgeMode, str]] = ..., prompt: _Optional[str] = ..., completions: _Optional[_Iterable[str]] = ..., task: _Optional[_Union[JudgeTask, _Mapping]] = ...) -> None: ...

class JudgeResponse(_message.Message):
    __slots__ = ("scores", "ranking", "detail")
    SCORES_FIELD_NUMBER: _ClassVar[int]
    RANKING_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    scores: _containers.RepeatedCompositeFieldContainer[JudgeScore]
    ranking: _containers.RepeatedScalarFieldContainer[int]
    detail: JudgeDetail
    def __init__(self, scores: _Optional[_Iterable[_Union[JudgeScore, _Mapping]]] = ..., ranking: _Optional[_Iterable[int]] = ..., detail: _Optional[_Union[JudgeDetail, _Mapping]] = ...) -> None: ...

class JudgeScore(_message.Message):
    __slots__ = ("verdict", "reason", "reward", "message", "detail")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REWARD_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    verdict: _verdict_pb2.Verdict
    reason: _verdict_pb2.Reason
    reward: float
    message: str
    detail: JudgeDetail
    def __init__(self, verdict: _Optional[_Union[_verdict_pb2.Verdict, str]] = ..., reason: _Optional[_Union[_verdict_pb2.Reason, str]] = ..., reward: _Optional[float] = ..., message: _Optional[str] = ..., detail: _Optional[_Union[JudgeDetail, _Mapping]] = ...) -> None: ...
