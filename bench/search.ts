import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import sql from "sql-template-tag";
import { listMessages } from "../src/conversations/messages.ts";
import { listConversations } from "../src/conversations/read.ts";
import { search } from "../src/conversations/search/search.ts";
import { createPgliteDatabase } from "../src/drivers/pglite/pglite.ts";
import { createPostgresDatabase } from "../src/drivers/postgres/postgres.ts";
import type { Database } from "../src/ports/database.ts";
import type { Principal } from "../src/protocol/principal.ts";
import { migrate } from "../src/store/migrate.ts";
import { findPostgresFolder } from "../src/testing/find-program.ts";
import { startPostgres } from "../src/testing/postgres-server.ts";
import { createPrincipal } from "../src/testing/spine.ts";
import { createTestDatabase } from "../src/testing/test-database.ts";
import { percentile } from "./samples.ts";

const { values: options } = parseArgs({
  options: {
    messages: { type: "string", default: "100000" },
    repeats: { type: "string", default: "40" },
    assert: { type: "boolean", default: false },
  },
});

const perConversation = 50;
const batch = 100;
const searchLimit = 50;
const flatLimit = 2;
const repeats = Number(options.repeats);

/** By how many messages they stand in: every one, one in a hundred, a few, none; together, begun only, without blanks. */
const queries = ["the", "word7", "number 4242", "rare31", "absent", "number wor", "日本語", "東京7", "語"];

/** 60 words a message, half of them out of 2,000, and something to find. */
const fillSome = (
  database: Database,
  { workspaceId, userId }: Principal,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<unknown> =>
  database.transaction(async () => {
    await database.query(sql`
      insert into conversation (workspace_id, id, owner_id, agent, title, next_sequence, message_count, active_leaf_id, updated_at)
      select ${workspaceId}, 'conversation-' || i, ${userId}, 'default', 'Talk number ' || i, ${perConversation + 1}, ${perConversation},
        'message-' || i || '-' || ${perConversation}::int, now() - make_interval(mins => i)
      from generate_series(${first}::int, ${last}::int) i`);
    await database.query(sql`
      insert into message (workspace_id, conversation_id, id, parent_id, sequence, role, parts, created_at)
      select ${workspaceId}, 'conversation-' || i, 'message-' || i || '-' || s, case when s > 1 then 'message-' || i || '-' || (s - 1) end, s,
        case when s % 2 = 1 then 'user' else 'assistant' end,
        jsonb_build_array(jsonb_build_object('type', 'text', 'text', 'This is the number ' || i || ' of word' || (i * 50 + s) % 100
          || case when (i * 50 + s) % 3000 = 31 then ' rare31' else '' end
          || case when s % 10 = 7 then ' 東京' || s || 'で日本語を学ぶ' else '' end || ' '
          || (select string_agg('w' || (i * 31 + s * 17 + k * k * 7) % 2000 || ' and', ' ') from generate_series(1, 30) k))),
        now() - make_interval(mins => i, secs => ${perConversation}::int - s)
      from generate_series(${first}::int, ${last}::int) i cross join generate_series(1, ${perConversation}::int) s`);
  });

const fill = async (database: Database, principal: Principal, messages: number): Promise<void> => {
  const conversations = messages / perConversation;
  for (let first = 1; first <= conversations; first += batch)
    await fillSome(database, principal, { first, last: Math.min(first + batch - 1, conversations) });
};

const time = async (work: () => Promise<unknown>): Promise<number[]> => {
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats + 3; repeat += 1) {
    const start = performance.now();
    await work();
    if (repeat >= 3) times.push(performance.now() - start);
  }
  return times;
};

const round = (value: number): number => Math.round(value * 100) / 100;

const measureReads = async (database: Database, principal: Principal) => {
  const { data } = await listConversations(database, principal, { limit: 1 });
  const conversationId = data[0]?.id ?? "";
  const list = await time(() => listConversations(database, principal, { limit: 50 }));
  const open = await time(() =>
    listMessages(database, principal, { conversationId, branch: "active", limit: 50 }, () => {}),
  );
  return { list: round(percentile(list, 0.5)), firstPage: round(percentile(open, 0.5)) };
};

const measure = async (database: Database) => {
  await migrate(database);
  const few = await createPrincipal(database);
  const many = await createPrincipal(database);
  await fill(database, few, 1_000);
  const before = await measureReads(database, few);
  const start = performance.now();
  await fill(database, many, Number(options.messages));
  const filled = performance.now() - start;
  const after = await measureReads(database, many);
  const all: number[] = [];
  const searches: Record<string, { found: number; p50: number; p95: number }> = {};
  for (const q of queries) {
    const { data } = await search(database, many, { q, limit: 20 });
    const times = await time(() => search(database, many, { q, limit: 20 }));
    all.push(...times);
    searches[q] = { found: data.length, p50: round(percentile(times, 0.5)), p95: round(percentile(times, 0.95)) };
  }
  const visitor = { ...(await createPrincipal(database)), workspaceId: many.workspaceId };
  const unseen = await time(() => search(database, visitor, { q: "the", limit: 20 }));
  await database.close();
  return {
    filledSeconds: round(filled / 1000),
    before,
    after,
    searchP95: round(percentile(all, 0.95)),
    searches,
    unseenP95: round(percentile(unseen, 0.95)),
  };
};

const directory = await mkdtemp(join(tmpdir(), "natter-search-"));
const report: Record<string, Awaited<ReturnType<typeof measure>>> = {};
try {
  report["PGlite"] = await measure(await createPgliteDatabase({ directory }));
} finally {
  await rm(directory, { recursive: true, force: true });
}
if (findPostgresFolder()) {
  const server = await startPostgres({ fsync: true });
  try {
    report["PostgreSQL"] = await measure(createPostgresDatabase({ url: await createTestDatabase(server.url) }));
  } finally {
    await server.stop();
  }
}

console.log(JSON.stringify({ messages: Number(options.messages), ...report }, null, 2));
const isOver = Object.values(report).some(
  ({ before, after, searchP95 }) =>
    searchP95 > searchLimit || after.list > before.list * flatLimit || after.firstPage > before.firstPage * flatLimit,
);
if (isOver) console.error(`over budget: search over ${searchLimit} ms, or reads more than ${flatLimit} times as long`);
process.exit(options.assert && isOver ? 1 : 0);
