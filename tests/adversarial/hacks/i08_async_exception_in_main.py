# category: exit-early
# kind: function
# danger: jail (run only inside the jail)
import ctypes, threading, time
main = threading.main_thread().ident
def later():
    time.sleep(0.01)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(main), ctypes.py_object(SystemExit))
threading.Thread(target=later, daemon=True).start()
def solve(n):
    end = time.time() + 0.1
    while time.time() < end: pass
    return -1
