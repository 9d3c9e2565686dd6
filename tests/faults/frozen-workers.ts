import { setTimeout as sleep } from "node:timers/promises";
import sql from "sql-template-tag";
import type { Chunk } from "../../src/protocol/message/chunk.ts";
import { readLog, until } from "../../src/testing/spine.ts";
import { type Fleet, incarnationOf } from "./fleet.ts";
import { misreadOf } from "./load-audit.ts";
import type { Question } from "./question.ts";
import type { FaultReport } from "./report.ts";
import { type Loaded, tellProgress, underLoad } from "./under-load.ts";

export interface FreezeOptions {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  readonly freezes: number;
  readonly seed: number;
  /** Seconds after which no more are frozen: never. */
  readonly seconds?: number;
}

const patience = 30;

/** How often a log goes back to a call of the model that another had replaced. */
export const countRelapses = (chunks: readonly Chunk[]): number => {
  const text = chunks.map((chunk) => (chunk.type === "text-delta" ? chunk.delta : "")).join("");
  const calls = [...text.matchAll(/@(\d+)\./g)].map(([, call]) => call);
  const changes = calls.filter((call, index) => call !== calls[index - 1]);
  return changes.length - new Set(changes).size;
};

const countHeld = (fleet: Fleet, node: string): Promise<{ held: number; lost: number }> =>
  fleet.database.look(async (database) => {
    const [row] = await database.query<{ held: number; lost: number }>(sql`
      select count(*) filter (where c.fence = k.fence and c.status = 'running')::int4 as held,
        count(*) filter (where c.fence > k.fence)::int4 as lost
      from fault_claim k join completion c on c.id = k.completion where k.node = ${node}`);
    return row ?? { held: 0, lost: 0 };
  });

/** Stops a worker that has something to do until all of it was taken over, and lets it go on. Returns how much that was. */
const freeze = async ({ fleet, random }: Loaded): Promise<number> => {
  const worker = random.pick(fleet.workers);
  const node = incarnationOf(worker);
  await until(async () => (await countHeld(fleet, node)).held > 0, patience);
  const before = await countHeld(fleet, node);
  worker.signal("SIGSTOP");
  try {
    await until(async () => (await countHeld(fleet, node)).held === 0, patience);
    await sleep(random.integer(0, 500));
    return (await countHeld(fleet, node)).lost - before.lost;
  } finally {
    worker.signal("SIGCONT");
  }
};

/** Workers are frozen past their lease in the middle of answers, and thawed while others go on with them. */
export const freezeWorkers = async ({
  freezes,
  seconds = Number.POSITIVE_INFINITY,
  ...options
}: FreezeOptions): Promise<FaultReport> => {
  const deadline = performance.now() + seconds * 1000;
  let [relapses, takenOver, done] = [0, 0, 0];
  const misread = async (fleet: Fleet, question: Question) => {
    const { chunks } = await readLog(fleet.log, question.viewers[0]?.completionId ?? "");
    relapses += countRelapses(chunks);
    return misreadOf(fleet, question);
  };
  const audit = await underLoad({ ...options, delay: 60, misread }, async (loaded) => {
    while (done < freezes && loaded.load.problems.length === 0 && performance.now() < deadline) {
      takenOver += await freeze(loaded);
      done += 1;
      tellProgress(done, freezes, "workers frozen and thawed");
      await sleep(loaded.random.integer(500, 1_500));
    }
  });
  const failures = [...audit.failures];
  if (relapses > 0) failures.push(`${relapses} times a thawed worker published what another had replaced`);
  if (takenOver === 0) failures.push("nothing was taken over");
  return {
    fault: "freeze",
    figures: { freezes: done, takenOverWhileFrozen: takenOver, relapses, ...audit.figures },
    failures,
  };
};
