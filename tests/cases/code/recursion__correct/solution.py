import sys

sys.setrecursionlimit(200_000)


def total(n):
    return n + total(n - 1) if n else 0


print(total(int(input())))
