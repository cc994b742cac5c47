import java.util.*;

class Main {
    static long total(long n) {
        return n == 0 ? 0 : n + total(n - 1);
    }

    public static void main(String[] args) {
        System.out.println(total(new Scanner(System.in).nextLong()));
    }
}
