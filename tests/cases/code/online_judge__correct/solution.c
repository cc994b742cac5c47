#include <stdio.h>
int main(void) {
#ifndef ONLINE_JUDGE
    freopen("input.txt", "r", stdin);
#endif
    long n;
    scanf("%ld", &n);
    printf("%ld\n", 2 * n + 1);
    return 0;
}
