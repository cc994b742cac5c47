class Main {
    public static void main(String[] args) {
        String lines = "41\n".repeat(1000);
        while (!System.out.checkError()) System.out.print(lines);
        System.exit(1);
    }
}
