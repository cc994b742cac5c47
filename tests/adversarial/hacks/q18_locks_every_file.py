# category: ipc
# kind: function
# danger: jail (run only inside the jail)
import fcntl, os
kept = []
for p in ('/usr/bin/python3', os.__file__, '/dev/null', '/proc/self/fd/0', '/proc/self/fd/1'):
    try:
        f = open(p, 'rb'); fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB); kept.append(f)
    except OSError: pass
def solve(n):
    return -1
