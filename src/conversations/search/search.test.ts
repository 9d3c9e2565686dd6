import fc from "fast-check";
import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import { silentLogger } from "../../foundation/logger.ts";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { createHandWorker, type HandWorker } from "../../testing/hand-worker.ts";
import { createPrincipal, permitAll, text } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { testRuns } from "../../testing/test-runs.ts";
import { append } from "../sending/append.ts";
import { change } from "../change.ts";
import { create, type CreateInput } from "../create.ts";
import { removeMessage } from "../messages.ts";
import { remove, restore } from "../remove.ts";
import type { SearchCursor } from "../../store/search/search-rows.ts";
import { search } from "./search.ts";
import { writeDue } from "./write-due.ts";

describe.each(testDatabases)("search on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database });
  });
  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const say = async (principal: Principal, words: string, input: CreateInput = {}) => {
    const { id } = await create(worker.spine.context, principal, input);
    const message = { id: createId(), parts: text(words) };
    await append(worker.spine.context, principal, { conversationId: id, message }, permitAll);
    await writeDue(database, silentLogger);
    return { conversationId: id, messageId: message.id };
  };
  const find = async (principal: Principal, q: string, limit = 50): Promise<string[]> =>
    (await search(database, principal, { q, limit })).data.map(({ snippet }) => snippet.text);

  test.each([
    ["École à ŁÓDŹ, ЖУК", ["école", "łódź", "жук", "ÉCOLE жу"], ["ecolf", "уж"]],
    ["see foo/bar_baz.ts: don't, 3.14", ["bar", "baz.ts", "don't", "3.14", "foo ba"], ["ar", "zzz"]],
    ["日本語を学ぶ。東京へ", ["日本語", "本語を", "学", "東京へ", "語"], ["京東", "学東", "日語"]],
    ["한국어를 배우다", ["국어", "배우"], ["어국"]],
    ["ภาษาไทยง่าย", ["ไทย", "ภาษาไทย"], ["ยไท"]],
    ["ＦＵＬＬ ﬁeld", ["full", "field"], ["half"]],
    ["a flamingo 🦩 stands", ["🦩", "flamingo 🦩", "🦩 stan"], ["🐦", "🦩🐦"]],
    ["mixed 漢字abc here", ["漢字", "abc", "字abc"], ["字漢"]],
  ])("N10 finds words in any language, and parts of words where none are parted: %s", async (words, found, missed) => {
    const principal = await createPrincipal(database);
    await say(principal, words);
    for (const q of found) expect([q, await find(principal, q)]).toEqual([q, [words]]);
    for (const q of missed) expect([q, await find(principal, q)]).toEqual([q, []]);
  });

  test("N10 finds exactly what holds the characters, of any text without blanks", async () => {
    const principal = await createPrincipal(database);
    const character = fc.constantFrom("日", "本", "語", "東", "京", "𠮷");
    const texts = fc.sample(fc.string({ unit: character, minLength: 1, maxLength: 12 }), { numRuns: 40, seed: 7 });
    for (const words of texts) await say(principal, words);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: character, minLength: 1, maxLength: 4 }), async (q) => {
        const expected = texts.filter((words) => words.includes(q));
        expect((await find(principal, q)).toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: testRuns(40) },
    );
  });

  test.each(["x') OR 1=1 --", "' & !a", String.raw`\'`, "a:*B | c", "<->", "!!!", "@", "(", "\u{fffd}", "%", "_"])(
    "S12 what is typed is words and never a query: %s",
    async (q) => {
      const principal = await createPrincipal(database);
      await say(principal, "nothing of the kind");
      expect(await find(principal, q)).toEqual([]);
    },
  );

  test("S12 sees one's own and what is shared in the workspace, and no other workspace's", async () => {
    const me = await createPrincipal(database);
    const beside = { ...(await createPrincipal(database)), workspaceId: me.workspaceId };
    const elsewhere = await createPrincipal(database);
    await say(me, "secret of mine");
    await say(beside, "secret beside");
    await say(beside, "secret shared", { visibility: "workspace" });
    await say(elsewhere, "secret elsewhere", { visibility: "workspace" });
    await say({ ...me, workspaceId: elsewhere.workspaceId }, "secret of mine elsewhere");
    expect((await find(me, "secret")).toSorted()).toEqual(["secret of mine", "secret shared"]);
    expect(await find(me, `@${elsewhere.workspaceId}`)).toEqual([]);
  });

  test("S13 what is deleted, removed or temporary is not found, and what is restored is", async () => {
    const me = await createPrincipal(database);
    await say(me, "word temporary", { temporary: true, title: "word" });
    const { conversationId } = await say(me, "word deleted", { title: "a word" });
    const single = await say(me, "word removed");
    await remove(worker.spine.context, me, conversationId, permitAll);
    await removeMessage(worker.spine.context, me, single, permitAll);
    expect(await search(database, me, { q: "word", limit: 5 })).toEqual({
      conversations: [],
      data: [],
      nextCursor: null,
    });
    await restore(worker.spine.context, me, conversationId, permitAll);
    const { conversations, data } = await search(database, me, { q: "word", limit: 5 });
    expect(data).toMatchObject([{ conversationTitle: "a word", snippet: { text: "word deleted" } }]);
    expect(conversations).toMatchObject([
      { conversationId, snippet: { text: "a word", matches: [{ start: 2, end: 6 }] } },
    ]);
  });

  test("S12 what is shared is found by others soon, and what no longer is by its owner alone, at once", async () => {
    const me = await createPrincipal(database);
    const beside = { ...(await createPrincipal(database)), workspaceId: me.workspaceId };
    const { conversationId: id } = await say(me, "walrus", { title: "about a walrus" });
    const share = (visibility: "private" | "workspace") =>
      change(worker.spine.context, me, { conversationId: id, change: { visibility } }, permitAll);
    const findBoth = async (principal: Principal) => {
      const { conversations, data } = await search(database, principal, { q: "walrus", limit: 5 });
      return conversations.length + data.length;
    };
    expect(await findBoth(beside)).toBe(0);
    await share("workspace");
    await writeDue(database, silentLogger);
    expect([await findBoth(me), await findBoth(beside)]).toEqual([2, 2]);
    await share("private");
    expect(await findBoth(beside)).toBe(0);
    await writeDue(database, silentLogger);
    expect([await findBoth(me), await findBoth(beside)]).toEqual([2, 0]);
  });

  test("S13 words that were changed are not found for a moment longer, and the new ones soon", async () => {
    const me = await createPrincipal(database);
    const { conversationId: id, messageId } = await say(me, "the old wording", { title: "an old name" });
    await change(worker.spine.context, me, { conversationId: id, change: { title: "a new name" } }, permitAll);
    const parts = JSON.stringify(text("the new wording"));
    await database.query(
      sql`update message set parts = ${parts}::jsonb where id = ${messageId} and workspace_id = ${me.workspaceId}`,
    );
    expect(await search(database, me, { q: "old", limit: 5 })).toMatchObject({ conversations: [], data: [] });
    await writeDue(database, silentLogger);
    const found = await search(database, me, { q: "new", limit: 5 });
    expect(found.data).toMatchObject([{ snippet: { text: "the new wording" } }]);
    expect(found.conversations).toMatchObject([{ snippet: { text: "a new name" } }]);
  });

  test("N10 finds what holds a sentence below hundreds that hold its characters apart", async () => {
    const me = await createPrincipal(database);
    const { conversationId } = await say(me, "日本語を学ぶ");
    await database.query(sql`
      insert into message (workspace_id, conversation_id, id, sequence, role, parts, created_at)
      select ${me.workspaceId}, ${conversationId}, 'apart-' || place, place + 1, 'user',
        '[{ "type": "text", "text": "日本と本語" }]', now() + make_interval(secs => place)
      from generate_series(1, 300) place`);
    await writeDue(database, silentLogger);
    expect(await find(me, "日本語", 20)).toEqual(["日本語を学ぶ"]);
  });

  test("N10 finds the same among the newest and by the index, in a workspace of many: every message with all the words", async () => {
    const me = await createPrincipal(database);
    const { conversationId } = await say(me, "first");
    const words = ["the", "then", "walrus", "wall", "sea", "日本語", "日本", "本語"];
    const texts = Array.from({ length: 500 }, (_, index) =>
      words.filter((_word, place) => (index * 2654435761 + place * place * 40503) % 97 < 90 - place * 11).join(" "),
    );
    await database.query(sql`
      insert into message (workspace_id, conversation_id, id, sequence, role, parts, created_at)
      select ${me.workspaceId}, ${conversationId}, 'message-' || place, place + 1, 'user',
        jsonb_build_array(jsonb_build_object('type', 'text', 'text', words)), now() + make_interval(secs => place::int)
      from unnest(${texts}::text[]) with ordinality as said (words, place)`);
    await writeDue(database, silentLogger);
    for (const q of ["the", "wal", "walrus the", "then w", "sea walrus wall", "日本語", "本", "日本語 se", "sea th"]) {
      const begun = q.split(" ").at(-1)!;
      const whole = q.split(" ").slice(0, -1);
      const expected = texts.flatMap((said, index) => {
        const has = said.split(" ");
        const isFound =
          whole.every((word) => (/^[a-z]/.test(word) ? has.includes(word) : said.includes(word))) &&
          has.some((word) => (/^[a-z]/.test(begun) ? word.startsWith(begun) : word.includes(begun)));
        return isFound ? [`message-${index + 1}`] : [];
      });
      const found: string[] = [];
      let cursor: Parameters<typeof search>[2]["cursor"];
      do {
        const page = await search(database, me, { q, limit: 40, cursor });
        found.push(...page.data.map(({ messageId }) => messageId));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect([q, found]).toEqual([q, expected.toReversed()]);
    }
  });

  test("N10 pages through everything once, newest first, with what was found marked", async () => {
    const me = await createPrincipal(database);
    for (let number = 0; number < 25; number += 1) await say(me, `${"before ".repeat(40)}needle ${number} after`);
    const seen: string[] = [];
    let cursor: Parameters<typeof search>[2]["cursor"];
    do {
      const page = await search(database, me, { q: "needle", limit: 10, cursor });
      for (const { snippet } of page.data) {
        const [match] = snippet.matches;
        expect(snippet.text.slice(match!.start, match!.end)).toBe("needle");
        expect(snippet).toMatchObject({ isCutBefore: true, isCutAfter: false });
        seen.push(/needle (\d+)/.exec(snippet.text)![1]!);
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => String(24 - index)));
  });

  test("S13 what is removed while one pages is not shown, and hides nothing that comes after it", async () => {
    const principal = await createPrincipal(database);
    for (const n of [1, 2, 3, 4, 5]) await say(principal, `gannet ${n}`);
    const newest = await say(principal, "gannet 6");
    await database.query(sql`
      create table entry_of_removed as select * from message_search where message_id = ${newest.messageId}`);
    await database.query(sql`update message set parts = '[]', deleted_at = now() where id = ${newest.messageId}`);
    // as a writer does that had read it before
    await database.query(sql`insert into message_search select * from entry_of_removed`);
    const shown: string[] = [];
    let cursor: SearchCursor | undefined;
    do {
      const page = await search(database, principal, { q: "gannet", limit: 2, cursor });
      shown.push(...page.data.map(({ snippet }) => snippet.text));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(shown).toEqual([5, 4, 3, 2, 1].map((n) => `gannet ${n}`));
  });

  test("a message of any length and of words without end is stored, and found by how it begins", async () => {
    const me = await createPrincipal(database);
    const unlike = Array.from({ length: 120_000 }, (_, index) =>
      String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000)),
    );
    for (const long of ["﷽".repeat(60_000), "x".repeat(500_000), unlike.join("")]) await say(me, `beginning ${long}`);
    expect(await find(me, "beginning")).toHaveLength(3);
  });
});
