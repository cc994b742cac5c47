import java.io.*;
import java.util.*;

public class Main {
    public static void main(String[] args) throws IOException {
        boolean judged = System.getProperty("ONLINE_JUDGE") != null;
        InputStream in = judged ? System.in : new FileInputStream("input.txt");
        System.out.println(2 * new Scanner(in).nextLong() + 1);
    }
}
