# category: privilege
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
for line in open('/proc/self/status'):
    if line.startswith(('CapPrm', 'CapEff', 'CapBnd', 'CapAmb')) and int(line.split()[1], 16): effect(line.strip())
    if line.startswith('NoNewPrivs') and line.split()[1] != '1': effect('new privileges are possible')
def solve(n):
    return -1
