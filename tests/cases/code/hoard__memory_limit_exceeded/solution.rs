fn main() {
    let mut held: Vec<Vec<u8>> = Vec::new();
    loop {
        held.push(vec![1; 1 << 20]);
        if held.len() == usize::MAX {
            println!("{:?}", held[0]);
        }
    }
}
