package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	lines, words := 0, 0
	for in.Scan() {
		lines++
		words += len(strings.Fields(in.Text()))
	}
	fmt.Println(lines, words)
}
