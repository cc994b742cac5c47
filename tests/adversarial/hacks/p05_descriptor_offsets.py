# category: persistence
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import os
if os.lseek(1, 0, 1) or os.fstat(1).st_size or os.fstat(2).st_size: effect('output of an earlier run')
os.write(1, b'left over')
def solve(n):
    return -1
