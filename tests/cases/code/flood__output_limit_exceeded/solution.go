package main

import (
	"os"
	"strings"
)

func main() {
	lines := strings.Repeat("41\n", 1000)
	for {
		if _, err := os.Stdout.WriteString(lines); err != nil {
			panic(err)
		}
	}
}
