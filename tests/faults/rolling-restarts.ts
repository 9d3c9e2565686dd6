import { setTimeout as sleep } from "node:timers/promises";
import { misreadOf } from "./load-audit.ts";
import type { NatterNode } from "./natter-node.ts";
import { type FaultReport, summarize } from "./report.ts";
import { tellProgress, underLoad } from "./under-load.ts";

export interface RollingOptions {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  /** How often every node is restarted, one after the other. */
  readonly rounds: number;
  readonly seed: number;
  /** Seconds after which no more rounds begin: never. */
  readonly seconds?: number;
}

const drainSeconds = 1;

/** Every node is told to go (SIGTERM) and started again, one after the other, under load: a deployment. */
export const rollingRestarts = async ({
  rounds: wanted,
  seconds = Number.POSITIVE_INFINITY,
  ...options
}: RollingOptions): Promise<FaultReport> => {
  const exits: number[] = [];
  const failures: string[] = [];
  let [rounds, losses, retries] = [0, 0, 0];
  const deadline = performance.now() + seconds * 1000;
  const restart = async (node: NatterNode): Promise<void> => {
    const begun = performance.now();
    const code = await node.end("SIGTERM");
    exits.push(performance.now() - begun);
    if (code !== 0) failures.push(`a node exited with ${code}: ${node.output}`);
    await node.start();
  };
  const environment = { NATTER_DRAIN_SECONDS: String(drainSeconds) };
  const audit = await underLoad({ ...options, environment, misread: misreadOf }, async ({ fleet, load, random }) => {
    while (rounds < wanted && load.problems.length === 0 && performance.now() < deadline) {
      for (const node of [...fleet.workers, ...fleet.webs]) {
        await restart(node);
        await sleep(random.integer(0, 300));
      }
      tellProgress((rounds += 1), wanted, "rolling restarts");
    }
    await load.end();
    const viewers = load.questions.flatMap((question) => question.viewers);
    losses = viewers.reduce((sum, viewer) => sum + viewer.losses, 0);
    retries = viewers.reduce((sum, viewer) => sum + viewer.retries, 0);
  });
  if (losses !== retries) failures.push(`${losses} streams ended, ${retries} with a word when to come back`);
  if (audit.figures["replays"] !== 0) failures.push("viewers who came back with an id were told all of it again");
  return {
    fault: "rolling",
    figures: {
      rounds,
      restarts: exits.length,
      streamsHandedOver: retries,
      streamsBroken: losses - retries,
      exitMs: summarize(exits),
      ...audit.figures,
    },
    failures: [...failures, ...audit.failures],
  };
};
