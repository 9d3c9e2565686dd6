import { parseArgs } from "node:util";
import { killLoop } from "./kill-loop.ts";
const { values } = parseArgs({ options: { kills: { type: "string" }, database: { type: "string" }, seed: { type: "string" }, lanes: {type: "string"} } });
const report = await killLoop({ kills: Number(values.kills ?? 5), database: (values.database ?? "pglite") as never, seed: Number(values.seed ?? 1), lanes: Number(values.lanes ?? 1) });
console.log(JSON.stringify(report, null, 1));
process.exitCode = report.failures.length ? 1 : 0;
