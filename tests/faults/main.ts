import { parseArgs } from "node:util";
import { killLoop } from "./kill-loop.ts";
import { crashLoop } from "./crash-loop.ts";
import { boundaryCrashes } from "./boundaries.ts";
import { resumeCuts } from "./resume-cuts.ts";
import { openMemoryWorld } from "./resume-memory.ts";
import { openRedisWorld } from "./resume-redis.ts";
const { values } = parseArgs({ options: { kills: { type: "string" }, cuts: { type: "string" },database: { type: "string" }, seed: { type: "string" }, lanes: {type: "string"} , only: { type: "string" }} });
const database = (values.database ?? "pglite") as never;
const seed = Number(values.seed ?? 1);
const cuts = Number(values.cuts ?? 200);
const run = async () => {
  switch (values.only) {
   case "crash": return crashLoop({ database, seed, conversations: 5 });
   case "boundaries": return boundaryCrashes({ occurrences: 2 });
   case "memory": { const w = await openMemoryWorld(); const r = await resumeCuts(w, { cuts, seed, pace: { delay: 10, disturbance: 500, cutBytes: 700 } }); await w.close(); return r; }
   case "redis": { const w = await openRedisWorld(); const r = await resumeCuts(w, { cuts, seed, pace: { delay: 40, disturbance: 1500, cutBytes: 1000 } }); await w.close(); return r; }
   default: return killLoop({ kills: Number(values.kills ?? 5), database, seed, lanes: Number(values.lanes ?? 1) });
  }
};
const report = await run();
console.log(JSON.stringify(report, null, 1));
process.exitCode = report.failures.length ? 1 : 0;
