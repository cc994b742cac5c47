# category: fds
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import os, stat
for fd in range(5, 4096):
    try: os.fstat(fd)
    except OSError: continue
    effect('descriptor %d: %s' % (fd, os.readlink('/proc/self/fd/%d' % fd)))
def solve(n):
    return -1
