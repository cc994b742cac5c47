words = [line.split() for line in open(0)]
print(len(words), sum(map(len, words)))
