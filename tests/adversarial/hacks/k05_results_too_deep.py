# category: output
# kind: function
# danger: jail (run only inside the jail)
import os
def solve(n):
    for fd in (3, 4, 5):
        try: os.write(fd, b'{"value":' + b'[' * 500000 + b'\n')
        except OSError: pass
    os._exit(0)
