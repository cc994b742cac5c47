fn main() {
    println!("41");
    panic!("out of cheese");
}
