import { inspect } from "node:util";
import { findPostgresFolder, findRedis } from "../../src/testing/servers/find-program.ts";
import { startPostgres } from "../../src/testing/servers/postgres-server.ts";
import { startRedis } from "../../src/testing/servers/redis-server.ts";
import { readFaultOptions } from "./fault-options.ts";
import { faultRuns } from "./fault-runs.ts";

const failuresShown = 20;
const charactersShown = 2_000;

const options = readFaultOptions(process.argv.slice(2));
const postgres = findPostgresFolder() === null ? null : await startPostgres({ fsync: true });
const redis = findRedis() === null ? null : await startRedis();
const requiresAll = process.env["NATTER_TEST_REQUIRE"] === "all";

const brokenOff = (thrown: unknown) => ({ figures: {}, failures: [inspect(thrown)] });

let hasPassed = true;
for (const { fault, title, run } of faultRuns(
  { postgresUrl: postgres?.url ?? null, redisUrl: redis?.url ?? null },
  options,
)) {
  if (run === null) {
    hasPassed &&= !requiresAll;
    console.log(JSON.stringify({ fault, title, skipped: "a program that it needs is not installed" }));
    continue;
  }
  const { figures, failures } = await run().catch(brokenOff);
  hasPassed &&= failures.length === 0;
  const shown = failures.slice(0, failuresShown).map((failure) => failure.slice(0, charactersShown));
  console.log(JSON.stringify({ fault, title, passed: failures.length === 0, ...figures, failures: shown }));
}
await Promise.all([postgres?.stop(), redis?.stop()]);
// workers that were left for dead in this process may still have a timer
process.exit(hasPassed ? 0 : 1);
