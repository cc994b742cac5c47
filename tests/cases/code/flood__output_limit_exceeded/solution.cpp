#include <iostream>
int main() {
    while (true) std::cout << "41\n";
}
