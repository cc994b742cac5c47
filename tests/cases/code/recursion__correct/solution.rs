use std::io;

fn total(n: u64) -> u64 {
    let used = [n; 8];
    if n == 0 { 0 } else { used[(n % 8) as usize] + total(n - 1) }
}

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    println!("{}", total(line.trim().parse().unwrap()));
}
