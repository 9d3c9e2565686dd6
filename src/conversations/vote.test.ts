import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../ports/database.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { createPrincipal, permitAll } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { getConversation } from "./read.ts";
import { getMessage, listMessages, removeMessage } from "./messages.ts";
import { getVote, vote } from "./vote.ts";

describe.each(testDatabases)("C8 votes on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;
  let reference: { conversationId: string; messageId: string };
  const hints: unknown[] = [];

  beforeEach(async () => {
    database = await open();
    worker = await createHandWorker({ database });
    const accepted = await worker.send("hello");
    await worker.answer(accepted, "hi");
    reference = { conversationId: accepted.conversationId, messageId: accepted.messageId };
    hints.length = 0;
    await worker.spine.context.signals.subscribe("hint", (payload) => hints.push(JSON.parse(payload)));
  });
  afterEach(async () => {
    await worker.spine.close();
    await database.close();
  });

  const cast = (value: "up" | "down" | null, reason: string | null = null, principal = worker.spine.principal) =>
    vote(worker.spine.context, principal, { ...reference, choice: { value, reason } }, permitAll);
  const read = (principal = worker.spine.principal) => getVote(database, principal, reference, permitAll);
  const shown = async (principal: Principal = worker.spine.principal) => {
    const { conversationId, messageId } = reference;
    const lists = await Promise.all(
      [{}, { branch: "active" }].map((place) =>
        listMessages(database, principal, { conversationId, limit: 10, ...place }, permitAll),
      ),
    );
    const alone = await getMessage(database, principal, reference, permitAll);
    return [...lists.map(({ data }) => data.find(({ id }) => id === messageId)?.vote), alone.vote];
  };

  test("a person has one vote on an answer: given, changed, taken back, and shown to that person alone", async () => {
    const other = { ...(await createPrincipal(database)), workspaceId: worker.spine.principal.workspaceId };
    expect(await read()).toEqual({ value: null, reason: null });
    await cast("up");
    expect(await shown()).toEqual(["up", "up", "up"]);
    await cast("down", "wrong year");
    expect(await read()).toEqual({ value: "down", reason: "wrong year" });
    expect(await shown(other)).toEqual([null, null, null]);
    await cast("up", null, other);
    expect(await shown()).toEqual(["down", "down", "down"]);
    expect(await shown(other)).toEqual(["up", "up", "up"]);
    await cast(null);
    await cast(null);
    expect(await shown()).toEqual([null, null, null]);
    expect(await shown(other)).toEqual(["up", "up", "up"]);
  });

  test("twenty votes at once are one, and each change is told once", async () => {
    const before = await getConversation(database, worker.spine.principal, reference.conversationId, permitAll);
    await Promise.all(Array.from({ length: 20 }, (_, index) => cast(index % 2 === 0 ? "up" : "down")));
    await cast(null);
    await cast(null);
    const after = await getConversation(database, worker.spine.principal, reference.conversationId, permitAll);
    expect(after.version).toBe(before.version + 21);
    expect(after.updatedAt).toBe(before.updatedAt);
    expect(hints).toHaveLength(21);
    expect(hints.at(-1)).toMatchObject({ kind: "vote", id: reference.messageId, version: after.version });
  });

  test("only an answer that is there is voted on", async () => {
    const { data } = await listMessages(database, worker.spine.principal, { ...reference, limit: 10 }, permitAll);
    const answer = reference.messageId;
    reference.messageId = data[0]!.id;
    await expect(cast("up")).rejects.toMatchObject({ code: "unprocessable" });
    reference.messageId = "never-was-there";
    await expect(cast("up")).rejects.toMatchObject({ code: "not_found" });
    reference.messageId = answer;
    await cast("up");
    await removeMessage(worker.spine.context, worker.spine.principal, reference, permitAll);
    await expect(cast("down")).rejects.toMatchObject({ code: "not_found" });
    await expect(read()).rejects.toMatchObject({ code: "not_found" });
  });
});
