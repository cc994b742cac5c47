const größe = "grüße→世界🎉";
console.log(größe, require("fs").readFileSync(0, "utf8").trim());
