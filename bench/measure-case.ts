import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import type { LoadOptions, LoadResult } from "./load.ts";
import { coreCount, readFamilyTime, readMachineTime, readMemory, readProcessTime } from "./processor-time.ts";
import type { Scenario } from "./scenarios.ts";
import type { ServerProcess } from "./server-process.ts";
import type { RunningTarget } from "./targets.ts";

/** What one load cost. Processor times are milliseconds, memory is MB. */
export interface CaseResult extends Omit<LoadResult, "conversations"> {
  readonly serverCpu: number;
  readonly databaseCpu: number;
  readonly upstreamCpu: number;
  readonly memory: number;
  /** Cores used by anything that is no part of the case. */
  readonly others: number;
}

const execute = promisify(execFile);

// Work that a server does after its answer, such as storing it, belongs to the answer's cost.
const settleMilliseconds = 300;

/** Runs the load generator in a process of its own. */
export const runLoad = async (options: LoadOptions): Promise<LoadResult> => {
  const script = join(import.meta.dirname, "load.ts");
  const limits = { maxBuffer: 16_777_216, timeout: 300_000 };
  const { stdout } = await execute(process.execPath, [script, JSON.stringify(options)], limits);
  return JSON.parse(stdout);
};

export const loadOf = (target: RunningTarget, scenario: Scenario): LoadOptions => {
  const { followUp, ...load } = scenario;
  return { ...load, url: target.url, headers: target.headers, body: (followUp && target.followUp) || target.body };
};

const readTimes = (target: RunningTarget, upstream: ServerProcess) => ({
  server: target.server ? readProcessTime(target.server.pid) : 0,
  database: target.database ? readFamilyTime(target.database.pid) : 0,
  upstream: readProcessTime(upstream.pid),
  machine: readMachineTime(),
});

/** Loads a warm server and tells what that cost it, its database and the rest of the machine. */
export const measureCase = async (
  target: RunningTarget,
  upstream: ServerProcess,
  load: LoadOptions,
): Promise<CaseResult> => {
  await wait(settleMilliseconds);
  const before = readTimes(target, upstream);
  const { conversations: _, ...result } = await runLoad(load);
  await wait(settleMilliseconds);
  const after = readTimes(target, upstream);
  const [serverCpu, databaseCpu, upstreamCpu] = [
    after.server - before.server,
    after.database - before.database,
    after.upstream - before.upstream,
  ];
  const busy = after.machine.busy - before.machine.busy;
  const ours = serverCpu + databaseCpu + upstreamCpu + result.cpuMilliseconds;
  const others = ((busy - ours) * coreCount) / (after.machine.elapsed - before.machine.elapsed);
  return {
    ...result,
    serverCpu,
    databaseCpu,
    upstreamCpu,
    memory: target.server ? readMemory(target.server.pid) : 0,
    others,
  };
};
