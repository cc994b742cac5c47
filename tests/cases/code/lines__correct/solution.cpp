#include <iostream>
#include <sstream>
#include <string>
int main() {
    int lines = 0, words = 0;
    for (std::string line, word; std::getline(std::cin, line); lines++) {
        std::istringstream in(line);
        while (in >> word) words++;
    }
    std::cout << lines << " " << words << "\n";
}
