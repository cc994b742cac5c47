#include <cstdlib>
#include <iostream>
int main() {
    long n;
    std::cin >> n;
    std::cout << 2 * n + 1 << std::endl;
    std::exit(3);
}
