import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { createPrincipal, createSpine, permitAll, text, type Spine } from "../../testing/spine.ts";
import { countStored } from "../../testing/databases/stored-counts.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { cancel } from "../../completions/cancel.ts";
import { send } from "./send.ts";

describe.each(testDatabases)("S44 caps of open completions on $name", ({ open }) => {
  let database: Database;
  let spine: Spine;
  const caps = { waitingSends: 3, openPerUser: 5 };
  beforeAll(async () => {
    database = await open();
    spine = await createSpine({ database, model: createScriptedModel(() => []) });
  });
  afterEach(async () => database.script("truncate conversation cascade"));
  afterAll(async () => {
    await spine.close();
    await database.close();
  });
  const say = (principal: Principal, conversationId: string, onBusy?: "interrupt") =>
    send(
      { ...spine.context, caps },
      principal,
      { conversationId, message: { parts: text("hello") }, ...(onBusy === undefined ? {} : { onBusy }) },
      permitAll,
    );
  const full = { code: "rate_limited", status: 429, retryAfter: 5 };

  test("200 parallel sends into one conversation store exactly what may wait there", async () => {
    const principal = await createPrincipal(database);
    const conversationId = createId();
    await say(principal, conversationId);
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => say(principal, conversationId)));
    const refusals = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(refusals).toHaveLength(198);
    for (const refusal of refusals) expect(refusal).toMatchObject(full);
    expect(await countStored(database)).toEqual({ conversations: 1, messages: 6, completions: 3 });
    await expect(say(principal, conversationId, "interrupt")).rejects.toMatchObject(full);
  });

  test("a user has so many open in all conversations together, new ones too; others have theirs", async () => {
    const [one, other] = [await createPrincipal(database), await createPrincipal(database)];
    const accepted = [];
    for (let number = 0; number < caps.openPerUser; number += 1) accepted.push(await say(one, createId()));
    const before = await countStored(database);
    await expect(say(one, createId())).rejects.toMatchObject(full);
    await expect(say(one, accepted[0]!.conversationId)).rejects.toMatchObject(full);
    expect(await countStored(database)).toEqual(before);
    await say(other, createId());
    await cancel(spine.context, one, accepted[0]!.completionId, permitAll);
    await say(one, createId());
  });

  test("a send that came before is answered as it was, however full it is", async () => {
    const principal = await createPrincipal(database);
    const conversationId = createId();
    const again = () =>
      send(
        { ...spine.context, caps },
        principal,
        { conversationId, message: { parts: text("hello") }, idempotency: { key: "k", hash: "h" } },
        permitAll,
      );
    const first = await again();
    await say(principal, conversationId);
    await say(principal, conversationId);
    await expect(say(principal, conversationId)).rejects.toMatchObject(full);
    expect(await again()).toMatchObject({ completionId: first.completionId, replayed: true });
  });
});
