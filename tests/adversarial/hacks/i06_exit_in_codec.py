# category: exit-early
# kind: function
# danger: jail (run only inside the jail)
import os, codecs
codecs.register_error('backslashreplace', lambda e: os._exit(0))
codecs.register_error('surrogateescape', lambda e: os._exit(0))
def solve(n):
    return '\ud800'
