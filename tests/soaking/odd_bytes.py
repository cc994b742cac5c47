"""Bytes that are no calls, for either port: each is a name and what is sent."""

_METHODS = (b"GET", b"POST", b"HEAD", b"OPTIONS", b"DELETE", b"TRACE", b"G\x00T", b"get", b"")
_PATHS = (
    b"/metrics",
    b"/healthz",
    b"/readyz",
    b"/../../etc/passwd",
    b"/%00",
    b"/" + b"a" * 9000,
    b"*",
)
_HEADERS = (
    b"Host: x",
    b"Content-Length: 99999999999999",
    b"Content-Length: -1",
    b"Transfer-Encoding: chunked",
    b"Connection: upgrade\r\nUpgrade: h2c",
    b"X: " + b"y" * 20_000,
    b"No colon",
    b"Accept-Encoding: \xff\xfe",
    b"Accept: " + b"*/*," * 500,
    b"Range: bytes=0-,5-,-1",
)


def http(rng):
    """Requests that are nearly some, or not at all."""
    if rng.random() < 0.2:
        return "http", rng.randbytes(rng.choice((1, 10, 1000, 70_000)))
    headers = b"\r\n".join(rng.choice(_HEADERS) for _ in range(rng.choice((0, 1, 3, 200))))
    version = rng.choice((b"HTTP/1.1", b"HTTP/1.0", b"HTTP/9.9", b"", b"HTTP/1.1\n"))
    line = b" ".join((rng.choice(_METHODS), rng.choice(_PATHS), version))
    body = rng.choice((b"", b"5\r\nhello\r\n0\r\n\r\n", b"ZZZ\r\n", rng.randbytes(200)))
    return "http", line + b"\r\n" + headers + b"\r\n\r\n" + body


def http2(rng):
    """Frames without sense: unknown kinds, wrong sizes, floods of settings, pings and resets."""
    name = rng.choice(tuple(_KINDS))
    return f"h2 {name}", _KINDS[name](rng)


def _noise(rng):
    return rng.randbytes(rng.choice((1, 24, 5000)))


def _tls(rng):
    return b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + rng.randbytes(200)


def _http1(rng):
    return b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def _goaway(rng):
    """A parting word with a line break in it, which must not become a line of the log."""
    payload = bytes(4) + rng.randbytes(4) + b'\n{"event": "call", "caller": "forged"}\n'
    return _GREETING + _frame(7, 0, 0, payload)


def _cut(rng):
    return _GREETING[: rng.randrange(1, 33)]


def _flood(rng):
    frames = (_frame(4, 0, 0, b""), _frame(6, 0, 0, bytes(8)), _frame(3, 0, 1, bytes(4)))
    return _GREETING + rng.choice(frames) * rng.choice((10, 2000))


def _frames(rng):
    def one():
        kind, flags, stream = rng.randrange(12), rng.randrange(256), rng.randrange(8)
        return _frame(kind, flags, stream, rng.randbytes(rng.randrange(60)))

    return _GREETING + b"".join(one() for _ in range(rng.randint(1, 20)))


def _frame(kind, flags, stream, payload):
    head = len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big")
    return head + payload


_GREETING = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _frame(4, 0, 0, b"")
_KINDS = {
    "noise": _noise,
    "tls": _tls,
    "http1": _http1,
    "goaway": _goaway,
    "cut": _cut,
    "flood": _flood,
    "frames": _frames,
}
