#include <atomic>
#include <iostream>
#include <thread>
#include <vector>
int main() {
    long n;
    std::cin >> n;
    std::atomic<long> total{0};
    std::vector<std::thread> threads;
    for (int part = 0; part < 4; part++)
        threads.emplace_back([&, part] { for (long i = part; i < n; i += 4) total += i; });
    for (auto &thread : threads) thread.join();
    std::cout << total << "\n";
}
