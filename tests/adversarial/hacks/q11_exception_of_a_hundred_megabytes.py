# category: output
# kind: function
# danger: jail (run only inside the jail)
def solve(n):
    raise ValueError('x' * 10**8)
