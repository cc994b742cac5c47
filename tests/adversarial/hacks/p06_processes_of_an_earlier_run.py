# category: orphan
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import time
others = [p for p in os.listdir('/proc') if p.isdigit() and int(p) not in (1, os.getpid())]
for p in others:
    try:
        if b'hacked' in open('/proc/%s/comm' % p, 'rb').read(): effect('an orphan of an earlier run')
    except OSError: pass
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open('/proc/self/comm', 'w').write('hacked')
        for fd in range(16):
            try: os.close(fd)
            except OSError: pass
        time.sleep(30)
    os._exit(0)
os.wait()
time.sleep(0.1)
def solve(n):
    return -1
