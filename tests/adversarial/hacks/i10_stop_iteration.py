# category: exit-early
# kind: function
# danger: jail (run only inside the jail)
def solve(n):
    raise StopIteration
