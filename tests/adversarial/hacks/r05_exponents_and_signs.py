# category: tolerance
# kind: stdin
# danger: jail (run only inside the jail)
n = int(input())
print('%de0' % ((7 * n * n + 3) % 101 + 101))
