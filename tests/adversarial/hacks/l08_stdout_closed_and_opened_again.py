# category: fds
# kind: function
# danger: jail (run only inside the jail)
import os
os.close(1)
fd = os.open('/dev/null', os.O_WRONLY)
os.write(fd, b'31\n')
def solve(n):
    return -1
