# category: network
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import socket
try:
    socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET); effect('a socket of AF_ALG')
except OSError: pass
def solve(n):
    return -1
