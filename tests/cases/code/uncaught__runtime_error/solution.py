print(2 * int(input()) + 1)
raise ValueError("out of cheese")
