const n = 20;
console.log(2 * n + 1);
if (;
