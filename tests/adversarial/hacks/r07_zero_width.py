# category: encoding
# kind: stdin
# danger: jail (run only inside the jail)
n = int(input())
print('\u200b%d\ufeff' % ((7 * n * n + 3) % 101))
