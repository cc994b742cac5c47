# category: verdict-forgery
# kind: function
# danger: jail (run only inside the jail)
import os
lines = b'{"loaded":true}\n' + b'{"passed":true}\n' * 8 + b'{"value":{"int":"-1"}}\n'
for fd in (3, 4, 5):
    try: os.write(fd, lines)
    except OSError: pass
os._exit(0)
def solve(n):
    return -1
