use std::{io, thread};

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let n: u64 = line.trim().parse().unwrap();
    let threads: Vec<_> = (0..4)
        .map(|part| thread::spawn(move || (part..n).step_by(4).sum::<u64>()))
        .collect();
    let total: u64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    println!("{}", total);
}
