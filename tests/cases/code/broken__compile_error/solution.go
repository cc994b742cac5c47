package main

var x int = "text"

func main() {}
