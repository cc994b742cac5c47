class Main {
    static volatile long i;
    public static void main(String[] args) {
        while (true) i++;
    }
}
