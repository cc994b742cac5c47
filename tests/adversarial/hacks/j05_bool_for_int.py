# category: forged-equality
# kind: function
# danger: jail (run only inside the jail)
def solve(n):
    return True
