# category: output
# kind: function
# danger: jail (run only inside the jail)
import os
def solve(n):
    line = b'{"value":-1}\n' * 5000
    for fd in (3, 4, 5):
        try:
            for _ in range(400): os.write(fd, line)
        except OSError: pass
    os._exit(0)
