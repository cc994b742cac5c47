const held = new ArrayBuffer(2 ** 36);
console.log(held.byteLength);
