import { backgroundKills } from "./background-kills.ts";
import { boundaryCrashes } from "./boundaries.ts";
import { cancelHanging } from "./cancel-hanging.ts";
import { crashLoop } from "./crash-loop.ts";
import { drainServers } from "./drain.ts";
import { canLimitFiles, limitDescriptors } from "./few-descriptors.ts";
import type { FaultOptions } from "./fault-options.ts";
import type { FaultRun, FaultStores } from "./fault-run.ts";
import { fleetRuns } from "./fleet-runs.ts";
import { killLoop } from "./kill-loop.ts";
import { questionKills } from "./question-kills.ts";
import { databaseName, type FaultReport } from "./report.ts";
import { resumeCuts, type ResumeOptions, type ResumeWorld } from "./resume-cuts.ts";
import { openMemoryWorld } from "./resume-memory.ts";
import { openServersWorld } from "./resume-servers.ts";

/** In one process takeovers are quick; between servers a lease must run out first. */
const paces = {
  memory: { delay: 10, disturbance: 1_000, cutBytes: 700 },
  servers: { delay: 40, disturbance: 1_500, cutBytes: 1_000 },
};

const resumeOn = async (open: () => Promise<ResumeWorld>, options: ResumeOptions): Promise<FaultReport> => {
  const world = await open();
  try {
    return await resumeCuts(world, options);
  } finally {
    await world.close();
  }
};

/** Of the kills, what background tools and questions get: each has to come to its end. */
const killsShare = 4;

const onDatabase = (stores: FaultStores, options: FaultOptions, isEmbedded: boolean): FaultRun[] => {
  const { kills, lanes, poisoned, cancels, seed } = options;
  const postgresUrl = isEmbedded ? null : stores.postgresUrl;
  const redisUrl = isEmbedded ? null : stores.redisUrl;
  const isThere = isEmbedded || postgresUrl !== null;
  const name = databaseName(isEmbedded ? null : "");
  return [
    {
      fault: "kill",
      title: `servers on ${name} are killed in the middle of answers`,
      run: isThere ? () => killLoop({ postgresUrl, kills, lanes, seed }) : null,
    },
    {
      fault: "background",
      title: `servers on ${name} are killed while background tools run`,
      run: isThere ? () => backgroundKills({ postgresUrl, kills: Math.ceil(kills / killsShare), seed }) : null,
    },
    {
      fault: "questions",
      title: `servers on ${name} are killed while tools wait for persons and clients`,
      run: isThere ? () => questionKills({ postgresUrl, kills: Math.ceil(kills / killsShare), seed }) : null,
    },
    {
      fault: "crash-loop",
      title: `a server on ${name} is killed three times over the same answers`,
      run: isThere ? () => crashLoop({ postgresUrl, conversations: poisoned, seed }) : null,
    },
    {
      fault: "cancel",
      title: `what hangs is cancelled on ${name}`,
      run: isThere ? () => cancelHanging({ postgresUrl, redisUrl, cancels, seed }) : null,
    },
  ];
};

const connections = 100;

const onOneServer = ({ seed }: FaultOptions): FaultRun[] => [
  {
    fault: "descriptors",
    title: "a server has no file descriptors left",
    run: canLimitFiles ? () => limitDescriptors({ postgresUrl: null, connections, seed }) : null,
  },
];

const inThisProcess = ({ cuts, occurrences, seed }: FaultOptions): FaultRun[] => [
  {
    fault: "boundaries",
    title: "a worker dies before and after each of its effects",
    run: () => boundaryCrashes({ occurrences }),
  },
  {
    fault: "resume",
    title: "viewers of the memory log are cut while workers die",
    run: () => resumeOn(openMemoryWorld, { cuts, seed, pace: paces.memory }),
  },
];

const onTwoServers = ({ postgresUrl, redisUrl }: FaultStores, { cuts, drains, seed }: FaultOptions): FaultRun[] => {
  const onBoth = (run: (postgres: string, redis: string) => Promise<FaultReport>): FaultRun["run"] =>
    postgresUrl === null || redisUrl === null ? null : () => run(postgresUrl, redisUrl);
  return [
    {
      fault: "resume",
      title: "viewers of the log in Redis are cut while servers are killed and stopped",
      run: onBoth((postgres, redis) =>
        resumeOn(() => openServersWorld(postgres, redis), { cuts, seed, pace: paces.servers }),
      ),
    },
    {
      fault: "resume",
      title: "viewers of the log in PostgreSQL are cut while servers are killed and stopped",
      run:
        postgresUrl === null
          ? null
          : () => resumeOn(() => openServersWorld(postgresUrl, null), { cuts, seed, pace: paces.servers }),
    },
    {
      fault: "drain",
      title: "servers are told to go in the middle of answers",
      run: onBoth((postgres, redis) => drainServers({ postgresUrl: postgres, redisUrl: redis, drains, seed })),
    },
  ];
};

/** What `npm run faults` runs, in its order. */
export const faultRuns = (stores: FaultStores, options: FaultOptions): FaultRun[] => {
  const { database, only } = options;
  const runs = [
    ...(database === "postgres" ? [] : onDatabase(stores, options, true)),
    ...(database === "pglite" ? [] : onDatabase(stores, options, false)),
    ...inThisProcess(options),
    ...onOneServer(options),
    ...onTwoServers(stores, options),
    ...fleetRuns(stores, options),
  ];
  return runs.filter(({ fault }) => only.length === 0 || only.includes(fault));
};
