# category: monkeypatch
# kind: function
# danger: jail (run only inside the jail)
import builtins, json, os, sys, io, traceback, linecache, struct, socket
ok = lambda *a, **k: b'31\n'
for module in (json, json.encoder, json.decoder, traceback, linecache, struct, io):
    for name in list(vars(module)):
        if callable(getattr(module, name)):
            try: setattr(module, name, ok)
            except Exception: pass
builtins.print = ok; builtins.len = lambda x: 5; builtins.dict = builtins.list = ok
os.read = os.close = ok
def solve(n):
    return -1
