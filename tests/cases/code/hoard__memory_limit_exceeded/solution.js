const held = [];
while (true) held.push(new Array(1 << 17).fill(held.length + 0.5));
