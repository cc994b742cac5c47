while True:
    print("41")
