# category: host-write
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
try:
    os.mknod('/tmp/null', 0o20666, os.makedev(1, 3)); os.close(os.open('/tmp/null', os.O_WRONLY)); effect('made a device')
except OSError: pass
finally:
    try: os.unlink('/tmp/null')
    except OSError: pass
def solve(n):
    return -1
