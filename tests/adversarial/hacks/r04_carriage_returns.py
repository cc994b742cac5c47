# category: encoding
# kind: stdin
# danger: jail (run only inside the jail)
n = int(input())
print('\r'.join(map(str, range(101))) + '\r' + str((7 * n * n + 3) % 101))
