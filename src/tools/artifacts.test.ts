import { afterEach, beforeEach, describe, expect, test } from "vitest";
import sql from "sql-template-tag";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import type { ArtifactOutcome, ArtifactReference, ToolArtifacts } from "../protocol/artifact.ts";
import { insertConversation } from "../store/conversation/conversation-rows.ts";
import { createPrincipal } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { createToolArtifacts } from "./artifacts.ts";

const draft = { kind: "document", title: "Tea", content: "one two three" } as const;

describe.each(testDatabases)("C8 the artifacts that tools write, on $name", ({ open }) => {
  let database: Database;
  let artifacts: ToolArtifacts;
  let elsewhere: ToolArtifacts;
  const told: string[] = [];

  beforeEach(async () => {
    database = await open();
    const { workspaceId, userId } = await createPrincipal(database);
    const openDesk = async (): Promise<ToolArtifacts> => {
      const id = createId();
      const facts = { agent: "default", model: null, settings: {}, title: null, visibility: "private" } as const;
      await insertConversation(database, {
        ...facts,
        workspaceId,
        id,
        ownerId: userId,
        pinned: false,
        temporary: false,
      });
      const work = { workspaceId, conversationId: id, completionId: createId(), userId };
      return createToolArtifacts(database, work, (_revision, artifactId) => void told.push(artifactId));
    };
    artifacts = await openDesk();
    elsewhere = await openDesk();
    told.length = 0;
  });
  afterEach(() => database.close());

  const written = (outcome: ArtifactOutcome): ArtifactReference => {
    if (outcome.type !== "written") throw new Error(JSON.stringify(outcome));
    return outcome.artifact;
  };

  test("B6 a call that is started again after a crash finds what it wrote, and writes once", async () => {
    const first = written(await artifacts.create(draft, "call-1"));
    expect(written(await artifacts.create(draft, "call-1"))).toEqual(first);
    const change = { artifactId: first.artifactId, version: 1, content: "anew" };
    const second = written(await artifacts.update(change, "call-2"));
    expect(written(await artifacts.update(change, "call-2"))).toEqual(second);
    expect(second.version).toBe(2);
    const [count] = await database.query<{ count: number }>(sql`select count(*) as count from artifact_version`);
    expect(count?.count).toBe(2);
    expect(told).toEqual([first.artifactId, first.artifactId]);
  });

  test("edits replace what stands there once, and anything else is refused whole", async () => {
    const { artifactId } = written(await artifacts.create(draft, "call"));
    const edit = (find: string, replaceWith: string, version: number) =>
      artifacts.update({ artifactId, version, edits: [{ find, replaceWith }] }, createId());
    expect(written(await edit("two", "$& 2", 1)).version).toBe(2);
    expect(await artifacts.read(artifactId)).toMatchObject({ content: "one $& 2 three", version: 2 });
    expect(await edit("e", "x", 2)).toMatchObject({ type: "refused", why: expect.stringContaining("more than once") });
    expect(await edit("four", "x", 2)).toMatchObject({ type: "refused", why: expect.stringContaining("is not in") });
    expect(await edit("one", "x", 1)).toMatchObject({ type: "refused", why: expect.stringContaining("Version 2") });
    expect(await edit("one", "x".repeat(262_144), 2)).toMatchObject({ type: "refused" });
    expect(await artifacts.read(artifactId, 1)).toMatchObject({ content: "one two three" });
    expect(await artifacts.read(artifactId, 3)).toBeNull();
  });

  test("of two writers of one version one is refused", async () => {
    const { artifactId } = written(await artifacts.create(draft, "call"));
    const both = await Promise.all(
      ["a", "b"].map((content) => artifacts.update({ artifactId, version: 1, content }, content)),
    );
    expect(both.map(({ type }) => type).toSorted((a, b) => a.localeCompare(b))).toEqual(["refused", "written"]);
  });

  test("S7 an artifact of another conversation of the same person is not there", async () => {
    const { artifactId } = written(await artifacts.create(draft, "call"));
    expect(await elsewhere.read(artifactId)).toBeNull();
    expect(await elsewhere.update({ artifactId, version: 1, content: "mine" }, "call")).toEqual({ type: "missing" });
  });
});
