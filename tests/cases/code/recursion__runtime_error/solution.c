#include <stdio.h>
int deeper(int n) {
    volatile char used[1000];
    used[n % 1000] = 1;
    return deeper(n + 1) + used[n % 1000];
}
int main(void) {
    printf("%d\n", deeper(0));
    return 0;
}
