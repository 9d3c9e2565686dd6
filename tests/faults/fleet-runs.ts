import { bootTogether } from "./boot-together.ts";
import type { FaultOptions } from "./fault-options.ts";
import type { FaultRun, FaultStores } from "./fault-run.ts";
import { freezeWorkers } from "./frozen-workers.ts";
import { killWebs, killWorkers } from "./node-kills.ts";
import type { FaultReport } from "./report.ts";
import { rollingRestarts } from "./rolling-restarts.ts";
import { restartPostgres, restartRedis } from "./store-restarts.ts";

interface Urls {
  readonly postgresUrl: string;
  readonly redisUrl: string;
}

const bootedTogether = 8;

const scripts = (options: FaultOptions): [string, string, (urls: Urls) => Promise<FaultReport>][] => {
  const { lanes, seed, seconds, freezes, restarts, rounds, boots } = options;
  return [
    [
      "cluster",
      "workers are killed under load",
      (urls) => killWorkers({ ...urls, kills: options["worker-kills"], lanes, seed, seconds }),
    ],
    [
      "web",
      "web nodes are killed under load",
      (urls) => killWebs({ ...urls, kills: options["web-kills"], seed, seconds }),
    ],
    [
      "freeze",
      "workers are frozen past their lease, and thawed",
      (urls) => freezeWorkers({ ...urls, freezes, seed, seconds }),
    ],
    ["redis", "Redis comes back empty, under load", () => restartRedis({ restarts, seed, seconds })],
    ["postgres", "PostgreSQL is restarted, under load", () => restartPostgres({ restarts, seed, seconds })],
    [
      "rolling",
      "all nodes are restarted in turn, under load",
      (urls) => rollingRestarts({ ...urls, rounds, seed, seconds }),
    ],
    [
      "boot",
      "eight nodes begin together on an empty database",
      (urls) => bootTogether({ ...urls, nodes: bootedTogether, rounds: boots, seed }),
    ],
  ];
};

/** What is done to web nodes and workers over PostgreSQL and Redis. */
export const fleetRuns = ({ postgresUrl, redisUrl }: FaultStores, options: FaultOptions): FaultRun[] =>
  scripts(options).map(([fault, title, run]) => ({
    fault,
    title,
    run: postgresUrl === null || redisUrl === null ? null : () => run({ postgresUrl, redisUrl }),
  }));
