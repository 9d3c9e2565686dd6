import { setTimeout as sleep } from "node:timers/promises";
import { incarnationOf } from "./fleet.ts";
import type { NatterNode } from "./natter-node.ts";
import { type Loaded, tellProgress } from "./under-load.ts";

const pauseMilliseconds = 500;

/** Kills one of the nodes at a random moment as soon as another is ready, starts it again, and so on. */
export const killInTurn = async (
  { load, random, deaths }: Loaded,
  nodes: readonly NatterNode[],
  { kills, seconds = Number.POSITIVE_INFINITY }: { readonly kills: number; readonly seconds?: number },
): Promise<void> => {
  const deadline = performance.now() + seconds * 1000;
  const starting = new Map<NatterNode, Promise<void>>();
  while (deaths.size < kills && load.problems.length === 0 && performance.now() < deadline) {
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
