"""A real Prometheus for the tests: its own process, on a free port, with its data in a folder."""

import json
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from program import free_port, wait_until

BINARY = shutil.which("prometheus")
PROMTOOL = shutil.which("promtool")
MISSING = "no prometheus or promtool here: `make toolchains` installs them"


class PrometheusServer:
    """Runs with the configuration file given; ends with the block."""

    def __init__(self, configuration, folder):
        self._configuration = configuration
        self._folder = folder
        self._port = free_port()
        self._process = None

    def __enter__(self):
        with (self._folder / "prometheus.log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *(BINARY, f"--config.file={self._configuration}"),
                    f"--storage.tsdb.path={self._folder / 'data'}",
                    f"--web.listen-address=127.0.0.1:{self._port}",
                ],
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        try:
            wait_until(self._is_ready)
        except BaseException:  # a test's timeout, too: no process stays behind
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()

    def _is_ready(self):
        assert self._process.poll() is None, (self._folder / "prometheus.log").read_text()
        try:
            return self._get("/-/ready") is not None
        except (ConnectionError, urllib.error.URLError):
            return False

    def _get(self, path, **arguments):
        query = f"?{urllib.parse.urlencode(arguments)}" if arguments else ""
        url = f"http://127.0.0.1:{self._port}{path}{query}"
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.read()

    def ask(self, path, **arguments):
        """What the HTTP API answers; an error in it is the test's."""
        try:
            answer = json.loads(self._get(f"/api/v1/{path}", **arguments))
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{arguments}: {error.read().decode()}") from error
        assert answer["status"] == "success", answer
        return answer["data"]

    def query(self, expression):
        """The samples that an expression has now, as (labels, value)."""
        return [
            (one["metric"], float(one["value"][1]))
            for one in self.ask("query", query=expression)["result"]
        ]


def promtool(*arguments, timeout=110):
    """Exit code and words of promtool."""
    done = subprocess.run(
        [PROMTOOL, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=timeout,
        check=False,
    )
    return done.returncode, done.stdout.decode()
