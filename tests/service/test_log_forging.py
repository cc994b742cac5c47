"""What a peer sends must not become a line of the log."""

import json
import socket

PONG = bytes((0, 0, 8, 6, 1))  # the head of an acknowledged ping


def frame(kind, payload):
    return len(payload).to_bytes(3, "big") + bytes((kind, 0)) + bytes(4) + payload


def test_the_debug_text_of_a_peer_that_leaves_forges_no_line(serve):
    server = serve()
    forged = b'\n{"event": "call", "code": "OK", "caller": "forged"}\n'
    goaway = bytes(4) + (7).to_bytes(4, "big") + forged
    with socket.create_connection(("127.0.0.1", server.port)) as peer:
        greeting = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, b"")
        peer.sendall(greeting + frame(7, goaway) + frame(6, b"are you?"))
        heard = b""
        while PONG not in heard and (more := peer.recv(65_536)):  # frames are answered in order
            heard += more
    code, log = server.stop()
    assert code == 0
    assert "forged" not in log
    assert all("event" in json.loads(line) for line in log.splitlines())
