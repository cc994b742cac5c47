# category: forged-equality
# kind: function
# danger: jail (run only inside the jail)
def solve(n):
    class S(str):
        __int__ = __index__ = lambda s: (7 * n * n + 3) % 101
    return S('-1')
