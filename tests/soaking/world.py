"""Two replicas with everything around them, and the three ways to them."""

import contextlib
import secrets
import shutil

import redis_server
from balancers import HAProxy, Nginx
from redis_server import RedisServer
from soaking.replicas import Replica
from soaking.rows import PROGRAMS
from soaking.surroundings import Clock, Disk, JudgeServer, scratch_folder

_CONFIG = """
[server]
lame_duck_seconds = 1.5

[code]
slots = {slots}
first_uid = {first_uid}

[math]
workers = {workers}

[judge]
{judge_cache}

[judge.backends.main]
kind = "openai"
base_url = "{judge_url}"
model = "tiny"
timeout_seconds = 6.0
attempts = 2
{more}
"""
_JUDGE_CACHE = 'redis_url_env = "SOAK_REDIS"'
_SHARED_CACHE = '\n[shared_cache]\nredis_url_env = "SOAK_REDIS"\nkey_env = "SOAK_KEY"\n'
_UIDS_EACH = 100


class World:
    """Replicas, judge, Redis and balancers; a context that ends all it has started.

    What is not installed is left out: a balancer's path, Redis, the full disk (needs root), the
    clock (needs a C compiler), programs where there are no jails. `missing` says what, `without`
    which kinds of rows cannot be scored here.

    Args:
        count: replicas.
        more: more lines for their configuration.
        balancers: whether the paths by HAProxy and nginx are wanted.
        workers: SymPy processes of each.
        slots: programs at once of each.
    """

    def __init__(self, *, count=2, more="", balancers=True, workers=1, slots=2):
        self._count, self._more, self._balancers = count, more, balancers
        self._workers, self._slots = workers, slots
        self._stack = contextlib.ExitStack()
        self.missing = []
        self.without = ()
        self.paths = {}
        self.replicas, self.disks, self.clocks = [], [], []
        self.redis = self.judge = None

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self._begin(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception):
        self._stack.close()

    def _begin(self, stack):
        self.folder = scratch_folder()
        stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.judge = JudgeServer()
        stack.callback(self.judge.stop)
        self.judge.start()
        self._begin_redis(stack)
        key = secrets.token_hex(16)
        for number in range(self._count):
            replica = self._replica(stack, number, key)
            stack.callback(replica.stop)
            replica.launch()
        for replica in self.replicas:
            replica.wait()
        if not self.replicas[0].jails():
            self.missing.append("jails")
            self.without = PROGRAMS
        self._begin_paths(stack)

    def _begin_redis(self, stack):
        if redis_server.BINARY is None:
            self.missing.append("redis-server")
            return
        self.redis = RedisServer()
        stack.callback(self.redis.stop)

    def _replica(self, stack, number, key):
        folder = self.folder / f"replica-{number}"
        disk = Disk(folder / "disk")
        stack.callback(disk.close)
        clock = Clock(folder)
        cached = self.redis is not None
        text = _CONFIG.format(
            first_uid=700_000 + _UIDS_EACH * number,
            workers=self._workers,
            slots=self._slots,
            judge_url=self.judge.url,
            judge_cache=_JUDGE_CACHE if cached else "",
            more=self._more + (_SHARED_CACHE if cached else ""),
        )
        environment = {**clock.environment, "OMP_NUM_THREADS": "1", "SOAK_KEY": key}
        if cached:
            environment["SOAK_REDIS"] = self.redis.url
        if not disk.real:
            self.missing.append("a disk to fill")
        if not clock.environment:
            self.missing.append("a clock to shift")
        self.disks.append(disk)
        self.clocks.append(clock)
        self.replicas.append(Replica(folder, text, environment, disk.path))
        return self.replicas[-1]

    def _begin_paths(self, stack):
        addresses = ",".join(replica.target for replica in self.replicas)
        self.paths["round_robin"] = f"ipv4:{addresses}"
        if not self._balancers:
            return
        ports = [(replica.port, replica.side_port) for replica in self.replicas]
        for kind in (HAProxy, Nginx):
            if kind.binary() is None:
                self.missing.append(kind.name)
                continue
            balancer = kind(self.folder, ports)
            stack.callback(balancer.stop)
            self.paths[kind.name] = balancer.start()
