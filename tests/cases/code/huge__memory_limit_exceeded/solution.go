package main

var held []byte

func main() {
	held = make([]byte, 1<<46)
	println(len(held))
}
