import { blockLoops } from "./blocked-loops.ts";
import { bootTogether } from "./boot-together.ts";
import type { FaultOptions } from "./fault-options.ts";
import type { FaultRun, FaultStores } from "./fault-run.ts";
import { freezeWorkers } from "./frozen-workers.ts";
import { cutNetworks } from "./network-outages.ts";
import { killWebs, killWorkers } from "./node-kills.ts";
import type { FaultReport } from "./report.ts";
import { restoreBackup } from "./restored-backup.ts";
import { rollingRestarts } from "./rolling-restarts.ts";
import { skewClocks } from "./skewed-clocks.ts";
import { stallViewers } from "./stalled-viewers.ts";
import { restartPostgres, restartRedis } from "./store-restarts.ts";

interface Urls {
  readonly postgresUrl: string;
  readonly redisUrl: string;
}

const bootedTogether = 8;

type Script = readonly [string, string, (urls: Urls) => Promise<FaultReport>];

const deaths = (options: FaultOptions): Script[] => {
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

const nuisances = ({ outages, freezes, stalled, seed }: FaultOptions): Script[] => [
  ["network", "the ways to PostgreSQL and Redis fail", (urls) => cutNetworks({ ...urls, outages, seed })],
  ["clock", "clocks of workers are wrong", (urls) => skewClocks({ ...urls, kills: freezes, seed })],
  ["restored", "the database goes back to a backup", (urls) => restoreBackup({ ...urls, seed })],
  ["blocked", "tools block their worker", (urls) => blockLoops({ ...urls, blocks: 3, seed })],
  ["stalled", "viewers take nothing", (urls) => stallViewers({ ...urls, viewers: stalled, seed })],
];

/** What is done to web nodes and workers over PostgreSQL and Redis. */
export const fleetRuns = ({ postgresUrl, redisUrl }: FaultStores, options: FaultOptions): FaultRun[] =>
  [...deaths(options), ...nuisances(options)].map(([fault, title, run]) => ({
    fault,
    title,
    run: postgresUrl === null || redisUrl === null ? null : () => run({ postgresUrl, redisUrl }),
  }));
