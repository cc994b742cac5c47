import java.util.*;

class Main {
    public static void main(String[] args) {
        String größe = "grüße→世界🎉";
        System.out.println(größe + " " + new Scanner(System.in).nextLine());
    }
}
