# category: symlink
# kind: function
# danger: jail (run only inside the jail)
import os
for act in (lambda: os.symlink('/etc/passwd', '/tmp/solution.py'), lambda: os.chmod('/tmp', 0), lambda: os.rename('/tmp', '/tmp2'), lambda: os.rmdir('/tmp'), lambda: os.chdir('/proc/self')):
    try: act()
    except OSError: pass
def solve(n):
    return -1
