# category: memory
# kind: function
# danger: jail (run only inside the jail)
import os, socket
kept = []
def solve(n):
    try:
        while True:
            a, b = socket.socketpair(); a.setblocking(False); kept.append((a, b))
            try:
                while True: a.send(b'x' * 65536)
            except BlockingIOError: pass
    except OSError: pass
    return -1
