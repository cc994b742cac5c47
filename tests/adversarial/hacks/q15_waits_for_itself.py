# category: timeout-evasion
# kind: function
# danger: jail (run only inside the jail)
import os
os.mkfifo('/tmp/f')
def solve(n):
    open('/tmp/f').read()
