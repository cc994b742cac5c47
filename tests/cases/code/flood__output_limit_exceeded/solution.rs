use std::io::{self, Write};

fn main() {
    let mut out = io::stdout().lock();
    loop {
        out.write_all(b"41\n").unwrap();
    }
}
