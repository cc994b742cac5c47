import sys

print(2 * int(input()) + 1)
sys.exit(3)
