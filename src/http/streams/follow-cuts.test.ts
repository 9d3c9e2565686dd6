import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, inject, test } from "vitest";
import { createMemoryLog } from "../../drivers/log/log-memory.ts";
import { createRedisLog } from "../../drivers/log/log-redis.ts";
import { silentLogger } from "../../foundation/logger.ts";
import type { ChunkLog } from "../../ports/chunk-log.ts";
import type { Chunk } from "../../protocol/message/chunk.ts";
import { mergeDeltas } from "../../protocol/message/frames.ts";
import { createFlakyLog, mishaps } from "../../testing/flaky-log.ts";
import { entryOf } from "../../testing/log-entry.ts";
import { type ViewerPlan, type Viewing, viewToEnd } from "../../testing/providers/scripted-viewer.ts";
import { testRuns } from "../../testing/test-runs.ts";

const textOf = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom("", "\n\n", "id: x.1\ndata: {}\n\n", "👩‍👩‍👧‍👦", "\u2028", "a".repeat(3_000)),
);
const blockOf = fc.constantFrom("1", "2");

const chunkOf: fc.Arbitrary<Chunk> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant("text-delta"), id: blockOf, delta: textOf }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("reasoning-delta"), id: blockOf, delta: textOf }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("tool-input-delta"), toolCallId: blockOf, inputTextDelta: textOf }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Chunk>({ type: "start-step" }, { type: "finish-step" }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("data-natter-place"), data: textOf }) },
);

type Act =
  | { readonly act: "append"; readonly chunks: readonly Chunk[]; readonly turns: number }
  | { readonly act: "burst"; readonly entries: readonly (readonly Chunk[])[] }
  | { readonly act: "takeover" | "rebuild" };

const chunksOf = fc.array(chunkOf, { minLength: 1, maxLength: 6 });
const actOf: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({ act: fc.constant("append"), chunks: chunksOf, turns: fc.integer({ min: 0, max: 12 }) }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("burst"), entries: fc.array(chunksOf, { maxLength: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("takeover") }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("rebuild") }) },
);

const planOf: fc.Arbitrary<ViewerPlan & { readonly joinsAfter: number }> = fc.record({
  cuts: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 8 }),
  framesPerTurn: fc.constantFrom(1, 3, 1_000, 1_000),
  bufferBytes: fc.constantFrom(1, 500, 100_000),
  knowsStart: fc.boolean(),
  joinsAfter: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 })),
});

const scenarioOf = fc.record({
  acts: fc.array(actOf, { maxLength: 40, size: "max" }),
  plans: fc.tuple(planOf, planOf),
  mishaps: fc.infiniteStream(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant("none" as const) },
      { weight: 4, arbitrary: fc.constantFrom(...mishaps) },
    ),
  ),
  viewerBytes: fc.constantFrom(400, 4_000, 1_048_576),
  pageBytes: fc.constantFrom(1, 700, 262_144),
});

type Scenario = typeof scenarioOf extends fc.Arbitrary<infer Value> ? Value : never;

const start: Chunk = { type: "start", messageId: "m-1" };
const finish: Chunk = { type: "finish", finishReason: "stop" };

/** The writers of one completion, on two nodes by turns; `said` is what the log holds. */
const createWriters = (nodes: readonly [ChunkLog, ChunkLog], id: string) => {
  let node = 0;
  let fence = 0;
  let epoch = "";
  let said: Chunk[] = [];
  const append = async (chunks: readonly Chunk[], ends = false): Promise<void> => {
    const entry = entryOf(epoch, said.length + 1, chunks, ends);
    said.push(...chunks);
    expect(await nodes[node % 2]!.append(id, fence, entry)).toBe("ok");
  };
  const open = async (fresh: boolean): Promise<void> => {
    const former = { log: nodes[node % 2]!, fence };
    node += 1;
    fence += 1;
    const head = await nodes[node % 2]!.open(id, fence, { fresh });
    if (fresh) said = [];
    else if (epoch !== "") expect(head).toEqual({ epoch, last: said.length, ended: false });
    epoch = head!.epoch;
    const late = entryOf(epoch, said.length + 1, [
      { type: "text-delta", id: "1", delta: "from a worker that lost its lease" },
    ]);
    expect(await former.log.append(id, former.fence, late)).toBe("fenced");
    if (said.length === 0) await append([start]);
  };
  const perform = async (act: Act): Promise<void> => {
    switch (act.act) {
      case "append":
        await append(act.chunks);
        for (let turn = 0; turn < act.turns; turn += 1) await nextTurn();
        return;
      case "burst":
        return void (await Promise.all(act.entries.map((chunks) => append(chunks))));
      case "takeover":
        return open(false);
      case "rebuild":
        return open(true);
    }
  };
  return { open, append, perform, result: () => ({ epoch, said }) };
};

/** Asserts that each frame is exactly what was said since the one before it. Returns the last position. */
const expectInOrder = ({ after, seen }: Viewing, { epoch, said }: { epoch: string; said: readonly Chunk[] }) => {
  let at = after;
  for (const frame of seen) {
    expect(frame.epoch).toBe(epoch);
    expect(frame.position).toBeGreaterThan(at);
    const [first, ...rest] = said.slice(at, frame.position);
    expect(frame.chunk).toEqual(rest.reduce((before, chunk) => before && mergeDeltas(before, chunk), first ?? null));
    at = frame.position;
  }
  return at;
};

const play = async (nodes: readonly [ChunkLog, ChunkLog], scenario: Scenario) => {
  const id = `completion-${randomUUID()}`;
  const { acts, plans, viewerBytes, pageBytes } = scenario;
  const next = (): (typeof mishaps)[number] => scenario.mishaps.next().value;
  const options = { logger: silentLogger, viewerBytes, pageBytes, checkMilliseconds: 10 };
  const views: Promise<Viewing>[] = [];
  const absent = new Set(plans.entries());
  const join = (done: number): void => {
    for (const viewer of absent) {
      const [index, plan] = viewer;
      if (plan.joinsAfter > done) continue;
      absent.delete(viewer);
      views.push(viewToEnd(createFlakyLog(nodes[index]!, next), id, plan, options));
    }
  };
  const writers = createWriters(nodes, id);
  join(0);
  await writers.open(false);
  for (const [index, act] of acts.entries()) {
    await writers.perform(act);
    join(index + 1);
  }
  await writers.append([finish], true);
  join(Number.POSITIVE_INFINITY);
  return { viewings: await Promise.all(views), result: writers.result() };
};

const redisUrl = inject("redisUrl") ?? "";

describe.each([
  {
    name: "memory",
    runs: testRuns(300),
    create: (): readonly [ChunkLog, ChunkLog] => {
      const log = createMemoryLog({ retentionSeconds: 60 });
      return [log, log];
    },
  },
  {
    name: "Redis",
    runs: testRuns(100),
    create: (): readonly [ChunkLog, ChunkLog] => [
      createRedisLog({ url: redisUrl, retentionSeconds: 60 }),
      createRedisLog({ url: redisUrl, retentionSeconds: 60 }),
    ],
  },
])("follow on the $name log", ({ name, runs, create }) => {
  test.skipIf(name === "Redis" && redisUrl === "")(
    "two viewers see every chunk once and in order, whatever is cut, lost, late, taken over or rebuilt",
    { timeout: 60_000 + runs * 1_000 },
    async () => {
      const nodes = create();
      await fc.assert(
        fc.asyncProperty(scenarioOf, async (scenario) => {
          const { viewings, result } = await play(nodes, scenario);
          for (const viewing of viewings) expect(expectInOrder(viewing, result)).toBe(result.said.length);
        }),
        { numRuns: runs },
      );
      await Promise.all(nodes.map((node) => node.close()));
    },
  );
});
