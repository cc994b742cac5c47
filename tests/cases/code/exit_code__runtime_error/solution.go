package main

import (
	"fmt"
	"os"
)

func main() {
	var n int
	fmt.Scan(&n)
	fmt.Println(2*n + 1)
	os.Exit(3)
}
