package main

var nowhere *int

func main() {
	*nowhere = 41
}
