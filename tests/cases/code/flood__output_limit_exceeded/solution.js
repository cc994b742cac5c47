const { writeSync } = require("fs");
const lines = "41\n".repeat(1000);
while (true) writeSync(1, lines);
