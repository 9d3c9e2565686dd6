import { leaseSeconds } from "./fleet.ts";
import { killInTurn } from "./kill-in-turn.ts";
import { type LoadAudit, misreadOf } from "./load-audit.ts";
import { mergeFigures } from "./merge-figures.ts";
import { type FaultReport, summarize } from "./report.ts";
import { underLoad } from "./under-load.ts";

export interface KillsOptions {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  readonly kills: number;
  /** Fleets side by side: 1. */
  readonly lanes?: number;
  readonly seed: number;
  /** Seconds after which no more nodes are killed: never. */
  readonly seconds?: number;
}

/** Answers that take long enough to be met by a death, and cost little. */
const slow = { atOnce: 8, delay: 60 };
const mayRecover = (leaseSeconds + 2) * 1000;

const runLane = async (options: KillsOptions): Promise<LoadAudit & { kills: number }> => {
  let kills = 0;
  const audit = await underLoad({ ...options, ...slow, misread: misreadOf }, async (loaded) => {
    await killInTurn(loaded, loaded.fleet.workers, options);
    kills = loaded.deaths.size;
  });
  return { ...audit, kills };
};

/** `kill -9` of workers at random moments, under load, with viewers who stay at web nodes that live. */
export const killWorkers = async ({
  lanes: count = 1,
  kills,
  seed,
  ...options
}: KillsOptions): Promise<FaultReport> => {
  const begun = performance.now();
  const lanes = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      runLane({ ...options, kills: Math.ceil((kills - index) / count), seed: seed + index }),
    ),
  );
  const recoveries = lanes.flatMap((lane) => lane.recoveries);
  const recovery = summarize(recoveries);
  const figures = mergeFigures(lanes.map((lane) => lane.figures));
  const failures = lanes.flatMap((lane) => lane.failures);
  if ((recovery?.p99 ?? 0) > mayRecover) failures.push(`recovery took ${recovery?.p99} ms at the 99th percentile`);
  if (figures["replays"] !== 0 || figures["connectionsLost"] !== 0) failures.push("viewers who stayed were cut off");
  return {
    fault: "cluster",
    figures: {
      kills: lanes.reduce((sum, lane) => sum + lane.kills, 0),
      ...figures,
      recovered: recoveries.length,
      recoveryMs: recovery,
      recoveryMayTakeMs: mayRecover,
      seconds: Math.round((performance.now() - begun) / 1000),
    },
    failures,
  };
};

/** `kill -9` of web nodes at random moments: their viewers come back to another with the id of what they saw last. */
export const killWebs = async (options: KillsOptions): Promise<FaultReport> => {
  let kills = 0;
  const audit = await underLoad({ ...options, ...slow, misread: misreadOf }, async (loaded) => {
    await killInTurn(loaded, loaded.fleet.webs, options);
    kills = loaded.deaths.size;
  });
  const failures = [...audit.failures];
  if (audit.figures["replays"] !== 0) failures.push("viewers who came back with an id were told all of it again");
  if (audit.figures["takeOvers"] !== 0) failures.push("a worker lost its completion when a web node died");
  return { fault: "web", figures: { kills, ...audit.figures }, failures };
};
