import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startPostgres } from "../src/testing/servers/postgres-server.ts";
import { startRedis } from "../src/testing/servers/redis-server.ts";
import { loadOf, runLoad } from "./measure-case.ts";
import { signToken, startNatter } from "./natter-target.ts";
import { completionIn, createOpenStreams, openMany } from "./open-streams.ts";
import { readProcessTime } from "./processor-time.ts";
import { median } from "./samples.ts";
import { startServer } from "./server-process.ts";
import { type RunningTarget, targets } from "./targets.ts";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    /** Of five answers. */
    viewers: { type: "string", default: "400" },
    /** That the viewers are watched for. */
    seconds: { type: "string", default: "8" },
  },
});
const viewerCount = Number(options.viewers);
const seconds = Number(options.seconds);
const answers = 5;
/** Milliseconds of a core in a second that a node may use and still have room for what comes. */
const roomy = 600;

const deployments: Readonly<Record<string, (upstream: string) => Promise<RunningTarget>>> = {
  embedded: (upstream) => startNatter(upstream, null),
  "PostgreSQL alone": async (upstream) => startNatter(upstream, await startPostgres({ fsync: true })),
  "PostgreSQL and Redis": async (upstream) =>
    startNatter(upstream, ...(await Promise.all([startPostgres({ fsync: true }), startRedis()]))),
};

const waiting = { model: "mock-n20-d20-f20", streams: 10, total: 500, rampMilliseconds: 400 };
const sending = { model: "mock-n10-d0", streams: 50, total: 1_500 };
const warmUp = { model: "mock-n100-d0", streams: 20, total: 200 };
const watched = "compatible/mock-n4000-d15";

/** Milliseconds of a core that a node uses in a second. */
const useOf = async (pid: number): Promise<number> => {
  const [before, begun] = [readProcessTime(pid), performance.now()];
  await wait(seconds * 1_000);
  return ((readProcessTime(pid) - before) / (performance.now() - begun)) * 1_000;
};

/** How many viewers of a few answers, at 66 tokens a second each, keep a node at 60% of a core. */
const countViewers = async ({ server, url }: RunningTarget): Promise<number> => {
  const pid = server?.pid ?? 0;
  const streams = createOpenStreams(new URL(url).origin, await signToken());
  const body = { message: { text: "hi" }, model: watched };
  const ids = (await openMany(answers, () => streams.open("/v1/chat", { body }))).map(completionIn);
  await wait(1_000);
  const without = await useOf(pid);
  await openMany(viewerCount, (index) => streams.open(`/v1/completions/${ids[index % ids.length]}/events`));
  await wait(1_000);
  const each = ((await useOf(pid)) - without) / (viewerCount - streams.refused);
  streams.closeAll();
  return (roomy - without) / each;
};

interface Round {
  readonly p50: number;
  readonly p99: number;
  readonly sends: number;
  readonly viewers: number;
  readonly failures: number;
}

const measure = async (target: RunningTarget, provider: number): Promise<Round> => {
  try {
    await runLoad(loadOf(target, warmUp));
    const waited = await runLoad(loadOf(target, waiting));
    const sent = await runLoad(loadOf(target, sending));
    return {
      p50: waited.firstToken.p50 - provider,
      p99: waited.firstToken.p99 - provider,
      sends: sent.completions / sent.seconds,
      viewers: await countViewers(target),
      failures: [waited, sent].reduce((sum, { lost, duplicated, errors }) => sum + lost + duplicated + errors, 0),
    };
  } finally {
    await target.stop();
  }
};

const upstream = await startServer({ args: [join(import.meta.dirname, "upstream.ts")], ready: "/stats" });
const direct = await targets["direct"]?.(upstream.url);
if (direct === undefined) throw new Error("there is no direct target");
const provider = (await runLoad(loadOf(direct, waiting))).firstToken.p50;
const names = Object.keys(deployments);
const rounds = new Map<string, Round[]>(names.map((name) => [name, []]));
for (let round = 0; round < Number(options.rounds); round += 1) {
  for (const [name, start] of Object.entries(deployments)) {
    const measured = await measure(await start(upstream.url), provider);
    rounds.get(name)?.push(measured);
    console.error(`round ${round + 1}, ${name}: ${JSON.stringify(measured)}`);
  }
}
await upstream.stop();

const middle = (name: string, of: keyof Round): number => median((rounds.get(name) ?? []).map((round) => round[of]));
console.log(
  "| deployment | first chunk p50 ms | p99 ms | sends a second | viewers a node | lost, duplicated, failed |",
);
console.log("| --- | --- | --- | --- | --- | --- |");
for (const name of names) {
  const [p50, p99] = [middle(name, "p50").toFixed(1), middle(name, "p99").toFixed(1)];
  const [sends, viewers] = [
    middle(name, "sends").toFixed(0),
    (Math.floor(middle(name, "viewers") / 100) * 100).toFixed(0),
  ];
  console.log(`| ${name} | ${p50} | ${p99} | ${sends} | ${viewers} | ${middle(name, "failures")} |`);
}
process.exit(0);
