import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { signToken } from "./natter-target.ts";
import { completionIn, createOpenStreams, openMany } from "./open-streams.ts";
import { startViewerCluster } from "./viewer-cluster.ts";

const { values: options } = parseArgs({
  options: {
    /** Answers that are watched by one viewer each. */
    streams: { type: "string", default: "150" },
    /** Viewers of five answers. */
    viewers: { type: "string", default: "500" },
    /** Viewers to whom nothing is told. */
    quiet: { type: "string", default: "4000" },
    seconds: { type: "string", default: "15" },
  },
});
const seconds = Number(options.seconds);
const token = await signToken();
const cluster = await startViewerCluster();
const streams = createOpenStreams(cluster.url, token);

const answer = (): Promise<string> =>
  streams.open("/v1/chat", { body: { message: { text: "long 4000" }, model: "natter/demo" } });

/** What `count` viewers cost; they leave afterwards. */
const measure = async (name: string, count: number, begin: () => Promise<unknown>): Promise<void> => {
  const [before, refusedBefore] = [cluster.memory(), streams.refused];
  await begin();
  await wait(2_000);
  const [bytesBefore, readsBefore] = [streams.bytes, streams.reads];
  const cores = await cluster.measure(seconds);
  const viewers = count - (streams.refused - refusedBefore);
  const each = (cost: number): number => Number(((cost * 1_000) / viewers).toFixed(3));
  const perSecond = (total: number): number => Number((total / seconds / viewers).toFixed(1));
  console.log(
    JSON.stringify({
      name,
      viewers,
      refused: streams.refused - refusedBefore,
      millisecondsEach: {
        web: each(cores.web),
        workers: each(cores.workers),
        redis: each(cores.redis),
        postgres: each(cores.postgres),
      },
      webKilobytesEach: Number((((cluster.memory() - before) * 1_024) / viewers).toFixed(1)),
      framesEach: perSecond(streams.reads - readsBefore),
      bytesEach: perSecond(streams.bytes - bytesBefore),
    }),
  );
  streams.closeAll();
};

try {
  await measure("quiet", Number(options.quiet), () =>
    openMany(Number(options.quiet), () => streams.open("/v1/events", { isQuiet: true })),
  );
  await measure("streams", Number(options.streams), () => openMany(Number(options.streams), answer));
  await measure("viewers", Number(options.viewers), async () => {
    const ids = (await openMany(5, answer)).map(completionIn);
    await openMany(Number(options.viewers), (index) =>
      streams.open(`/v1/completions/${ids[index % ids.length]}/events`),
    );
  });
} finally {
  await cluster.stop();
}
process.exit(0);
