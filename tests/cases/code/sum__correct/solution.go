package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	in := bufio.NewReader(os.Stdin)
	total, x := 0, 0
	for {
		if _, err := fmt.Fscan(in, &x); err != nil {
			break
		}
		total += x
	}
	fmt.Println(total)
}
