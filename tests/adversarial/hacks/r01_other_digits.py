# category: encoding
# kind: stdin
# danger: jail (run only inside the jail)
n = int(input())
print(''.join(chr(0xff10 + int(c)) for c in str((7 * n * n + 3) % 101)))
