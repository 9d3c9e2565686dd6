import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import { silentLogger } from "../../foundation/logger.ts";
import type { Job } from "../../jobs/job.ts";
import { suspendEverywhere } from "../../people/suspend.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database } from "../../ports/database.ts";
import { findImport, insertImport, listImportItems } from "../../store/transfer/import-rows.ts";
import {
  artifactLine,
  conversationLine,
  endLine,
  headerLine,
  linesText,
  versionLine,
} from "../../testing/databases/brought-lines.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";
import { createImportHandler } from "./import-job.ts";

describe.each(testDatabases)("the job of an import on $name", { timeout: 60_000 }, ({ open }) => {
  let database: Database;
  let web: Web;

  beforeAll(async () => {
    database = await open();
    web = await createWeb({ database, model: createScriptedModel(() => []) });
  });
  afterAll(async () => {
    await web.close();
    await database.close();
  });

  const somebody = async () => {
    const workspace = createId();
    const [boss, token] = [
      await tokenFor({ workspace, role: "owner" }),
      await tokenFor({ workspace, subject: createId() }),
    ];
    await web.ask("/v1/me", { token: boss });
    const { userId } = (await (await web.ask("/v1/me", { token })).json()) as { userId: string };
    const change = async (method: string, body?: object): Promise<void> => {
      const path = `/v1/workspaces/${workspace}/members/${userId}`;
      const { ok, status } = await web.ask(path, { method, token: boss, body });
      if (!ok) throw new Error(`${method} ${path}: ${status}`);
    };
    return { token, userId, workspace, change };
  };
  /** An upload that no loop reads: the test calls the handler. */
  const upload = async ({ userId, workspace }: { userId: string; workspace: string }, text: string) => {
    const key = { workspaceId: workspace, id: createId() };
    await web.spine.context.blobs.put(key.id, [Buffer.from(text)], 1_000_000);
    await insertImport(database, key, userId);
    const job: Job = {
      workspaceId: workspace,
      id: createId(),
      subject: key.id,
      payload: { userId },
      attempt: 1,
      fence: 1,
    };
    return { key, job };
  };
  const handlerWith = (changed: { readonly blobs?: BlobStore; readonly database?: Database } = {}) =>
    createImportHandler({ context: { ...web.spine.context, ...changed }, logger: silentLogger });
  const never = new AbortController().signal;
  const outcomesOf = async (key: { workspaceId: string; id: string }) =>
    (await listImportItems(database, key, { after: 0, limit: 10 })).map(({ outcome }) => outcome);

  test.each([
    ["before its file was deleted", false],
    ["after its file was deleted", true],
  ])("F6 a kill at the end, %s, leaves an import completed that was", async (_when, isDeleted) => {
    const who = await somebody();
    const { key, job } = await upload(who, linesText([headerLine, conversationLine(createId()), endLine(1)]));
    const { blobs } = web.spine.context;
    await handlerWith({ blobs: { ...blobs, delete: async (id) => (isDeleted ? blobs.delete(id) : undefined) } })(
      job,
      never,
    );
    const ended = await findImport(database, key);
    expect(ended).toMatchObject({ status: "completed", imported: 1, error: null });
    await handlerWith()({ ...job, attempt: 2, fence: 2 }, never);
    expect(await findImport(database, key)).toEqual(ended);
    expect(await blobs.get(key.id)).toBeNull();
  });

  test.each([
    [
      "is suspended in the workspace",
      async ({ change }: Awaited<ReturnType<typeof somebody>>) => change("PATCH", { suspended: true }),
    ],
    ["may only read any more", async ({ change }) => change("PATCH", { role: "reader" })],
    ["is taken out", async ({ change }) => change("DELETE")],
    ["is suspended everywhere", async ({ userId }) => suspendEverywhere(web.spine.context, null, userId, true)],
  ])("S11 whoever %s while their file is read brings nothing more, and the report says so", async (_what, happen) => {
    const who = await somebody();
    const [first, second, third] = [createId(), createId(), createId()];
    const begun = linesText([headerLine, conversationLine(first), conversationLine(second)]);
    const rest = linesText([conversationLine(third), endLine(3)]);
    const { key, job } = await upload(who, begun + rest);
    const { blobs } = web.spine.context;
    async function* slowly(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(begun);
      await happen(who);
      yield Buffer.from(rest);
    }
    const reading: BlobStore = {
      ...blobs,
      async get(id, range) {
        const blob = await blobs.get(id, range);
        return blob === null || range !== undefined ? blob : { ...blob, content: slowly() };
      },
    };
    await handlerWith({ blobs: reading })(job, never);
    expect(await findImport(database, key)).toMatchObject({
      status: "failed",
      imported: 1,
      failed: 0,
      error: expect.stringContaining("may store nothing in this workspace any more"),
    });
    expect(await outcomesOf(key)).toEqual(["imported"]);
    expect(await blobs.get(key.id)).toBeNull();
  });

  test("a conversation whose transaction has to be run again is read again, and no version of its artifacts is missing", async () => {
    const who = await somebody();
    const [id, artifactId] = [createId(), createId()];
    const versions = [1, 2, 3].map((number) => versionLine(artifactId, number));
    const lines = [headerLine, conversationLine(id), artifactLine(artifactId, 3), ...versions, endLine(1)];
    const { key, job } = await upload(who, linesText(lines));
    const undone = new Error("undone");
    let again = 1;
    const twice: Database = {
      query: (statement) => database.query(statement),
      script: (text) => database.script(text),
      exclusive: (name, work) => database.exclusive(name, work),
      close: () => database.close(),
      async transaction(work) {
        again -= 1;
        if (again < 0) return database.transaction(work);
        const run = database.transaction(async () => {
          await work();
          throw undone;
        });
        await expect(run).rejects.toBe(undone);
        return database.transaction(work);
      },
    };
    const handle = handlerWith({ database: twice });
    await expect(handle(job, never)).rejects.toMatchObject({ code: "unavailable" });
    expect(await findImport(database, key)).toMatchObject({ status: "running", imported: 0, failed: 0 });
    await handle({ ...job, attempt: 2, fence: 2 }, never);
    expect(await findImport(database, key)).toMatchObject({ status: "completed", imported: 1, failed: 0 });
    const stored = await web.ask(`/v1/artifacts/${artifactId}/versions`, { token: who.token });
    expect(((await stored.json()) as { data: object[] }).data).toHaveLength(3);
  });
});
