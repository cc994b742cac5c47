# category: ipc
# kind: function
# danger: jail (run only inside the jail)
def solve(n):
    return [object() for _ in range(150000)]
