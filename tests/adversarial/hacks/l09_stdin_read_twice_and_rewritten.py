# category: fds
# kind: stdin
# danger: jail (run only inside the jail)
import os
try: os.pwrite(0, b'1\n', 0)
except OSError: pass
try: os.ftruncate(0, 0)
except OSError: pass
os.lseek(0, 0, 0)
os.dup2(0, 1)
