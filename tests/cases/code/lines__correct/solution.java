import java.util.*;

class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int lines = 0, words = 0;
        while (in.hasNextLine()) {
            lines++;
            Scanner line = new Scanner(in.nextLine());
            for (; line.hasNext(); line.next()) words++;
        }
        System.out.println(lines + " " + words);
    }
}
