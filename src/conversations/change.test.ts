import { afterAll, beforeAll, describe, expect, it } from "vitest";
import sql from "sql-template-tag";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import { notFound } from "../protocol/people/access.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { createPrincipal, permitAll } from "../testing/spine.ts";
import { countStored } from "../testing/databases/stored.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { change, type ConversationPatch } from "./change.ts";
import { create } from "./create.ts";
import { getConversation } from "./read.ts";

describe.each(testDatabases)("a conversation on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;
  let principal: Principal;

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database, agents: { default: {}, other: {} } });
    principal = worker.spine.principal;
  });

  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const make = () => create(worker.spine.context, principal, {});
  const patch = (conversationId: string, members: ConversationPatch, ifMatch?: number) =>
    change(worker.spine.context, principal, { conversationId, ifMatch, change: members }, permitAll);
  const read = (id: string) => getConversation(database, principal, id, permitAll);

  it("A1 is made empty, with what was asked for", async () => {
    const settings = { temperature: 0.2, providerOptions: { openai: { user: "x" } } };
    const input = { id: createId(), title: "Plans", agent: "other", model: "test/chosen", settings } as const;
    const made = await create(worker.spine.context, principal, { ...input, visibility: "workspace", pinned: true });
    expect(made).toMatchObject({
      ...input,
      visibility: "workspace",
      pinned: true,
      temporary: false,
      status: "active",
      ownerId: principal.userId,
      messageCount: 0,
      activeLeafId: null,
      version: 1,
      settingsVersion: 1,
      deletedAt: null,
    });
    expect(await read(input.id)).toEqual(made);
  });

  it("A1 is not made under an id that is taken, with an agent or a model that is not here", async () => {
    const { id } = await make();
    const before = await countStored(database);
    const refused = [
      [{ id }, "id_taken"],
      [{ agent: "nobody" }, "unprocessable"],
      [{ model: "unknown/model" }, "model_not_available"],
    ] as const;
    for (const [input, code] of refused)
      await expect(create(worker.spine.context, principal, input)).rejects.toMatchObject({ code });
    expect(await countStored(database)).toEqual(before);
    const other = await createPrincipal(database);
    expect(await create(worker.spine.context, other, { id })).toMatchObject({ id, workspaceId: other.workspaceId });
  });

  it("20 at once under one id are one", async () => {
    const id = createId();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => create(worker.spine.context, principal, { id })),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    for (const { reason } of refused) expect(reason).toMatchObject({ code: "id_taken" });
  });

  it("A2 changes only what is named; settings are replaced as a whole; null takes title and model away", async () => {
    const { id } = await make();
    const first = await patch(id, { title: "One", settings: { temperature: 1, topP: 0.5 }, model: "test/chosen" });
    expect(first).toMatchObject({ title: "One", settings: { temperature: 1, topP: 0.5 }, model: "test/chosen" });
    const second = await patch(id, { settings: { topP: 0.1 }, pinned: true, agent: "other", visibility: "workspace" });
    expect(second).toEqual({
      ...first,
      settings: { topP: 0.1 },
      pinned: true,
      agent: "other",
      visibility: "workspace",
      version: first.version + 1,
      settingsVersion: first.settingsVersion + 1,
    });
    expect(await patch(id, { title: null, model: null })).toMatchObject({ title: null, model: null, pinned: true });
    expect((await patch(id, { status: "archived" })).status).toBe("archived");
    expect(await read(id)).toMatchObject({ status: "archived", settings: { topP: 0.1 }, agent: "other" });
  });

  it("A2 changes from the next send on: what was accepted keeps what it was accepted with", async () => {
    const accepted = await worker.send("one", { settings: { temperature: 1 } });
    const { conversationId } = accepted;
    await patch(conversationId, { settings: { temperature: 2 }, model: "test/chosen", agent: "other" });
    const later = await worker.send("two", { conversationId });
    const claim = await worker.claim(accepted);
    expect(claim).toMatchObject({ agent: "default", model: "test/model", settings: { temperature: 1 } });
    await worker.end(claim, "re one");
    expect(await worker.claim(later)).toMatchObject({
      agent: "other",
      model: "test/chosen",
      settings: { temperature: 2 },
    });
  });

  it("is changed only as it was seen: another settingsVersion is refused and told", async () => {
    const { id, settingsVersion } = await make();
    const changed = await patch(id, { title: "mine" }, settingsVersion);
    await expect(patch(id, { title: "theirs" }, settingsVersion)).rejects.toMatchObject({
      code: "precondition_failed",
      status: 412,
      details: { settingsVersion: changed.settingsVersion },
    });
    expect(await read(id)).toEqual(changed);
    await worker.send("a send does not count", { conversationId: id });
    expect((await patch(id, { title: "again" }, changed.settingsVersion)).title).toBe("again");
  });

  it("is changed by one of 20 that have seen the same", async () => {
    const { id, settingsVersion } = await make();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => patch(id, { title: `${index}` }, settingsVersion)),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await read(id)).settingsVersion).toBe(settingsVersion + 1);
  });

  it("is not changed to an agent or a model that is not here, nor where the permit refuses", async () => {
    const { id } = await make();
    const before = await read(id);
    await expect(patch(id, { agent: "nobody" })).rejects.toMatchObject({ code: "unprocessable" });
    await expect(patch(id, { model: "unknown/model" })).rejects.toMatchObject({ code: "model_not_available" });
    await expect(patch(createId(), { title: "x" })).rejects.toMatchObject({ code: "not_found" });
    const deny = (): never => {
      throw notFound("conversation");
    };
    const input = { conversationId: id, change: { title: "x" } };
    await expect(change(worker.spine.context, principal, input, deny)).rejects.toMatchObject({ code: "not_found" });
    expect(await read(id)).toEqual(before);
    const [row] = await database.query<{ title: string | null }>(sql`select title from conversation where id = ${id}`);
    expect(row).toEqual({ title: null });
  });
});
