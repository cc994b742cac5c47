# category: exit-early
# kind: function
# danger: jail (run only inside the jail)
import os
class Bad(Exception):
    def __str__(self): os._exit(0)
    __repr__ = __str__
def solve(n):
    raise Bad
