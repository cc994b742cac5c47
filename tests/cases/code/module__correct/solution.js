import { readFileSync } from "fs";

const n = await Promise.resolve(Number(readFileSync(0, "utf8")));
console.log(2 * n + 1);
