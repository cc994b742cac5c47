#include <stdio.h>
long total(long n) {
    volatile char used[100];
    used[n % 100] = 1;
    return n ? n + total(n - 1) + used[n % 100] - 1 : 0;
}
int main(void) {
    long n;
    scanf("%ld", &n);
    printf("%ld\n", total(n));
    return 0;
}
