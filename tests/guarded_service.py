"""Services behind tokens and certificates: authorities of one test, and how to knock."""

import datetime as dt
import http.client
import signal
import ssl
import subprocess
import tempfile
from contextlib import closing

import grpc
import trustme
from program import free_port, wait_until

from verifier.access import digest_of, new_token
from verifier.client.channel import CHANNEL_OPTIONS
from verifier.v1 import item_pb2, judge_pb2, math_pb2, process_pb2, service_pb2

SERVICE = service_pb2.DESCRIPTOR.services_by_name["VerifierService"]
PAST = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
NO_RETRIES = (("grpc.enable_retries", 0), *CHANNEL_OPTIONS[2:])


class Authority:
    """Signs certificates, and knows where it has put them."""

    def __init__(self, folder, name):
        self._ca = trustme.CA(organization_name=name)
        self._folder = folder
        self.pem = folder / f"{name}.pem"
        self._ca.cert_pem.write_to_path(self.pem)

    def issue(self, name, *hosts, expired=False):
        """Paths of a new chain and its key; written side by side and moved into place."""
        lifetime = {"not_before": PAST, "not_after": PAST + dt.timedelta(days=1)}
        leaf = self._ca.issue_cert(
            *(hosts or (name,)), common_name=name, **(lifetime if expired else {})
        )
        chain, key = self._folder / f"{name}.crt", self._folder / f"{name}.key"
        leaf.cert_chain_pems[0].write_to_path(chain.with_suffix(".crt.new"))
        leaf.private_key_pem.write_to_path(key.with_suffix(".key.new"))
        key.with_suffix(".key.new").replace(key)
        chain.with_suffix(".crt.new").replace(chain)
        return chain, key


class Tokens:
    """A token file, and the tokens that its tables are of."""

    def __init__(self, path):
        self.path = path
        self._tables = {}
        self.of = {}

    def add(self, name, *roles, **rights):
        self.of[name] = new_token()
        lines = [f'[tokens.{name}]\nsha256 = "{digest_of(self.of[name])}"', _roles(roles)]
        self._tables[name] = "\n".join([*lines, *(f"{key} = {v}" for key, v in rights.items())])

    def add_certificate(self, name, *roles):
        self._tables[name] = f'[certificates."{name}"]\n{_roles(roles)}'

    def remove(self, name):
        del self._tables[name]

    def write(self):
        """Puts a new version into place at once."""
        scratch = self.path.with_suffix(".new")
        scratch.write_text("\n".join(self._tables.values()) + "\n")
        scratch.chmod(0o600)
        scratch.replace(self.path)


def _roles(roles):
    return f"roles = [{', '.join(f'{role!r}' for role in roles)}]"


class GuardedServer:
    """A serving process on free ports, which is there once `ready` returns."""

    def __init__(self, program, configuration, *, side_port_tls=False):
        self.port, self.metrics_port = free_port(), free_port()
        self.target = f"localhost:{self.port}"
        self._scheme = "https" if side_port_tls else "http"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        self.process = program.start(
            *("serve", "--listen", f"127.0.0.1:{self.port}"),
            *("--metrics-listen", f"127.0.0.1:{self.metrics_port}", "--config", configuration),
            stdout=subprocess.DEVNULL,
            stderr=self._log,
        )

    def ready(self):
        """Waits until it serves; returns it."""
        try:
            wait_until(self._is_ready, 100)
        except BaseException:
            self.stop()
            raise
        return self

    def _is_ready(self):
        assert self.process.poll() is None, self.log()
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def get(self, path, token=None):
        """Status and text of a page of the side port."""
        kind = (
            http.client.HTTPSConnection if self._scheme == "https" else http.client.HTTPConnection
        )
        options = {"context": _trusting()} if self._scheme == "https" else {}
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        with closing(kind("localhost", self.metrics_port, timeout=30, **options)) as connection:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def items(self, token):
        """Items that the engine has ever taken in, as its metrics say."""
        status, text = self.get("/metrics", token)
        assert status == 200
        name = "verifier_batch_items_sum "
        return float(next(line for line in text.splitlines() if line.startswith(name)).split()[1])

    def log(self):
        self._log.seek(0)
        return self._log.read().decode()

    def stop(self):
        """Ends it; returns what was logged."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(timeout=60)
        if self._log.closed:
            return ""
        text = self.log()
        self._log.close()
        return text


def _trusting():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def knock(target, method, *, token=None, credentials=None, request=None, metadata=()):
    """Makes a call; returns the name of its status code, and the message."""
    if token is not None:
        metadata = (*metadata, ("authorization", f"Bearer {token}"))
    options = {"timeout": 30, "metadata": metadata}
    with _channel(target, credentials) as channel:
        path, sent = f"/{SERVICE.full_name}/{method}", request
        if sent is None:
            sent = REQUESTS.get(method, b"")
        sent = sent if isinstance(sent, bytes) else sent.SerializeToString()
        try:
            if method == "ScoreStream":
                for _ in channel.stream_stream(path)(iter([sent]), **options):
                    pass
            else:
                channel.unary_unary(path)(sent, **options)
        except grpc.RpcError as error:
            return error.code().name, error.details()
    return "OK", ""


def _channel(target, credentials):
    if credentials is None:
        return grpc.insecure_channel(target, options=NO_RETRIES)
    return grpc.secure_channel(target, credentials, options=NO_RETRIES)


def client_credentials(authority, pair=(None, None)):
    """Of a channel that trusts an authority and shows a certificate."""
    chain, key = (path and path.read_bytes() for path in pair)
    return grpc.ssl_channel_credentials(authority.pem.read_bytes(), key, chain)


def _item():
    task = math_pb2.MathTask(reference_answers=["4"])
    return item_pb2.ScoreItem(id="1", completion="\\boxed{4}", math=task)


def _branch():
    return process_pb2.StepBranch(new_steps=["2 + 2 = 4"])


# One of each that would work if it were let in; Select is not there yet.
REQUESTS = {
    "Score": service_pb2.ScoreRequest(items=[_item()]),
    "ScoreStream": service_pb2.ScoreStreamRequest(items=[_item()]),
    "ScoreSteps": process_pb2.ScoreStepsRequest(prompt="2 + 2?", branches=[_branch()]),
    "Judge": judge_pb2.JudgeRequest(
        prompt="2 + 2?", completions=["4"], task=judge_pb2.JudgeTask(reference_answer="4")
    ),
    "Select": service_pb2.SelectRequest(),
    "ListVerifiers": service_pb2.ListVerifiersRequest(),
}
