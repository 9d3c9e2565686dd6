import { request, type ClientRequest } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { signToken } from "./natter-target.ts";
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
const atOnce = 50;
const token = await signToken();
const cluster = await startViewerCluster();
const open = new Set<ClientRequest>();
let bytes = 0;
let reads = 0;
let refused = 0;

/** Opens a stream and keeps it open; answers its first bytes. */
const watch = (path: string, body?: object): Promise<string> => {
  const headers = { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) };
  const { promise, resolve } = Promise.withResolvers<string>();
  const asked = request(
    `${cluster.url}${path}`,
    { method: body ? "POST" : "GET", headers, agent: false },
    (response) => {
      if (response.statusCode !== 200) refused += 1;
      // nothing is told to a quiet viewer until the first ping
      if (path === "/v1/events") resolve("");
      response.on("error", () => {});
      response.on("data", (data: Buffer) => {
        bytes += data.length;
        reads += 1;
        resolve(data.toString());
      });
    },
  );
  asked.on("error", () => resolve(""));
  open.add(asked);
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
};

const many = async (count: number, begin: (index: number) => Promise<string>): Promise<string[]> => {
  const said: string[] = [];
  for (let from = 0; from < count; from += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - from) }, (_, index) => begin(from + index));
    said.push(...(await Promise.all(some)));
  }
  return said;
};

const answer = (): Promise<string> => watch("/v1/chat", { message: { text: "long 4000" }, model: "natter/demo" });

/** What `count` viewers cost; they leave afterwards. */
const measure = async (name: string, count: number, begin: () => Promise<unknown>): Promise<void> => {
  const [before, refusedBefore] = [cluster.memory(), refused];
  await begin();
  await wait(2_000);
  const [bytesBefore, readsBefore] = [bytes, reads];
  const cores = await cluster.measure(seconds);
  const viewers = count - (refused - refusedBefore);
  const each = (cost: number): number => Number(((cost * 1_000) / viewers).toFixed(3));
  const perSecond = (total: number): number => Number((total / seconds / viewers).toFixed(1));
  console.log(
    JSON.stringify({
      name,
      viewers,
      refused: refused - refusedBefore,
      millisecondsEach: {
        web: each(cores.web),
        workers: each(cores.workers),
        redis: each(cores.redis),
        postgres: each(cores.postgres),
      },
      webKilobytesEach: Number((((cluster.memory() - before) * 1_024) / viewers).toFixed(1)),
      framesEach: perSecond(reads - readsBefore),
      bytesEach: perSecond(bytes - bytesBefore),
    }),
  );
  for (const asked of open) asked.destroy();
  open.clear();
};

try {
  await measure("quiet", Number(options.quiet), () => many(Number(options.quiet), () => watch("/v1/events")));
  await measure("streams", Number(options.streams), () => many(Number(options.streams), answer));
  await measure("viewers", Number(options.viewers), async () => {
    const begun = await many(5, answer);
    const ids = begun.map((start) => /"completionId":"([\w-]+)"/.exec(start)?.[1]);
    await many(Number(options.viewers), (index) => watch(`/v1/completions/${ids[index % ids.length]}/events`));
  });
} finally {
  await cluster.stop();
}
process.exit(0);
