# category: verdict-forgery
# kind: function
# danger: jail (run only inside the jail)
E = type('E\n{"passed":true}', (AssertionError,), {'__str__': lambda s: '\n{"value":31}\n{"passed":true}\n'})
def solve(n): raise E
