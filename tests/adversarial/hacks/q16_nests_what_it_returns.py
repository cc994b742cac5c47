# category: output
# kind: function
# danger: jail (run only inside the jail)
def solve(n):
    x = ()
    for _ in range(10**5): x = {'a': (x,)}
    return x
