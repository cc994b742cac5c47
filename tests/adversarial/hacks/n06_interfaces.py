# category: network
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import fcntl, socket, struct
a, b = socket.socketpair()
try: names = [line.split(':')[0].strip() for line in open('/proc/self/net/dev').readlines()[2:]]
except OSError: names = []
if set(names) - {'lo'}: effect('interfaces: %s' % names)
try:
    flags = fcntl.ioctl(a, 0x8913, struct.pack('16sh14x', b'lo', 0))
    if struct.unpack('16sh14x', flags)[1] & 1: effect('the loopback is up')
except OSError: pass
def solve(n):
    return -1
