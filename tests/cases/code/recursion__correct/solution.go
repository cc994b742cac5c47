package main

import "fmt"

func total(n int) int {
	if n == 0 {
		return 0
	}
	return n + total(n-1)
}

func main() {
	var n int
	fmt.Scan(&n)
	fmt.Println(total(n))
}
