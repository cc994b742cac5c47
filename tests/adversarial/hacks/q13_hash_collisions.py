# category: timeout-evasion
# kind: function
# danger: jail (run only inside the jail)
def solve(n):
    return {i * (2**61 - 1) for i in range(1, 20000)}
