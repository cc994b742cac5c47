#include <iostream>
#include <string>
int main() {
    std::string line;
    std::getline(std::cin, line);
    std::cout << "grüße→世界🎉 " << line << "\n";
}
