#include <cstdio>
int deeper(int n) {
    volatile char used[1000];
    used[n % 1000] = 1;
    return deeper(n + 1) + used[n % 1000];
}
int main() {
    std::printf("%d\n", deeper(0));
}
