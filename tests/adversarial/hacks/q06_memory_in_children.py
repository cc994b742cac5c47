# category: memory
# kind: function
# danger: jail (run only inside the jail)
import os, time
def solve(n):
    for _ in range(4):
        if os.fork() == 0:
            x = bytearray(80 << 20); time.sleep(2); os._exit(0)
    os.wait(); os.wait()
    return -1
