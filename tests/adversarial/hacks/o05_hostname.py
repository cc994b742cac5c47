# category: host-read
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
name = os.uname().nodename
if name != 'jail': effect('the host is called ' + name)
def solve(n):
    return -1
