const total = (n) => (n ? n + total(n - 1) : 0);
console.log(total(Number(require("fs").readFileSync(0, "utf8"))));
