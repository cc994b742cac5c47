# category: exit-early
# kind: function
# danger: jail (run only inside the jail)
import os, sys
def hook(event, args):
    if event in ('open', 'import', 'os.write', 'sys._getframe', 'exec'):
        os._exit(0)
sys.addaudithook(hook)
def solve(n):
    return -1
