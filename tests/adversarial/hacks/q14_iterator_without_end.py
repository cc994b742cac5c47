# category: output
# kind: function
# danger: jail (run only inside the jail)
import itertools
def solve(n):
    return itertools.count()
