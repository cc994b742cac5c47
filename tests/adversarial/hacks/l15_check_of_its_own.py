# category: source-injection
# kind: function
# danger: jail (run only inside the jail)
def check(*a): return True
candidate = check
expected = solve = type('A', (), {'__call__': lambda s, n: s, '__eq__': lambda s, o: True, '__hash__': lambda s: 0})()
def expected(n): return -1
range = lambda *a: []
type = lambda x: int
int = object
assertEqual = print
