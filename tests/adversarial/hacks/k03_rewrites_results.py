# category: verdict-forgery
# kind: function
# danger: jail (run only inside the jail)
import os, atexit
def again():
    for fd in range(3, 16):
        try:
            os.ftruncate(fd, 0); os.lseek(fd, 0, 0)
            os.write(fd, b'{"loaded":true}\n' + b'{"passed":true}\n' * 8)
        except OSError: pass
atexit.register(again)
def solve(n):
    again()
    return -1
