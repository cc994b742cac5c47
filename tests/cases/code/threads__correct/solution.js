const { Worker } = require("worker_threads");
const n = Number(require("fs").readFileSync(0, "utf8"));
const work = `
  const { parentPort, workerData } = require("worker_threads");
  let total = 0;
  for (let i = workerData.part; i < workerData.n; i += 2) total += i;
  parentPort.postMessage(total);
`;
const run = (part) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(work, { eval: true, workerData: { part, n } });
    worker.on("message", resolve);
    worker.on("error", reject);
  });
Promise.all([0, 1].map(run)).then((totals) => console.log(totals[0] + totals[1]));
