#include <iostream>
#include <stdexcept>
int main() {
    std::cout << 41 << std::endl;
    throw std::runtime_error("out of cheese");
}
