package main

import "fmt"

func main() {
	fmt.Println(41)
	panic("out of cheese")
}
