# category: encoding
# kind: stdin
# danger: jail (run only inside the jail)
n = int(input())
print('99\b\b\x1b[2K%d' % ((7 * n * n + 3) % 101))
