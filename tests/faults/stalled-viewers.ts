import type { ClientRequest } from "node:http";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Chunk } from "../../src/protocol/message/chunk.ts";
import { until } from "../../src/testing/spine.ts";
import { type Fleet, openFleet } from "./fleet.ts";
import { askQuestion, createConversationId, type Question } from "./question.ts";
import { createRandom, type Random } from "./random.ts";
import { type FaultReport, summarize } from "./report.ts";
import { sendRequest } from "./request.ts";
import { createSseReader } from "./sse-reader.ts";

export interface StalledOptions {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  /** Viewers that take nothing. */
  readonly viewers: number;
  readonly seed: number;
}

/** More than the buffers of the system take for a viewer who reads nothing. */
const flood = { tokens: 300, tokenBytes: 65_536, delay: 20 };
const calm = { tokens: 400, delay: 15 };
const seconds = 60;
const mebibyte = 1_048_576;
/** What a node lets a viewer lag behind; one that joins late is owed a page of what was said besides. */
const viewerBytes = 262_144;
/** A node may keep so much more for each that stalls, and this much in any case. */
const mayKeepEach = 4 * viewerBytes;
const mayKeepAnyway = 64 * mebibyte;
/** Another viewer may hear of a token so much later at the 99th percentile. */
const mayLag = 50;

const residentBytes = async (pid: number | undefined): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
};

/** The most that a process kept until it was told to stop looking. */
const watchMemory = (pid: number | undefined): (() => Promise<number>) => {
  let [most, isOver] = [0, false];
  const watching = (async () => {
    while (!isOver) {
      most = Math.max(most, await residentBytes(pid));
      await sleep(50);
    }
  })();
  return async () => {
    isOver = true;
    await watching;
    return most;
  };
};

const ask = (fleet: Fleet, plan: Question["plan"], random: Random): Question =>
  askQuestion({
    plan,
    conversationId: createConversationId(random),
    token: fleet.token,
    url: () => fleet.webs[0]?.url ?? "",
  });

/** Opens a stream and reads nothing of it. */
const stall = async (fleet: Fleet, completionId: string): Promise<ClientRequest> => {
  const request = sendRequest(`${fleet.webs[0]?.url}/v1/completions/${completionId}/events`, { token: fleet.token });
  request.on("error", () => {});
  await new Promise<void>((resolve, reject) => {
    request.once("response", (response) => {
      response.on("error", () => {}).pause();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`a viewer was answered with ${response.statusCode}`));
    });
    request.once("error", reject);
  });
  return request;
};

/** Milliseconds from each token's being said until a viewer had it. */
const lagsOf = async (fleet: Fleet, { plan, viewers: [sender] }: Question): Promise<number[]> => {
  await until(async () => sender?.completionId, seconds);
  const lags: number[] = [];
  const request = sendRequest(`${fleet.webs[0]?.url}/v1/completions/${sender?.completionId}/events`, {
    token: fleet.token,
  });
  const read = createSseReader();
  const hear = (chunk: Chunk): void => {
    if (chunk.type !== "text-delta") return;
    const now = performance.now();
    const said = fleet.provider.callsOf(plan.question)[0]?.saidAt ?? [];
    for (const [, index] of chunk.delta.matchAll(/@\d+\.(\d+)/g)) lags.push(now - (said[Number(index)] ?? now));
  };
  await new Promise<void>((resolve, reject) => {
    request.once("error", reject).once("close", resolve);
    request.once("response", (response) => {
      if (response.statusCode !== 200) reject(new Error(`a viewer was answered with ${response.statusCode}`));
      response.on("data", (bytes: Buffer) => {
        for (const { data } of read(bytes)) if (data?.startsWith("{") === true) hear(JSON.parse(data) as Chunk);
      });
    });
  });
  return lags;
};

const measure = async (fleet: Fleet, name: string, stalled: number, random: Random) => {
  const flooding = ask(fleet, { question: `flood-${name}`, ...flood }, random);
  const {
    viewers: [sender],
  } = flooding;
  await until(async () => sender?.completionId, seconds);
  const stopWatching = watchMemory(fleet.webs[0]?.pid);
  const stalls: ClientRequest[] = [];
  try {
    while (stalls.length < stalled) stalls.push(await stall(fleet, sender?.completionId ?? ""));
    const asked = ask(fleet, { question: `calm-${name}`, ...calm }, random);
    const lags = await lagsOf(fleet, asked);
    await Promise.all([asked.ended, flooding.ended]);
    return { lags, bytes: await stopWatching() };
  } finally {
    await stopWatching();
    for (const request of stalls) request.destroy();
  }
};

/** Viewers whose sockets take nothing of a large answer change neither what another viewer waits nor what the node keeps. */
export const stallViewers = async ({ viewers, seed, ...stores }: StalledOptions): Promise<FaultReport> => {
  const environment = { NATTER_VIEWER_BYTES: String(viewerBytes) };
  const fleet = await openFleet({ ...stores, webs: 1, workers: 1, environment });
  try {
    const random = createRandom(seed);
    await measure(fleet, "warm", 0, random);
    const without = await measure(fleet, "without", 0, random);
    const stalled = await measure(fleet, "stalled", viewers, random);
    const [before, after] = [summarize(without.lags), summarize(stalled.lags)];
    const more = stalled.bytes - without.bytes;
    const mayKeep = viewers * mayKeepEach + mayKeepAnyway;
    const failures: string[] = [];
    if (more > mayKeep) failures.push(`the node kept ${Math.round(more / mebibyte)} MiB more`);
    if ((after?.p99 ?? 0) > (before?.p99 ?? 0) + mayLag)
      failures.push(`another viewer waited ${after?.p99} ms instead of ${before?.p99} ms at the 99th percentile`);
    if (without.lags.length < calm.tokens || stalled.lags.length < calm.tokens) failures.push("tokens were not heard");
    return {
      fault: "stalled",
      figures: {
        viewers,
        viewerKiB: viewerBytes / 1_024,
        floodMiB: Math.round((flood.tokens * flood.tokenBytes) / mebibyte),
        lagMsWithout: before,
        lagMsStalled: after,
        lagMayGrowMs: mayLag,
        nodeMiBWithout: Math.round(without.bytes / mebibyte),
        nodeMiBStalled: Math.round(stalled.bytes / mebibyte),
        nodeMayGrowMiB: mayKeep / mebibyte,
      },
      failures,
    };
  } finally {
    await fleet.close();
  }
};
