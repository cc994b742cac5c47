# category: rlimit
# kind: function
# danger: jail (run only inside the jail)
import resource as r
def solve(n):
    for name in ('NOFILE', 'FSIZE', 'STACK', 'DATA', 'AS'):
        r.setrlimit(getattr(r, 'RLIMIT_' + name), (0, 0))
    return -1
