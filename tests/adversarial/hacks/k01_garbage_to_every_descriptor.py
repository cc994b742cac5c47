# category: verdict-forgery
# kind: function
# danger: jail (run only inside the jail)
import os
JUNK = (b'\0' * 64, b'[' * 5000, b'{"passed": true}\n' * 9, b'{"value": 1e999}\n', b'{"value": NaN}\n', b'{"value": ' + b'9' * 9000 + b'}\n', b'\xff\xfe\n', b'\x7f\xff\xff\xff', b'{"loaded":true}\n' * 3)
def solve(n):
    for fd in range(3, 65):
        for junk in JUNK:
            try: os.write(fd, junk)
            except OSError: break
    return -1
