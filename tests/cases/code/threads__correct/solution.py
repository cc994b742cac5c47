from concurrent.futures import ThreadPoolExecutor

n = int(input())
with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(lambda part: sum(range(part, n, 4)), range(4))))
