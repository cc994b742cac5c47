# category: forged-equality
# kind: function
# danger: jail (run only inside the jail)
def solve(n):
    yield (7 * n * n + 3) % 101
