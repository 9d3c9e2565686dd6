import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import sql from "sql-template-tag";
import { findPostgresFolder } from "../../src/testing/servers/find-program.ts";
import { until } from "../../src/testing/spine.ts";
import { auditRows } from "./row-audit.ts";
import { type Fleet, openFleet } from "./fleet.ts";
import { Load } from "./load.ts";
import { createRandom, type Random } from "./random.ts";
import type { FaultReport } from "./report.ts";

export interface RestoreOptions {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  readonly seed: number;
}

const run = promisify(execFile);
const seconds = 60;
const atOnce = 8;

const program = (name: string): string => join(findPostgresFolder() ?? "", name);

/** Takes a backup of a database that is at work. */
const back = async (url: string, file: string): Promise<void> => {
  await run(program("pg_dump"), ["--format=custom", `--file=${file}`, url]);
};

/** Puts it in the place of what is there. */
const restore = async (url: string, file: string): Promise<void> => {
  const name = new URL(url).pathname.slice(1);
  const server = new URL(url);
  server.pathname = "/postgres";
  for (const command of [`drop database ${name} with (force)`, `create database ${name} template template0`])
    await run(program("psql"), ["--quiet", "--command", command, server.href]);
  await run(program("pg_restore"), [`--dbname=${url}`, file]);
};

const countOpen = (fleet: Fleet): Promise<number> =>
  fleet.database.look(async (database) => {
    const [row] = await database.query<{ count: number }>(
      sql`select count(*)::int4 as count from completion where status in ('queued', 'running') or not log_closed`,
    );
    return row?.count ?? 0;
  });

const startLoad = (fleet: Fleet, random: Random, name: string): Load =>
  new Load({ token: fleet.token, random, name, url: () => random.pick(fleet.webs).url, atOnce, delay: 60 });

/**
 * The database goes back to a backup that was taken in the middle of answers: nodes are stopped for it, clients go on asking, and Redis
 * keeps the logs of what the backup does not know. What was at work in the backup is answered, and so is what is asked afterwards.
 */
export const restoreBackup = async ({ seed, ...stores }: RestoreOptions): Promise<FaultReport> => {
  const fleet = await openFleet(stores);
  const random = createRandom(seed);
  const failures: string[] = [];
  try {
    const url = fleet.database.environment["DATABASE_URL"] ?? "";
    const file = join(fleet.database.folder, "backup");
    const before = startLoad(fleet, random, "before");
    await sleep(2_000);
    await back(url, file);
    const asked = before.questions.length;
    await sleep(3_000);
    const nodes = [...fleet.webs, ...fleet.workers];
    await Promise.all(nodes.map((node) => node.end("SIGKILL")));
    await restore(url, file);
    const open = await countOpen(fleet);
    await Promise.all(nodes.map((node) => node.start()));
    const begun = performance.now();
    // whose message the backup does not know is told so, and gives up
    await before.end();
    const after = startLoad(fleet, random, "after");
    await sleep(3_000);
    await after.end();
    failures.push(...after.problems);
    await until(async () => (await countOpen(fleet)) === 0, seconds).catch(() => {});
    const settled = performance.now() - begun;
    const audit = await fleet.database.look(auditRows);
    failures.push(...audit.failures);
    const left = await countOpen(fleet);
    if (left > 0) failures.push(`${left} completions of the backup are open for ever`);
    const starts = fleet.tools.starts();
    return {
      fault: "restored",
      figures: {
        askedBeforeBackup: asked,
        askedBeforeRestore: before.questions.length,
        forgotten: before.problems.length,
        openInBackup: open,
        answeredAfterwards: after.questions.length - after.problems.length,
        settledMs: Math.round(settled),
        toolsStartedAgain: starts.length - new Set(starts).size,
      },
      failures: failures.length > 0 ? [...failures, ...fleet.workers.map((worker) => worker.output)] : failures,
    };
  } finally {
    await fleet.close();
  }
};
