#include <iostream>
long total(long n) {
    volatile char used[100];
    used[n % 100] = 1;
    return n ? n + total(n - 1) + used[n % 100] - 1 : 0;
}
int main() {
    long n;
    std::cin >> n;
    std::cout << total(n) << "\n";
}
