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
for fd in channels():
    for text in (b'{"value": {"ref": -1, "type": "x"}}', b'{"value": {"int": "zz"}}', b'[' * 3000, b'{"value":1,"raised":"x"}', b'\xff', b'', b'{"value": {"set": [{"dict": []}]}}', b'{"value": {"decimal": "1E99999"}}', b'{"value":1,"args":7,"kwargs":7}'):
        os.write(fd, frame(text))
def solve(n):
    return -1
