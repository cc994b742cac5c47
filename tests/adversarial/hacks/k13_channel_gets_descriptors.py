# category: ipc
# kind: function
# danger: jail (run only inside the jail)
import os, struct, threading, time, json
def frame(b): return struct.pack('>I', len(b)) + b
def channels():
    import stat
    return [fd for fd in range(3, 65) if _sock(fd)]
def _sock(fd):
    import stat
    try: return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError: return False
import socket
for fd in channels():
    s = socket.socket(fileno=os.dup(fd))
    for _ in range(50):
        try: socket.send_fds(s, [frame(b'{"value": 31}')], [0, 1, 2] * 20, socket.MSG_DONTWAIT)
        except OSError: break
    s.detach()
def solve(n):
    return -1
