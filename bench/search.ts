import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { listMessages } from "../src/conversations/messages.ts";
import { listConversations, type ConversationQuery } from "../src/conversations/read.ts";
import { search } from "../src/conversations/search/search.ts";
import { createPgliteDatabase } from "../src/drivers/pglite/pglite.ts";
import { createPostgresDatabase } from "../src/drivers/postgres/postgres.ts";
import type { Database } from "../src/ports/database.ts";
import type { Principal } from "../src/protocol/people/principal.ts";
import { migrate } from "../src/store/migrate.ts";
import { findPostgresFolder } from "../src/testing/servers/find-program.ts";
import { startPostgres } from "../src/testing/servers/postgres-server.ts";
import { createTestDatabase } from "../src/testing/databases/test-database.ts";
import { median, percentile } from "./samples.ts";
import { fill, type Viewers } from "./search-fill.ts";

const { values: options } = parseArgs({
  options: {
    messages: { type: "string", default: "100000" },
    repeats: { type: "string", default: "40" },
    assert: { type: "boolean", default: false },
  },
});

const fewMessages = 1_000;
/** As many as those are in, so that both lists show as many. */
const fewConversations = 20;
const limits = {
  /** Milliseconds below which 95 of 100 searches of each viewer are. */
  p95: 50,
  /** Milliseconds below which half the searches for each query are. */
  queryMedian: 50,
  /** How many times as long a list and a first page may take as with 1,000 messages, and what they may take at all in milliseconds. */
  flatTimes: 2,
  flatMilliseconds: 3,
};
const repeats = Number(options.repeats);
const warmUp = 3;
/** Reads are short: their times are compared where nothing came between, at this share of them. */
const undisturbed = 0.1;

const queries = {
  "in every message": "the",
  "one in a hundred": "word7",
  "one in 3,000": "rare31",
  none: "absent",
  "a fifth of the older half": "yesteryear",
  "every and one in a hundred": "the word7",
  "two that never meet": "number 4242 word7",
  "a beginning of every": "th",
  "one letter": "w",
  "rare, and one letter": "rare31 w",
  "every, and a beginning": "number wor",
  "part of a sentence": "日本語",
  "part with a number": "東京7",
  "one character": "語",
  "an emoji": "🦩",
  "operators and quotes": `"the" & !rare31 | ('word7' <-> x):*`,
  "a pattern": "100% w_rd7",
  "200 characters": "this is the number of word7 and w1 and w2 ".repeat(5).slice(0, 200),
  "of 100,000 characters": "lengthy",
} as const;

const lists: Readonly<Record<string, Partial<ConversationQuery>>> = {
  list: {},
  pinned: { pinned: true },
  archived: { status: "archived" },
  unread: { unread: true },
  title: { q: "about whales" },
};

const round = (value: number): number => Math.round(value * 100) / 100;

/** Times of each, in turns, so that what else the machine does falls on all of them. */
const timeAll = async (works: Readonly<Record<string, () => Promise<unknown>>>): Promise<Record<string, number[]>> => {
  const times: Record<string, number[]> = {};
  for (let repeat = 0; repeat < repeats + warmUp; repeat += 1) {
    for (const [name, work] of Object.entries(works)) {
      const start = performance.now();
      await work();
      if (repeat >= warmUp) (times[name] ??= []).push(performance.now() - start);
    }
  }
  return times;
};

const readsOf = async (database: Database, principal: Principal): Promise<Record<string, () => Promise<unknown>>> => {
  const { data } = await listConversations(database, principal, { limit: 1 });
  const page = { conversationId: data[0]?.id ?? "", branch: "active", limit: 50 } as const;
  const reads = Object.entries(lists).map(([name, query]) => [
    name,
    () => listConversations(database, principal, { ...query, limit: fewConversations }),
  ]);
  return { ...Object.fromEntries(reads), firstPage: () => listMessages(database, principal, page, () => {}) };
};

const measureReads = async (few: Database, fewOf: Viewers, many: Database, manyOf: Viewers) => {
  const before = await readsOf(few, fewOf.most);
  const after = await readsOf(many, manyOf.most);
  const figures: Record<string, { before: number; after: number }> = {};
  for (const [name, read] of Object.entries(before)) {
    const times = await timeAll({ before: read, after: after[name] ?? read });
    const [small, large] = ["before", "after"].map((when) => round(percentile(times[when] ?? [], undisturbed)));
    figures[name] = { before: small ?? 0, after: large ?? 0 };
  }
  return figures;
};

const measureSearches = async (database: Database, viewer: Principal) => {
  const works = Object.entries(queries).map(([name, q]) => [name, () => search(database, viewer, { q, limit: 20 })]);
  const times = await timeAll(Object.fromEntries(works));
  const figures: Record<string, { found: number; p50: number; p95: number }> = {};
  for (const [name, q] of Object.entries(queries)) {
    const { data } = await search(database, viewer, { q, limit: 20 });
    const taken = times[name] ?? [];
    figures[name] = { found: data.length, p50: round(median(taken)), p95: round(percentile(taken, 0.95)) };
  }
  return { p95: round(percentile(Object.values(times).flat(), 0.95)), queries: figures };
};

const measure = async (small: Database, large: Database) => {
  await migrate(small);
  await migrate(large);
  const fewOf = await fill(small, fewMessages);
  const manyOf = await fill(large, Number(options.messages));
  const reads = await measureReads(small, fewOf.viewers, large, manyOf.viewers);
  const searches: Record<string, Awaited<ReturnType<typeof measureSearches>>> = {};
  for (const [name, viewer] of Object.entries(manyOf.viewers)) searches[name] = await measureSearches(large, viewer);
  await small.close();
  await large.close();
  return { writeMillisecondsPerMessage: round(manyOf.writeMilliseconds / Number(options.messages)), reads, searches };
};

type Report = Awaited<ReturnType<typeof measure>>;

const excessesOf = ({ reads, searches }: Report): string[] => [
  ...Object.entries(reads)
    .filter(([, { before, after }]) => after > Math.max(before * limits.flatTimes, limits.flatMilliseconds))
    .map(([name, { before, after }]) => `${name}: ${after} ms, with ${fewMessages} messages ${before}`),
  ...Object.entries(searches).flatMap(([viewer, { p95, queries: figures }]) => [
    ...(p95 > limits.p95 ? [`search of ${viewer}: p95 ${p95} ms, its limit ${limits.p95}`] : []),
    ...Object.entries(figures)
      .filter(([, { p50 }]) => p50 > limits.queryMedian)
      .map(([name, { p50 }]) => `search of ${viewer}, ${name}: median ${p50} ms, its limit ${limits.queryMedian}`),
  ]),
];

const reports: Record<string, Report> = {};
const directory = await mkdtemp(join(tmpdir(), "natter-search-"));
try {
  const open = (name: string): Promise<Database> => createPgliteDatabase({ directory: join(directory, name) });
  reports["PGlite"] = await measure(await open("small"), await open("large"));
} finally {
  await rm(directory, { recursive: true, force: true });
}
if (findPostgresFolder()) {
  const server = await startPostgres({ fsync: true });
  try {
    const open = async (): Promise<Database> => createPostgresDatabase({ url: await createTestDatabase(server.url) });
    reports["PostgreSQL"] = await measure(await open(), await open());
  } finally {
    await server.stop();
  }
}

console.log(JSON.stringify({ messages: Number(options.messages), limits, ...reports }, null, 2));
const excesses = Object.entries(reports).flatMap(([name, report]) =>
  excessesOf(report).map((excess) => `over its limit: ${name}, ${excess}`),
);
for (const excess of excesses) console.error(excess);
process.exit(options.assert && excesses.length > 0 ? 1 : 0);
