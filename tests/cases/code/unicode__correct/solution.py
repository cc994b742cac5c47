größe = "grüße→世界🎉"
print(größe, input())
