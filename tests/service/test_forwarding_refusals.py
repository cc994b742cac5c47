"""A front whose deployments refuse it: rings, tokens, certificates, messages that do not fit."""

import hashlib

import grpc
import pytest
from deployments import Obedient, calls_of, code_at, deployed, page, row, until
from guarded_service import Authority
from program import free_port

from verifier.client import AsyncClient
from verifier.config.access import AccessConfig, TlsConfig
from verifier.forwarding.hops import HOPS_KEY
from verifier.types import Reason, Verdict
from verifier.v1 import process_pb2, service_pb2, service_pb2_grpc


async def test_deployments_that_point_at_each_other_end_and_say_so():
    ports = free_port(), free_port()
    async with (
        deployed(
            forward={"code": {"target": f"127.0.0.1:{ports[1]}"}},
            server={"listen": f"127.0.0.1:{ports[0]}"},
        ) as one,
        deployed(
            forward={"code": {"target": f"127.0.0.1:{ports[0]}"}},
            server={"listen": f"127.0.0.1:{ports[1]}"},
        ) as other,
        AsyncClient(one.target) as client,
    ):
        (result,) = await client.score([row("a")])
        hops = await calls_of(one, "ScoreStream") + await calls_of(other, "ScoreStream")
    assert (result.verdict, result.reason) == (Verdict.UNSCORED, Reason.BACKEND_UNAVAILABLE)
    assert "form a ring" in result.message
    assert hops <= 4


@pytest.mark.parametrize("hops", ["4", "99999999999", "-1", "many", ""])
async def test_a_call_that_has_come_too_far_is_refused_by_every_method(hops):
    async with (
        deployed(Obedient()) as back,
        grpc.aio.insecure_channel(back.target) as channel,
    ):
        stub = service_pb2_grpc.VerifierServiceStub(channel)
        for method, request in (
            (stub.Score, service_pb2.ScoreRequest()),
            (stub.ListVerifiers, service_pb2.ListVerifiersRequest()),
            (stub.ScoreSteps, process_pb2.ScoreStepsRequest()),
        ):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await method(request, metadata=((HOPS_KEY, hops),))
            assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
        await stub.ListVerifiers(service_pb2.ListVerifiersRequest(), metadata=((HOPS_KEY, "3"),))


def token_file(folder, token):
    path = folder / "tokens.toml"
    digest = hashlib.sha256(token.encode()).hexdigest()
    path.write_text(f'[tokens.front]\nsha256 = "{digest}"\nroles = ["score"]\n')
    path.chmod(0o600)
    return AccessConfig(tokens=str(path))


class Lines(list):
    """A log whose lines can be looked at. structlog's own needs loggers that nobody has used."""

    def info(self, event, **fields):
        self.append({"event": event, **fields})


async def test_the_other_sides_log_names_whose_items_they_are(monkeypatch):
    """By what the front says, in a line whose caller is the front."""
    lines = Lines()
    monkeypatch.setattr("verifier.server.audit._log", lines)
    async with (
        deployed(Obedient()) as back,
        deployed(forward=code_at(back)) as front,
        AsyncClient(front.target) as client,
    ):
        await client.score([row("a")])
        await until(lambda: any(_is_call(line, "ScoreStream") for line in lines))
    (line,) = (line for line in lines if _is_call(line, "ScoreStream"))
    assert line["on_behalf_of"] == line["caller"] == "127.0.0.1", "both have called from here"
    (own,) = (line for line in lines if _is_call(line, "Score"))
    assert "on_behalf_of" not in own


def _is_call(line, method):
    return line["event"] == "call" and line["method"].endswith(f"/{method}")


TOKEN = "vt_" + "a" * 43
VARIABLE = "SANDBOX_TOKEN"


@pytest.mark.parametrize(("held", "works"), [(TOKEN, True), ("vt_" + "b" * 43, False)])
async def test_the_front_shows_its_own_token_and_says_which_key_to_look_at(
    tmp_path, monkeypatch, held, works
):
    monkeypatch.setenv(VARIABLE, held)
    async with (
        deployed(Obedient(), access=token_file(tmp_path, TOKEN)) as back,
        deployed(forward=code_at(back, token_env=VARIABLE)) as front,
        AsyncClient(front.target) as client,
    ):
        (result,) = await client.score([row("a", 0.5)])
        _, health = await page(front, "healthz")
    if works:
        assert (result.reward, result.verifier) == (0.5, "code/7")
    else:
        assert (result.verdict, result.reason) == (Verdict.UNSCORED, Reason.BACKEND_UNAVAILABLE)
        assert "forward.code.token_env" in result.message
        assert "forward.code.token_env" in health
        assert held not in result.message + health


async def test_the_line_to_the_other_side_may_be_encrypted_and_its_end_must_be_the_right_one(
    tmp_path,
):
    ours, others = Authority(tmp_path, "ours"), Authority(tmp_path, "others")
    chain, key = ours.issue("sandbox", "127.0.0.1", "localhost")
    tls = TlsConfig(certificate=str(chain), key=str(key))
    async with deployed(Obedient(), tls=tls) as back:
        for authorities, reward in ((ours, 0.5), (others, None)):
            table = code_at(back, authorities=str(authorities.pem))
            async with deployed(forward=table) as front, AsyncClient(front.target) as client:
                (result,) = await client.score([row("a", 0.5)])
            assert result.reward == reward
    assert result.reason is Reason.BACKEND_UNAVAILABLE


async def test_the_front_shows_a_certificate_where_the_other_side_asks_for_one(tmp_path):
    ours, others = Authority(tmp_path, "ours"), Authority(tmp_path, "others")
    chain, key = ours.issue("sandbox", "127.0.0.1", "localhost")
    tls = TlsConfig(certificate=str(chain), key=str(key), client_authorities=str(ours.pem))
    shown = {
        "one that ours have signed": (ours.issue("front"), 0.5),
        "one of others": (others.issue("stranger"), None),
        "none": (("", ""), None),
    }
    async with deployed(Obedient(), tls=tls) as back:
        for what, ((certificate, own_key), reward) in shown.items():
            table = code_at(
                back,
                authorities=str(ours.pem),
                certificate=str(certificate),
                key=str(own_key),
            )
            async with deployed(forward=table) as front, AsyncClient(front.target) as client:
                (result,) = await client.score([row("a", 0.5)])
            assert result.reward == reward, what
    assert result.reason is Reason.BACKEND_UNAVAILABLE


async def test_items_too_large_for_the_other_side_cost_only_themselves():
    padding = "x" * 300_000
    rows = [row("a"), row("large", padding=padding), row("b", 0.5)]
    async with (
        deployed(Obedient(), server={"max_message_bytes": 100_000}) as back,
        deployed(forward=code_at(back)) as front,
        AsyncClient(front.target) as client,
    ):
        results = await client.score(rows)
    assert [result.reward for result in results] == [1.0, None, 0.5]
    assert results[1].reason is Reason.INVALID_INPUT
    assert "larger than max" in results[1].message


async def test_a_deployment_that_takes_fewer_items_a_call_is_no_zero():
    async with (
        deployed(Obedient(), server={"max_batch_items": 2}) as back,
        deployed(forward=code_at(back)) as front,
        AsyncClient(front.target) as client,
    ):
        results = await client.score([row(n) for n in range(3)])
    assert {result.reason for result in results} == {Reason.BACKEND_UNAVAILABLE}
    assert "at most 2 fit" in results[0].message


async def test_a_deployment_without_the_task_says_so_in_results_and_health():
    async with (
        deployed(forward={"code": {"target": "127.0.0.1:1"}}) as without,
        deployed(forward={"plugin:absent": {"target": without.target}}) as front,
        AsyncClient(front.target) as client,
    ):
        (result,) = await client.score([{"id": "a", "plugin": {"name": "absent"}}])
        _, health = await page(front, "healthz")
    assert (result.verdict, result.reason) == (Verdict.UNSCORED, Reason.UNSUPPORTED)
    assert "has no verifier 'plugin:absent'" in health
