/* public class Other { } */
package com.example.contest;

import java.util.*;

interface Twice {
    long of(long n);
}

class Odd {
    static class Node {
        String text = "class Text { static void main(";
    }

    public static void main(String... args) {
        Twice twice = n -> 2 * n;
        System.out.println(twice.of(new Scanner(System.in).nextLong()) + 1);
    }
}

class Last {
}
