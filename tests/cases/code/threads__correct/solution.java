import java.util.*;
import java.util.stream.*;

class Main {
    public static void main(String[] args) throws Exception {
        long n = new Scanner(System.in).nextLong();
        long[] totals = new long[4];
        List<Thread> threads = new ArrayList<>();
        for (int part = 0; part < 4; part++) {
            int own = part;
            threads.add(new Thread(() -> { for (long i = own; i < n; i += 4) totals[own] += i; }));
        }
        for (Thread thread : threads) thread.start();
        for (Thread thread : threads) thread.join();
        System.out.println(LongStream.of(totals).sum());
    }
}
