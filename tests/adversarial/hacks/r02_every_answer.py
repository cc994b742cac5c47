# category: tolerance
# kind: stdin
# danger: jail (run only inside the jail)
print(*range(101))
