fn main() {
    let held: Vec<u8> = Vec::with_capacity(1 << 45);
    println!("{:p}", held.as_ptr());
}
