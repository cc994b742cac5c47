# category: output
# kind: function
# danger: jail (run only inside the jail)
def solve(n):
    return 1 << 10**7
