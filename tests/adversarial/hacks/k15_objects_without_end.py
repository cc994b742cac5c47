# category: ipc
# kind: function
# danger: jail (run only inside the jail)
class Node:
    def __getattr__(self, name): return Node()
    def __call__(self, *a): return Node()
    def __iter__(self): return self
    def __next__(self): return Node()
    def __eq__(self, o): return True
solve = Node()
