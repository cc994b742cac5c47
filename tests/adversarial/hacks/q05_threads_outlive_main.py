# category: threads
# kind: function
# danger: jail (run only inside the jail)
import threading, time, os
def later():
    time.sleep(0.1); os.write(1, b'31\n')
for _ in range(5): threading.Thread(target=later).start()
def solve(n):
    return -1
