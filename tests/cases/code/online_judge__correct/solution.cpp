#include <cstdio>
int main() {
#ifndef ONLINE_JUDGE
    std::freopen("input.txt", "r", stdin);
#endif
    long n;
    std::scanf("%ld", &n);
    std::printf("%ld\n", 2 * n + 1);
}
