"""Replicas of the service, simulated: stations, admission, crashes, drains. Time is not real.

What is simulated is what decides waiting: a replica has an event loop and some places behind it,
each with one queue; a crash loses what is inside; a drain lets it end. Calls are let in by the rule
of `verifier.admission`: as long as the items inside, but for free places, are no more seconds of
work than the bound. What items do is drawn from `Piece`s, the same that the formulas of
`verifier.planning` take.
"""

import heapq
import itertools
import math
from collections import deque

MIN_PUSHBACK_SECONDS, MAX_PUSHBACK_SECONDS = 0.05, 5.0  # as the service bounds them


def draw(piece, random):
    """Seconds of one piece of work."""
    if piece.limit_share and random.random() < piece.limit_share:
        return piece.limit_seconds
    if not (piece.variation and piece.seconds):
        return min(piece.seconds, piece.limit_seconds)
    sigma = math.sqrt(math.log1p(piece.variation**2))
    drawn = random.lognormvariate(math.log(piece.seconds) - sigma**2 / 2, sigma)
    return min(drawn, piece.limit_seconds)


class Station:
    """Equal places behind one queue, first come first served or fair between callers.

    Args:
        env: SimPy's.
        places: how many.
        fair: whether callers take turns by the work they have had, instead of first come first
            served.
    """

    def __init__(self, env, places, *, fair=False):
        self._env = env
        self._fair = fair
        self.places = places
        self.free = places
        self.queued_seconds = 0.0
        self._queue = []
        self._numbers = itertools.count()
        self._served = {}  # by caller: the virtual time at which its newest item ends
        self._now = 0.0  # virtual time: that of the item begun last
        self.busy_seconds = 0.0

    def put(self, seconds, caller, done):
        """Queues an item; `done` is called with the seconds that it waited when it has ended."""
        item = (self._env.now, seconds, done)
        if self.free:
            self.free -= 1
            self._begin(item)
            return
        self.queued_seconds += seconds
        tag = 0.0
        if self._fair:
            tag = max(self._served.get(caller, 0.0), self._now) + seconds
            self._served[caller] = tag
        heapq.heappush(self._queue, (tag, next(self._numbers), item))

    def _begin(self, item):
        came, seconds, done = item
        waited = self._env.now - came
        self.busy_seconds += seconds
        end = self._env.timeout(seconds)
        end.callbacks.append(lambda _event: self._end(waited, done))

    def _end(self, waited, done):
        if self._queue:
            tag, _, item = heapq.heappop(self._queue)
            self._now = max(self._now, tag)
            self.queued_seconds -= item[1]
            self._begin(item)
        else:
            self.free += 1
        done(waited)


class Call:
    """Some items in a replica; `ended` becomes true when all are done, or false in a crash."""

    def __init__(self, env, items):
        self.ended = env.event()
        self.left = items
        self.waits = []

    def done(self, waited):
        self.waits.append(waited)
        self.left -= 1
        if not self.left and not self.ended.triggered:
            self.ended.succeed(True)

    def lost(self):
        if not self.ended.triggered:
            self.ended.succeed(False)


class Replica:
    """One replica: a loop, places behind it, and admission before both.

    Args:
        env: SimPy's.
        piece: the work of an item at a place.
        places: how many.
        loop_seconds: what an item takes of the loop.
        queue_seconds: work that may wait for each place before calls are refused.
        fair: whether callers take turns.
    """

    def __init__(self, env, piece, places, *, loop_seconds=0.0, queue_seconds=math.inf, fair=False):
        self._env = env
        self._make = lambda: (Station(env, 1, fair=fair), Station(env, places, fair=fair))
        self._piece = piece
        self._places = places
        self._loop_seconds = loop_seconds
        self._queue_seconds = queue_seconds
        self.loop, self.station = self._make()
        self._inside = 0  # items
        self._mean = (1 - piece.limit_share) * piece.seconds + (
            piece.limit_share * piece.limit_seconds if piece.limit_share else 0.0
        )
        self.calls = set()
        self.up = True
        self.generation = 0

    def admit(self):
        """None if a call may come in, else the seconds after which to try again, unspread."""
        waiting = max(self._inside - self.station.free, 0) * self._mean / self._places
        if waiting <= self._queue_seconds:
            return None
        over = waiting - self._queue_seconds
        return min(max(over, MIN_PUSHBACK_SECONDS), MAX_PUSHBACK_SECONDS)

    def score(self, seconds, caller):
        """Takes a call whose items take so many seconds each."""
        call = Call(self._env, len(seconds))
        self.calls.add(call)
        self._inside += len(seconds)
        generation = self.generation

        def ended(waited):
            if generation == self.generation:
                call.done(waited)
                self._inside -= 1
                if not call.left:
                    self.calls.discard(call)

        def looped(item):
            def put(waited):
                if generation == self.generation:
                    self.station.put(item, caller, lambda more: ended(waited + more))

            return put

        for item in seconds:
            if self._loop_seconds:
                self.loop.put(self._loop_seconds, caller, looped(item))
            else:
                self.station.put(item, caller, ended)
        return call

    def crash(self):
        """Loses everything inside."""
        self.up = False
        self.generation += 1
        self._inside = 0
        calls, self.calls = self.calls, set()
        self.loop, self.station = self._make()
        for call in calls:
            call.lost()

    def empty(self):
        return not self.calls


class Service:
    """Replicas behind a balancer that takes turns among those that are up."""

    def __init__(self, env, make_replica, replicas):
        self.env = env
        self.replicas = [make_replica() for _ in range(replicas)]
        self._turn = 0
        self.crashes = 0

    def next_replica(self):
        """The next one that is up; None if none is."""
        for _ in self.replicas:
            replica = self.replicas[self._turn % len(self.replicas)]
            self._turn += 1
            if replica.up:
                return replica
        return None

    def fail(self, random, mean_up_seconds, restart_seconds):
        """Lets every replica crash at random and come back; a process for each."""
        for replica in self.replicas:
            self.env.process(self._failing(replica, random, mean_up_seconds, restart_seconds))

    def _failing(self, replica, random, mean_up_seconds, restart_seconds):
        while True:
            yield self.env.timeout(random.expovariate(1 / mean_up_seconds))
            if replica.up:
                self.crashes += 1
                replica.crash()
                yield self.env.timeout(restart_seconds)
                replica.up = True

    def roll(self, every_seconds, drain_seconds, restart_seconds):
        """Replaces all replicas one after the other, again and again; one process."""
        return self.env.process(self._rolling(every_seconds, drain_seconds, restart_seconds))

    def _rolling(self, every_seconds, drain_seconds, restart_seconds):
        turn = deque(self.replicas)
        while True:
            yield self.env.timeout(every_seconds)
            replica = turn[0]
            turn.rotate(-1)
            if not replica.up:
                continue
            replica.up = False  # takes nothing new
            end = self.env.now + drain_seconds
            while not replica.empty() and self.env.now < end:
                yield self.env.timeout(drain_seconds / 100)
            replica.crash()
            yield self.env.timeout(restart_seconds)
            replica.up = True
