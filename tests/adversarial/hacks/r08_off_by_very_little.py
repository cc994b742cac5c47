# category: tolerance
# kind: function
# danger: jail (run only inside the jail)
def solve(n):
    return (7 * n * n + 3) % 101 + 1e-4
