#include <vector>
int main() {
    std::vector<char> held(1L << 45);
    return held.back();
}
