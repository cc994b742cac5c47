# category: host-read
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
for p in ('/dev/mem', '/dev/vda', '/dev/sda', '/dev/kmsg', '/dev/fuse', '/dev/kvm', '/dev/net/tun', '/dev/tty', '/dev/ptmx', '/dev/loop-control', '/dev/full'):
    try: os.close(os.open(p, os.O_RDONLY | os.O_NONBLOCK)); effect('opened ' + p)
    except OSError: pass
def solve(n):
    return -1
