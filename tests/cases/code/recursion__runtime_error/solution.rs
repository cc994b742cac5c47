fn deeper(n: u64) -> u64 {
    let mut used = [n; 100];
    used[(n % 100) as usize] += 1;
    if n == u64::MAX { 0 } else { deeper(n + 1) + used[(n % 99) as usize] }
}

fn main() {
    println!("{}", deeper(0));
}
