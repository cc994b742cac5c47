const input = require("readline").createInterface({ input: process.stdin });
let lines = 0;
let words = 0;
input.on("line", (line) => {
  lines++;
  words += line.split(" ").filter(Boolean).length;
});
input.on("close", () => console.log(lines, words));
