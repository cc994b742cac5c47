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
def solve(n):
    for fd in channels():
        os.write(fd, b'\0\0\0\x40{')
    os._exit(0)
