"""Who has no business here is refused, by every call and every port, before any work is done."""

import http.client
import json
from contextlib import closing

import grpc
import pytest
from google.protobuf import struct_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from guarded_service import (
    REQUESTS,
    SERVICE,
    Authority,
    GuardedServer,
    Tokens,
    client_credentials,
    knock,
)
from program import wait_until

from verifier.server.access import METHOD_ROLES, OPEN_METHODS
from verifier.v1 import (
    composite_pb2,
    item_pb2,
    judge_pb2,
    math_pb2,
    plugin_pb2,
    service_pb2,
    service_pb2_grpc,
)

METHODS = [method.name for method in SERVICE.methods]
# What a call comes to that is let in. A search without branches is refused by its handler, which is
# proof enough and saves the time that its model takes to load.
NEARLY = {**REQUESTS, "ScoreSteps": b""}
LET_IN = {"Select": "UNIMPLEMENTED", "ScoreSteps": "INVALID_ARGUMENT"}
LET_IN = {method: LET_IN.get(method, "OK") for method in METHODS}
WRONG = "vt_wrong"
JUDGED_RECIPE = """
[recipes.judged]
formula = "what the judge says"
terms = [{name = "judge", judge = {reference_answer = "4"}}]
"""


class Place:
    """Two services: one with tokens, one that asks for certificates, too."""

    def __init__(self, folder, program):
        self.ours, self.theirs = Authority(folder, "ours"), Authority(folder, "theirs")
        self.tokens = Tokens(folder / "tokens.toml")
        self.tokens.add("scorer", "score")
        self.tokens.add("judger", "judge")
        self.tokens.add("both", "score", "judge")
        self.tokens.add("operator", "admin")
        self.tokens.add("late", "score", "judge", "admin", expires="2020-01-01T00:00:00Z")
        self.tokens.add("slow", "score", items_per_second=2.0)
        self.tokens.add_certificate("trainer", "score")
        self.tokens.write()
        self.chain, self.key = self.ours.issue("service", "localhost", "127.0.0.1")
        (folder / "service.toml").write_text(self._configuration("side_port = true"))
        mutual = f'client_authorities = "{self.ours.pem}"'
        (folder / "mutual.toml").write_text(self._configuration(mutual))
        self.by_token = GuardedServer(program, folder / "service.toml", side_port_tls=True)
        self.by_certificate = GuardedServer(program, folder / "mutual.toml")
        self.by_token.ready()
        self.by_certificate.ready()

    def _configuration(self, more):
        return (
            f'[access]\ntokens = "{self.tokens.path}"\n'
            f'[tls]\ncertificate = "{self.chain}"\nkey = "{self.key}"\n{more}\n{JUDGED_RECIPE}'
        )

    @property
    def line(self):
        return client_credentials(self.ours)

    def close(self):
        for name in ("by_token", "by_certificate"):
            server = getattr(self, name, None)
            if server is not None:
                server.stop()


@pytest.fixture(scope="module")
def place(tmp_path_factory, program):
    made = Place.__new__(Place)
    try:
        made.__init__(tmp_path_factory.mktemp("access"), program)
        yield made
    finally:
        made.close()


@pytest.fixture
def untouched(place):
    """Nothing that a test sends may reach an engine."""
    operator = place.tokens.of["operator"]
    servers = (place.by_token, place.by_certificate)
    before = [server.items(operator) for server in servers]
    yield
    assert [server.items(operator) for server in servers] == before


# ------------------------------------------------------------------------------------- by token


def test_every_method_has_its_role_and_no_other_stands_there():
    assert set(METHOD_ROLES) == {f"/{SERVICE.full_name}/{name}" for name in METHODS}
    health = health_pb2.DESCRIPTOR.services_by_name["Health"]
    assert {f"/{health.full_name}/{one.name}" for one in health.methods} == OPEN_METHODS


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (None, "a token is needed"),
        ("vt_" + "x" * 43, "not known"),
        ("", "a token is needed"),
        ("late", "expired"),
    ],
    ids=["none", "wrong", "empty", "expired"],
)
def test_without_a_token_that_counts_no_call_is_taken(place, untouched, method, shown, said):
    token = place.tokens.of.get(shown, shown)
    code, message = knock(place.by_token.target, method, token=token, credentials=place.line)
    assert code == "UNAUTHENTICATED"
    assert said in message


@pytest.mark.parametrize("method", METHODS)
def test_another_role_is_not_enough(place, untouched, method):
    role = METHOD_ROLES[f"/{SERVICE.full_name}/{method}"]
    names = {"SCORE": ("judger", "operator"), "JUDGE": ("scorer", "operator")}
    for name in names.get(role and role.value, ()):
        code, message = knock(
            place.by_token.target, method, token=place.tokens.of[name], credentials=place.line
        )
        assert code == "PERMISSION_DENIED", name
        assert name in message


@pytest.mark.parametrize("method", METHODS)
def test_the_right_role_is_enough(place, method):
    token = place.tokens.of["both"]
    code, _ = knock(
        place.by_token.target, method, token=token, credentials=place.line, request=NEARLY[method]
    )
    assert code == LET_IN[method]


@pytest.mark.parametrize("method", METHODS)
def test_nobody_gets_in_without_tls(place, untouched, method):
    for server in (place.by_token, place.by_certificate):
        code, _ = knock(server.target, method, token=place.tokens.of["both"])
        assert code == "UNAVAILABLE"


@pytest.mark.parametrize(
    "metadata",
    [
        [("authorization", "Basic dXNlcjp3b3Jk")],
        [("authorization", "{both}")],
        [("authorization", "Bearer {both} {both}")],
        [("authorization", "Bearer {both}x")],
        [("authorization", "Bearer {both}"), ("authorization", "Bearer {both}")],
        [("authorization", "Bearer " + "x" * 7000)],
        [("authorization-bin", b"Bearer {both}")],
        [("x-authorization", "Bearer {both}")],
    ],
)
def test_what_only_looks_like_a_token_is_none(place, untouched, metadata):
    both = place.tokens.of["both"]
    shown = [
        (key, value if isinstance(value, bytes) else value.replace("{both}", both))
        for key, value in metadata
    ]
    code, message = knock(
        place.by_token.target, "Score", credentials=place.line, metadata=tuple(shown)
    )
    assert code == "UNAUTHENTICATED"
    assert both not in message


@pytest.mark.parametrize("token", [None, "both"])
@pytest.mark.parametrize(
    "path",
    [
        "/verifier.v1.VerifierService/Nothing",
        "/verifier.v1.VerifierService/score",
        "//verifier.v1.VerifierService/Score",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        "/grpc.health.v1.Health/List",
    ],
)
def test_a_method_that_nobody_may_call_is_refused(place, untouched, path, token):
    metadata = [("authorization", f"Bearer {place.tokens.of[token]}")] if token else []
    with (
        grpc.secure_channel(place.by_token.target, place.line) as channel,
        pytest.raises(grpc.RpcError) as caught,
    ):
        channel.unary_unary(path)(b"", timeout=30, metadata=metadata)
    wanted = "PERMISSION_DENIED" if token else "UNAUTHENTICATED"
    assert caught.value.code().name == wanted


def test_health_is_open_to_whoever_can_connect(place):
    with grpc.secure_channel(place.by_token.target, place.line) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        request = health_pb2.HealthCheckRequest()
        assert stub.Check(request, timeout=30).status == health_pb2.HealthCheckResponse.SERVING
        watch = stub.Watch(request, timeout=30)
        assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
        watch.cancel()


def test_a_refused_call_is_not_read(place, untouched):
    """Half a gigabyte is promised, and the answer comes at its first message."""
    sent = []

    def endless():
        for _ in range(512):
            sent.append(1)
            yield bytes(1024 * 1024)

    with grpc.secure_channel(
        place.by_token.target, place.line, options=[("grpc.max_send_message_length", -1)]
    ) as channel:
        call = channel.stream_stream(f"/{SERVICE.full_name}/ScoreStream")(endless(), timeout=60)
        with pytest.raises(grpc.RpcError) as caught:
            list(call)
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert len(sent) < 512


# -------------------------------------------------------------------------------- asking a judge


def _judged(field):
    judge = judge_pb2.JudgeTask(reference_answer="4")
    if field == "itself":
        return item_pb2.ScoreItem(id="1", completion="4", judge=judge)
    task = composite_pb2.CompositeTask()
    if field == "a term":
        term = task.terms.add(name="j", weight=1.0)
        term.judge.CopyFrom(judge)
    elif field == "the base":
        task.recipe = "r1_zero"
        task.base.judge.CopyFrom(judge)
    else:
        task.recipe = "judged"
    return item_pb2.ScoreItem(id="1", completion="4", composite=task)


@pytest.mark.parametrize("method", ["Score", "ScoreStream"])
@pytest.mark.parametrize("field", ["itself", "a term", "the base", "a recipe"])
def test_a_judge_is_asked_only_for_those_who_may(place, untouched, method, field):
    math = item_pb2.ScoreItem(
        id="0", completion="4", math=math_pb2.MathTask(reference_answers=["4"])
    )
    kind = getattr(service_pb2, f"{method}Request")
    request = kind(items=[math, _judged(field)])
    code, message = knock(
        place.by_token.target,
        method,
        token=place.tokens.of["scorer"],
        credentials=place.line,
        request=request,
    )
    assert code == "PERMISSION_DENIED"
    assert "item 1 asks a judge" in message


@pytest.mark.parametrize("field", ["itself", "a term", "the base", "a recipe"])
def test_a_judge_is_asked_for_those_who_may(place, field):
    code, message = knock(
        place.by_token.target,
        "Score",
        token=place.tokens.of["both"],
        credentials=place.line,
        request=service_pb2.ScoreRequest(items=[_judged(field)]),
    )
    assert (code, message) == ("OK", "")


# --------------------------------------------------------------------------------- by certificate


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["none", "expired", "of another authority"])
def test_a_certificate_that_does_not_count_ends_the_connection(place, untouched, method, kind):
    pair = (None, None)
    if kind == "expired":
        pair = place.ours.issue("trainer", expired=True)
    elif kind == "of another authority":
        pair = place.theirs.issue("trainer")
    credentials = client_credentials(place.ours, pair)
    for token in (None, place.tokens.of["both"]):
        code, _ = knock(place.by_certificate.target, method, token=token, credentials=credentials)
        assert code == "UNAVAILABLE"


@pytest.mark.parametrize("method", METHODS)
def test_a_certificate_has_the_roles_of_its_name_alone(place, method):
    pairs = {name: place.ours.issue(name) for name in ("trainer", "stranger")}
    codes = {
        name: knock(
            place.by_certificate.target,
            method,
            credentials=client_credentials(place.ours, pair),
            request=NEARLY[method],
        )[0]
        for name, pair in pairs.items()
    }
    assert codes["stranger"] == "PERMISSION_DENIED"
    assert codes["trainer"] == ("PERMISSION_DENIED" if method == "Judge" else LET_IN[method])


def test_a_wrong_token_is_not_saved_by_a_right_certificate(place, untouched):
    credentials = client_credentials(place.ours, place.ours.issue("trainer"))
    code, _ = knock(place.by_certificate.target, "Score", token=WRONG, credentials=credentials)
    assert code == "UNAUTHENTICATED"
    code, _ = knock(
        place.by_certificate.target,
        "Score",
        token=place.tokens.of["operator"],
        credentials=credentials,
    )
    assert code == "PERMISSION_DENIED"  # whoever shows a token is known by that


def test_a_service_of_another_authority_is_not_believed(place, untouched):
    code, _ = knock(
        place.by_token.target,
        "Score",
        token=place.tokens.of["both"],
        credentials=client_credentials(place.theirs),
    )
    assert code == "UNAVAILABLE"


# ----------------------------------------------------------------------------------- side port


@pytest.mark.parametrize(
    ("shown", "status"),
    [(None, 401), (WRONG, 401), ("", 401), ("late", 401), ("both", 403), ("operator", 200)],
)
def test_metrics_need_the_role_admin(place, shown, status):
    for server in (place.by_token, place.by_certificate):
        found, text = server.get("/metrics", place.tokens.of.get(shown, shown))
        assert found == status
        assert ("verifier_" in text) == (status == 200)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_need_no_token(place, path):
    for server in (place.by_token, place.by_certificate):
        assert server.get(path)[0] == 200


def test_the_side_port_speaks_tls_alone_where_that_is_configured(place):
    plain = http.client.HTTPConnection("localhost", place.by_token.metrics_port, timeout=30)
    with closing(plain), pytest.raises((OSError, http.client.HTTPException)):  # noqa: PT012
        plain.request("GET", "/healthz")
        plain.getresponse()


# --------------------------------------------------------------------------------- audit and rate


def test_each_call_leaves_a_line_with_caller_items_and_bytes_and_no_contents(place):
    told = "a completion that nobody may read in a log"
    item = item_pb2.ScoreItem(
        id="1", completion=told, math=math_pb2.MathTask(reference_answers=["4"])
    )
    request = service_pb2.ScoreRequest(items=[item])
    options = {"credentials": place.line, "request": request}
    knock(place.by_token.target, "Score", token=place.tokens.of["both"], **options)
    knock(place.by_token.target, "Score", token=WRONG, **options)
    knock(place.by_token.target, "Score", token=place.tokens.of["judger"], **options)

    def calls():
        lines = place.by_token.log().splitlines()
        lines = (json.loads(line) for line in lines if line.startswith("{"))  # gRPC writes, too
        return [line for line in lines if line.get("method", "").endswith("/Score")][-3:]

    wait_until(lambda: [line["code"] for line in calls()][1:] == _REFUSED)
    taken, unknown, forbidden = calls()
    assert (taken["code"], taken["caller"], taken["items"]) == ("OK", "both", 1)
    assert taken["bytes"] == request.ByteSize()
    assert taken["seconds"] > 0
    assert taken["peer"].startswith("ipv4:127.0.0.1:")
    assert (unknown["caller"], unknown["items"], unknown["bytes"]) == ("", 0, 0)
    assert (forbidden["caller"], forbidden["items"]) == ("judger", 0)
    log = place.by_token.log()
    assert told not in log
    assert all(token not in log for token in place.tokens.of.values())


_REFUSED = ["UNAUTHENTICATED", "PERMISSION_DENIED"]


def test_beyond_its_rate_a_caller_is_told_when_to_come_back(place):
    metadata = [("authorization", f"Bearer {place.tokens.of['slow']}")]
    item = REQUESTS["Score"].items[0]
    items = [item_pb2.ScoreItem(id=str(n), completion="4", math=item.math) for n in range(100)]
    options = [("grpc.enable_retries", 0)]
    with grpc.secure_channel(place.by_token.target, place.line, options=options) as channel:
        stub = service_pb2_grpc.VerifierServiceStub(channel)
        request = service_pb2.ScoreRequest(items=items)
        assert len(stub.Score(request, timeout=30, metadata=metadata).results) == 100
        with pytest.raises(grpc.RpcError) as caught:
            stub.Score(request, timeout=30, metadata=metadata)
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    trailers = dict(caught.value.trailing_metadata())
    assert 0 < int(trailers["grpc-retry-pushback-ms"]) <= 60_000


# --------------------------------------------------------------------------------------- limits


def _sized(kind, name, content):
    """A field of a message, in bytes: its own writer refuses what is too deep."""
    out = bytearray()
    for number in (kind.DESCRIPTOR.fields_by_name[name].number << 3 | 2, len(content)):
        rest = number
        while rest > 127:
            out.append(rest & 127 | 128)
            rest >>= 7
        out.append(rest)
    return bytes(out) + content


def _entry(value):
    entry = struct_pb2.Struct.FieldsEntry
    return _sized(entry, "key", b"a") + _sized(entry, "value", value)


def _deep(levels):
    """A request with one item whose options hold objects in objects."""
    options = b""
    for _ in range(levels):
        value = _sized(struct_pb2.Value, "struct_value", options)
        options = _sized(struct_pb2.Struct, "fields", _entry(value))
    task = _sized(plugin_pb2.PluginTask, "name", b"any")
    task += _sized(plugin_pb2.PluginTask, "options", options)
    item = _sized(item_pb2.ScoreItem, "plugin", task)
    return _sized(service_pb2.ScoreRequest, "items", item)


@pytest.mark.parametrize(
    ("method", "request_of", "code"),
    [
        # two bytes each on the wire, a hundred decoded
        ("Score", lambda: b"\x0a\x00" * 2**20, "INVALID_ARGUMENT"),
        ("ScoreStream", lambda: b"\x0a\x00" * 2**20, "INVALID_ARGUMENT"),
        # more items than a batch may have, few enough to be decoded
        ("Score", lambda: b"\x0a\x00" * 20_000, "INVALID_ARGUMENT"),
        # larger than max_message_bytes
        ("Score", lambda: bytes(64 * 2**20 + 1), "RESOURCE_EXHAUSTED"),
        # no message at all
        ("Score", lambda: b"\xff" * 100, "INVALID_ARGUMENT"),
        ("ScoreStream", lambda: b"\xff" * 100, "INVALID_ARGUMENT"),
        # a group without end
        ("Score", lambda: b"\x0b" * 2**20, "INVALID_ARGUMENT"),
        # deeper than protobuf reads
        (
            "Score",
            lambda: _deep(60),
            "INVALID_ARGUMENT",
        ),
    ],
    ids=[
        "nothings",
        "stream of nothings",
        "items",
        "bytes",
        "noise",
        "stream noise",
        "group",
        "deep",
    ],
)
def test_what_is_too_much_of_anything_is_refused_and_nothing_is_scored(
    place, untouched, method, request_of, code
):
    token, request = place.tokens.of["both"], request_of()
    options = {"token": token, "credentials": place.line, "request": request}
    found, message = knock(place.by_token.target, method, **options)
    assert found == code, message
    assert (
        knock(place.by_token.target, "ListVerifiers", token=token, credentials=place.line)[0]
        == "OK"
    )


def test_headers_have_a_bound(place, untouched):
    metadata = (("authorization", "Bearer " + "x" * 100_000),)
    code, _ = knock(place.by_token.target, "Score", credentials=place.line, metadata=metadata)
    assert code == "RESOURCE_EXHAUSTED"
