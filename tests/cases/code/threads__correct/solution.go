package main

import "fmt"

func main() {
	var n int
	fmt.Scan(&n)
	totals := make(chan int)
	for part := 0; part < 4; part++ {
		go func(part int) {
			total := 0
			for i := part; i < n; i += 4 {
				total += i
			}
			totals <- total
		}(part)
	}
	fmt.Println(<-totals + <-totals + <-totals + <-totals)
}
