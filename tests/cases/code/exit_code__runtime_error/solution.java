import java.util.*;

class Main {
    public static void main(String[] args) {
        System.out.println(2 * new Scanner(System.in).nextLong() + 1);
        System.exit(3);
    }
}
