# category: network
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import socket
try:
    s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); socket.create_connection(s.getsockname(), 1).send(b'x'); effect('sent over the loopback')
except OSError: pass
def solve(n):
    return -1
