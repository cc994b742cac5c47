# category: verdict-forgery
# kind: function
# danger: jail (run only inside the jail)
class Stop:
    def __call__(self, n): raise StopIteration
    def __iter__(self): return iter(())
    def __getitem__(self, i): raise IndexError
    def __len__(self): return 0
solve = Stop()
