# category: exit-early
# kind: function
# danger: jail (run only inside the jail)
import os, sys
def profile(frame, event, arg):
    if event == 'return' and frame.f_code.co_name == 'solve':
        os._exit(0)
sys.setprofile(profile)
def solve(n):
    return -1
