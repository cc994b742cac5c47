# category: tolerance
# kind: stdin
# danger: jail (run only inside the jail)
print('\n'.join(map(str, range(101))))
