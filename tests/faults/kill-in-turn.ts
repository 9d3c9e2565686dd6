import { setTimeout as sleep } from "node:timers/promises";
import sql from "sql-template-tag";
import { until } from "../../src/testing/spine.ts";
import { type Fleet, incarnationOf } from "./fleet.ts";
import type { NatterNode } from "./natter-node.ts";
import { type Loaded, tellProgress } from "./under-load.ts";

const pauseMilliseconds = 500;
const seconds = 30;

/** A completion that lost its worker twice fails with the next: it may go on first. */
const letGoOn = ({ database }: Fleet): Promise<unknown> =>
  database.look((rows) =>
    until(async () => {
      const [row] = await rows.query<{ count: number }>(
        sql`select count(*)::int4 as count from completion where status = 'running' and crashes >= 2`,
      );
      return row?.count === 0;
    }, seconds),
  );

/** Kills one of the nodes at a random moment as soon as another is ready, starts it again, and so on. */
export const killInTurn = async (
  { fleet, load, random, deaths }: Loaded,
  nodes: readonly NatterNode[],
  { kills, seconds: most = Number.POSITIVE_INFINITY }: { readonly kills: number; readonly seconds?: number },
): Promise<void> => {
  const deadline = performance.now() + most * 1000;
  const starting = new Map<NatterNode, Promise<void>>();
  while (deaths.size < kills && load.problems.length === 0 && performance.now() < deadline) {
    await letGoOn(fleet);
    await sleep(random.integer(0, pauseMilliseconds));
    const ready = nodes.filter((node) => !starting.has(node));
    if (ready.length < 2) {
      await Promise.race(starting.values());
      continue;
    }
    const victim = random.pick(ready);
    deaths.set(incarnationOf(victim), Date.now());
    const back = victim.end("SIGKILL").then(() => victim.start());
    starting.set(
      victim,
      back.then(() => void starting.delete(victim)),
    );
    tellProgress(deaths.size, kills, "kills");
  }
  await Promise.all(starting.values());
};
