console.log(41);
throw new Error("out of cheese");
