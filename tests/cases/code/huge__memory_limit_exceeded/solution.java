class Main {
    public static void main(String[] args) {
        long[] held = new long[1 << 30];
        System.out.println(held.length);
    }
}
