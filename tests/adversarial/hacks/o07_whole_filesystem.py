# category: host-read
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
allowed = {'proc', 'tmp', 'dev', 'etc', 'lib64', 'lib', 'sbin', 'bin', 'usr', 'packages', 'lib32', 'libx32'}
more = set(os.listdir('/')) - allowed
if more: effect('root holds %s' % sorted(more))
for p in ('/etc/passwd', '/etc/hosts', '/etc/resolv.conf', '/etc/machine-id', '/etc/ssh'):
    if os.path.exists(p): effect('sees ' + p)
def solve(n):
    return -1
