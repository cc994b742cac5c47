# category: verdict-forgery
# kind: function
# danger: jail (run only inside the jail)
import os
def solve(n):
    for _ in range(3): os.fork()
    return -1
