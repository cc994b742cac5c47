#include <string>
#include <vector>
int main() {
    std::vector<std::string> held;
    while (true) held.emplace_back(1 << 20, 'x');
}
