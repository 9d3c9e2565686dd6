import fc from "fast-check";
import { unzipSync, strFromU8, strToU8, zipSync } from "fflate";
import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import { arbitraryConversation } from "../testing/databases/arbitrary-conversation.ts";
import { seedConversation, type SeedPlace } from "../testing/databases/seed-conversation.ts";
import { readStored, type StoredConversation } from "../testing/databases/stored-conversation.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { testRuns } from "../testing/test-runs.ts";
import { createTransferDesk, type TransferDesk } from "../testing/databases/transfer-desk.ts";
import { tokenFor } from "../testing/servers/web.ts";

/** What has to come back: authors other than whoever brings the file are names from then on, and not these people. */
const asBrought = (
  { messages, versions, ...stored }: StoredConversation,
  otherId: string,
  name: string,
): StoredConversation => ({
  ...stored,
  messages: messages.map((message) =>
    message["author_id"] === otherId
      ? { ...message, author_id: null, metadata: { ...(message["metadata"] as object | null), natterAuthor: name } }
      : message,
  ),
  versions: versions.map((version) => (version["author_id"] === otherId ? { ...version, author_id: null } : version)),
});

/** A line without what it says of authors, who are names after an import. */
const unauthored = (line: string): string => {
  const { author: _author, metadata, ...rest } = JSON.parse(line) as { author?: unknown; metadata?: object | null };
  const { natterAuthor: _name, ...kept } = (metadata ?? {}) as Record<string, unknown>;
  return JSON.stringify({ ...rest, metadata: Object.keys(kept).length === 0 ? null : kept });
};

const linesOf = (text: string): string[] =>
  text.split("\n").filter((line) => line !== "" && !line.startsWith('{"type":"file"'));

/** The lines and texts of an archive, with files named by their hash. */
const readArchive = (archive: Uint8Array): Record<string, unknown> => {
  const entries = Object.entries(unzipSync(new Uint8Array(archive)));
  const texts = entries.filter(([name]) => /^(conversations|markdown|artifacts)\//.test(name));
  const hashes = new Map<string, string>();
  for (const [, content] of texts)
    for (const [, path = "", hash = ""] of strFromU8(content).matchAll(
      /"path":"files\/([^/"]+)\/[^"]*","sha256":"(\w+)"/g,
    ))
      hashes.set(path, hash);
  const named = (content: Uint8Array): string =>
    [...hashes].reduce((text, [id, hash]) => text.replaceAll(id, hash), strFromU8(content));
  return Object.fromEntries(
    texts.map(([name, content]) => [
      name,
      name.endsWith(".jsonl") ? linesOf(named(content)).map(unauthored) : named(content),
    ]),
  );
};

/** A conversation with its own id, and those of its artifacts, by what they stand for. */
const nameless = (stored: StoredConversation): unknown => {
  const keyOf = (id: unknown): string =>
    JSON.stringify(
      stored.versions.filter(({ artifact_id }) => artifact_id === id).map(({ title, content }) => [title, content]),
    );
  const ids = stored.artifacts.map(({ id }) => String(id));
  const named = JSON.stringify(stored).replaceAll(String(stored.conversation["id"]), "conversation");
  const text = ids.reduce((json, id) => json.replaceAll(id, Buffer.from(keyOf(id)).toString("hex")), named);
  const read = JSON.parse(text) as StoredConversation;
  const byKey = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return { ...read, artifacts: read.artifacts.toSorted(byKey), versions: read.versions.toSorted(byKey) };
};

describe.each(testDatabases)("a round trip on $name", ({ open }) => {
  let database: Database;
  let desk: TransferDesk;

  beforeAll(async () => {
    database = await open();
    desk = await createTransferDesk(database);
  });
  afterAll(async () => {
    await desk.close();
    await database.close();
  });

  const person = async (workspace: string, name: string) => {
    const token = await tokenFor({ workspace, role: "member" });
    const { userId: id } = await desk.json<{ userId: string }>("/v1/me", { token });
    await database.query(sql`update "user" set name = ${name} where id = ${id}`);
    return { token, id };
  };
  const world = async () => {
    const workspaceId = createId();
    const [owner, other] = [await person(workspaceId, "Ann"), await person(workspaceId, "Bob [x]")];
    const { blobs } = desk.web.spine.context;
    const place: SeedPlace = { database, blobs, workspaceId, ownerId: owner.id, otherId: other.id };
    return { workspaceId, owner, other, place };
  };
  const read = async (workspaceId: string, ids: readonly string[]) => {
    const stored: StoredConversation[] = [];
    for (const id of ids) stored.push(await readStored(database, desk.web.spine.context.blobs, { workspaceId, id }));
    return stored;
  };
  const wipe = async (workspaceId: string) => {
    await database.query(sql`delete from conversation where workspace_id = ${workspaceId}`);
    await database.query(sql`delete from attachment where workspace_id = ${workspaceId}`);
  };
  const plans = fc.array(arbitraryConversation, { minLength: 1, maxLength: 3 });

  test.each(["zip", "jsonl"])(
    "N10 %s: export, wipe, import gives the same conversations, branches, votes, artifacts and files, and the same export again",
    async (format) => {
      await fc.assert(
        fc.asyncProperty(plans, async (planned) => {
          const { workspaceId, owner, other, place } = await world();
          const ids: string[] = [];
          for (const plan of planned) ids.push(await seedConversation(place, plan));
          const before = await read(workspaceId, ids);
          const first = await desk.takeOut(owner.token, `?format=${format}`);
          await wipe(workspaceId);
          const report = await desk.bring(owner.token, first);
          expect(report).toMatchObject({ status: "completed", imported: ids.length, failed: 0, skipped: 0 });
          expect(report.items.map(({ leftOut }) => leftOut)).toEqual(ids.map(() => []));
          expect(await read(workspaceId, ids)).toEqual(before.map((one) => asBrought(one, other.id, "Bob [x]")));
          const archives = format === "zip" ? [first, await desk.takeOut(owner.token, "?format=zip")] : [];
          expect(archives.slice(1).map(readArchive)).toEqual(archives.slice(0, -1).map(readArchive));
          const again = await desk.bring(owner.token, first);
          expect(again).toMatchObject({ status: "completed", imported: 0, failed: 0, skipped: ids.length });
        }),
        { numRuns: testRuns(8), endOnFailure: true },
      );
    },
    120_000,
  );

  test("N10 whoever brings it beside the original gets a copy of their own under other ids, and only one", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryConversation, async (plan) => {
        const { workspaceId, owner, other, place } = await world();
        const id = await seedConversation(place, { ...plan, visibility: "private" });
        const archive = await desk.takeOut(owner.token, "?format=zip");
        const report = await desk.bring(other.token, archive);
        expect(report).toMatchObject({ imported: 1, failed: 0 });
        const copyId = report.items[0]!.conversationId;
        const [original, copy] = await read(workspaceId, [id, copyId]);
        const swapped = JSON.parse(
          JSON.stringify(original)
            .replaceAll(owner.id, "somebody")
            .replaceAll(other.id, "null")
            .replaceAll("somebody", other.id),
        ) as StoredConversation;
        const own = (stored: StoredConversation) => ({
          ...stored,
          messages: stored.messages.map(({ author_id: _author, metadata: _metadata, ...message }) => message),
          versions: stored.versions.map(({ author_id: _author, ...version }) => version),
        });
        expect(nameless(own(copy!))).toEqual(nameless(own(swapped)));
        const isForged = copy!.messages.some(({ author_id: author }) => author === owner.id);
        expect(isForged).toBe(false);
        expect(await desk.bring(other.token, archive)).toMatchObject({ imported: 0, skipped: 1, failed: 0 });
        expect(await read(workspaceId, [id])).toEqual([original]);
      }),
      { numRuns: testRuns(8), endOnFailure: true },
    );
  }, 120_000);

  test("an archive that somebody has packed anew, in a folder, comes in as well", async () => {
    const { workspaceId, owner, place } = await world();
    const [plan] = fc.sample(arbitraryConversation, { numRuns: 1, seed: 7 });
    const id = await seedConversation(place, plan!);
    const before = await read(workspaceId, [id]);
    const archive = unzipSync(new Uint8Array(await desk.takeOut(owner.token, "?format=zip")));
    await wipe(workspaceId);
    const packed = zipSync({
      ...Object.fromEntries(Object.entries(archive).map(([name, content]) => [`natter/${name}`, content])),
      "__MACOSX/natter/._natter.json": strToU8("noise"),
    });
    expect(await desk.bring(owner.token, packed)).toMatchObject({ imported: 1, failed: 0 });
    expect(await read(workspaceId, [id])).toEqual(before.map((one) => asBrought(one, place.otherId, "Bob [x]")));
  });
});
