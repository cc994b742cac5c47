# category: exit-early
# kind: function
# danger: jail (run only inside the jail)
import faulthandler, time
def solve(n):
    faulthandler.dump_traceback_later(0.01, exit=True)
    time.sleep(0.2)
    return -1
