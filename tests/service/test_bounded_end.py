"""The end of the process is bounded, whatever a thread of it is at."""

import os
import signal
import threading

import grpc
import pytest
from program import wait_until
from wire_items import NO_RETRIES

from verifier.v1 import item_pb2, process_pb2, service_pb2, service_pb2_grpc


def test_a_model_that_never_finishes_loading_does_not_keep_the_process(serve, tmp_path):
    model = tmp_path / "model"
    model.mkdir()
    os.mkfifo(model / "config.json")  # whoever reads it waits for what is never written
    (tmp_path / "service.toml").write_text(
        "[server]\nlame_duck_seconds = 0\ndrain_seconds = 0.5\n[code]\nslots = 1\n"
        f'[prm.models.stuck]\npath = "{model}"\nfamily = "trl"\n'
    )
    server = serve("--config", tmp_path / "service.toml")
    task = process_pb2.ProcessTask(model="stuck", steps=["1 + 1 = 2"])
    item = item_pb2.ScoreItem(id="x", prompt="1 + 1?", completion="1 + 1 = 2", process=task)

    def score():
        with grpc.insecure_channel(server.target, options=NO_RETRIES) as channel:
            stub = service_pb2_grpc.VerifierServiceStub(channel)
            with pytest.raises(grpc.RpcError):
                stub.Score(service_pb2.ScoreRequest(items=[item]))

    caller = threading.Thread(target=score)
    caller.start()
    held = []
    wait_until(lambda: (end := writer_of(model / "config.json")) and not held.append(end))
    code, log = server.stop(signal.SIGTERM, timeout=60)
    caller.join(30)
    os.close(*held)
    assert code == 0
    assert "could be ended in time" in log
    assert not caller.is_alive()


def writer_of(pipe):
    """The writing end of a pipe that somebody reads from; None while nobody does."""
    try:
        return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return None
