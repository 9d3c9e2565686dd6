import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../ports/database.ts";
import { createId } from "../../foundation/ids.ts";
import { notFound } from "../../protocol/people/access.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { createHandWorker, type HandWorker } from "../../testing/hand-worker.ts";
import { createPrincipal, permitAll, text } from "../../testing/spine.ts";
import { countStored } from "../../testing/databases/stored.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import type { Accepted } from "./accept.ts";
import { edit } from "./edit.ts";
import { regenerate } from "./regenerate.ts";
import { remove } from "../remove.ts";
import { send, type SendInput } from "./send.ts";

describe.each(testDatabases)("an Idempotency-Key on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;
  let principal: Principal;

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database });
    principal = worker.spine.principal;
  });

  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const ask = (key: string, hash: string, more: Partial<SendInput> = {}, as = principal) =>
    send(
      worker.spine.context,
      as,
      { message: { parts: text("hello") }, ...more, idempotency: { key, hash } },
      permitAll,
    );
  const idsOf = (accepted: Accepted) => ({ ...accepted, replayed: false });

  it.each([
    ["a new conversation", {}],
    ["a new conversation with an id", { conversationId: createId() }],
  ])("20 identical sends to %s at once are one message and one completion, with the same ids", async (_what, more) => {
    const before = await countStored(database);
    const key = createId();
    const accepted = await Promise.all(Array.from({ length: 20 }, () => ask(key, "same", more)));
    expect(new Set(accepted.map((each) => JSON.stringify(idsOf(each)))).size).toBe(1);
    expect(accepted.filter(({ replayed }) => !replayed)).toHaveLength(1);
    const after = await countStored(database);
    expect(after).toMatchObject({
      conversations: before["conversations"]! + 1,
      messages: before["messages"]! + 2,
      completions: before["completions"]! + 1,
      keys: before["keys"]! + 1,
    });
  });

  it("20 sends of two kinds under one key at once: one kind is accepted, the other told so", async () => {
    const { conversationId } = await worker.send("first");
    const key = createId();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => ask(key, `hash ${index % 2}`, { conversationId })),
    );
    const accepted = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(new Set(accepted.map(({ completionId }) => completionId)).size).toBe(1);
    expect(refused).toHaveLength(10);
    for (const error of refused) expect(error).toMatchObject({ code: "idempotency_mismatch", status: 422 });
  });

  it("is answered with the first one's ids also when that has ended, and stores and wakes nothing", async () => {
    const key = createId();
    const first = await ask(key, "hash", { stream: false, settings: { stream: true } });
    const before = await countStored(database);
    let pushes = 0;
    const stop = await worker.spine.context.signals.subscribe("work", () => void (pushes += 1));
    const replay = await ask(key, "hash", { stream: false, settings: { stream: true } });
    expect(idsOf(replay)).toEqual(idsOf(first));
    await worker.answer(first, "re hello");
    expect(idsOf(await ask(key, "hash"))).toEqual({ ...idsOf(first), stream: true });
    stop();
    expect(pushes).toBe(0);
    expect(await countStored(database)).toEqual({ ...before, versions: before["versions"]! + 2 });
  });

  it("is no interrupt when it is said again", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    const key = createId();
    const now = await ask(key, "hash", { conversationId, onBusy: "interrupt" });
    await worker.claim(now);
    const before = await countStored(database);
    expect(await ask(key, "hash", { conversationId, onBusy: "interrupt" })).toMatchObject({ replayed: true });
    expect(await countStored(database)).toEqual(before);
  });

  it("is each user's own, and each workspace's", async () => {
    const key = createId();
    const other = await createPrincipal(database);
    const elsewhere: Principal = { ...principal, workspaceId: other.workspaceId };
    const accepted = [await ask(key, "one"), await ask(key, "two", {}, other), await ask(key, "three", {}, elsewhere)];
    expect(accepted.map(({ replayed }) => replayed)).toEqual([false, false, false]);
    expect(new Set(accepted.map(({ completionId }) => completionId)).size).toBe(3);
  });

  it("is free again when the request was refused", async () => {
    const key = createId();
    await expect(ask(key, "hash", { agent: "nobody" })).rejects.toMatchObject({ code: "unprocessable" });
    expect(await ask(key, "other hash")).toMatchObject({ replayed: false });
  });

  it("is free again after 24 hours", async () => {
    const key = createId();
    const first = await ask(key, "hash");
    const age = (hours: number) =>
      database.query(
        sql`update idempotency set created_at = now() - make_interval(hours => ${hours}) where key = ${key}`,
      );
    await age(23);
    await expect(ask(key, "other hash")).rejects.toMatchObject({ code: "idempotency_mismatch" });
    await age(25);
    const second = await ask(key, "other hash");
    expect(second.replayed).toBe(false);
    expect(second.completionId).not.toBe(first.completionId);
    expect(idsOf(await ask(key, "other hash"))).toEqual(idsOf(second));
  });

  it("holds for edits and regenerates as well", async () => {
    const first = await worker.send("one");
    await worker.answer(first, "re one");
    const { conversationId, messageId } = first;
    const asks = [
      (idempotency: { key: string; hash: string }) =>
        edit(
          worker.spine.context,
          principal,
          { conversationId, messageId: first.userMessageId!, parts: text("x"), idempotency },
          permitAll,
        ),
      (idempotency: { key: string; hash: string }) =>
        regenerate(worker.spine.context, principal, { conversationId, messageId, idempotency }, permitAll),
    ];
    for (const each of asks) {
      const idempotency = { key: createId(), hash: "hash" };
      const accepted = await each(idempotency);
      expect(await each(idempotency)).toEqual({ ...accepted, replayed: true });
    }
  });

  it("opens nothing that the permit does not let pass, and no deleted conversation", async () => {
    const key = createId();
    const input = { message: { parts: text("hello") }, idempotency: { key, hash: "hash" } };
    const { conversationId } = await send(worker.spine.context, principal, input, permitAll);
    const deny = (): never => {
      throw notFound("conversation");
    };
    await expect(send(worker.spine.context, principal, input, deny)).rejects.toMatchObject({ code: "not_found" });
    await remove(worker.spine.context, principal, conversationId, permitAll);
    await expect(send(worker.spine.context, principal, input, permitAll)).rejects.toMatchObject({ code: "not_found" });
  });
});
