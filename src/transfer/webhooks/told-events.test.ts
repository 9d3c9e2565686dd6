import sql from "sql-template-tag";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import {
  converse,
  createWebhookDesk,
  eventOf,
  type WebhookDesk,
  type WebhookStage,
} from "../../testing/servers/webhook-desk.ts";
import { tokenFor } from "../../testing/servers/web.ts";

describe.each(testDatabases)("what webhooks are told on $name", ({ open }) => {
  let desk: WebhookDesk;
  let stage: WebhookStage;

  beforeAll(async () => void (desk = await createWebhookDesk(await open())));
  beforeEach(async () => void (stage = await desk.open()));
  afterEach(() => stage.close());
  afterAll(() => desk.close());

  test("N10 a shared conversation's messages and completion are told, signed, each once", async () => {
    const webhook = await stage.hook();
    expect(webhook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(JSON.stringify([await stage.read(webhook), await stage.json("/v1/webhooks")])).not.toContain(webhook.secret);
    const conversationId = await converse(desk.web, stage.token, { visibility: "workspace" });
    await stage.arrived(4);
    const events = await Promise.all(stage.receiver.received.map((one) => eventOf(one, webhook.secret)));
    expect(events.map(({ type }) => type).toSorted()).toEqual([
      "completion.completed",
      "completion.started",
      "message.created",
      "message.created",
    ]);
    const told = JSON.stringify(events);
    expect(told).toContain("a question");
    expect(told).toContain("four words of answer");
    for (const { data } of events) expect(data).toMatchObject({ conversationId, isReadable: true });
    const completed = events.find(({ type }) => type === "completion.completed");
    expect(completed?.data).toMatchObject({
      completion: { status: "completed", usage: { inputTokens: expect.any(Number) } },
    });
    expect(new Set(stage.receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(4);
    const found = await stage.settled(webhook, "delivered", 4);
    expect(found.map(({ attempts, answer }) => [attempts, answer?.status])).toEqual(Array(4).fill([1, 204]));
    expect(stage.receiver.received).toHaveLength(4);
  });

  test("N10 of a private conversation it is told that something happened, and nothing that was said; of a temporary one nothing", async () => {
    const webhook = await stage.hook();
    await converse(desk.web, stage.token, { visibility: "private", temporary: true });
    await converse(desk.web, stage.token, { visibility: "private" });
    const events = await Promise.all((await stage.arrived(4)).map((one) => eventOf(one, webhook.secret)));
    expect(events).toHaveLength(4);
    const told = JSON.stringify(events);
    expect(told).not.toContain("a question");
    expect(told).not.toContain("four words");
    for (const { data } of events) expect(data).toMatchObject({ isReadable: false });
  });

  test("N10 votes are told when they are given, changed and taken back", async () => {
    const webhook = await stage.hook({ events: ["vote.created", "vote.updated", "vote.removed"] });
    const conversationId = await converse(desk.web, stage.token, { visibility: "workspace" });
    const { data } = await stage.json<{ data: { id: string; role: string }[] }>(
      `/v1/conversations/${conversationId}/messages`,
    );
    const path = `/v1/conversations/${conversationId}/messages/${data[1]?.id}/vote`;
    await stage.json(path, { value: "up" }, "PUT");
    await stage.arrived(1);
    await stage.json(path, { value: "down", reason: "too short" }, "PUT");
    await stage.arrived(2);
    await stage.json(path, undefined, "DELETE");
    const events = await Promise.all((await stage.arrived(3)).map((one) => eventOf(one, webhook.secret)));
    expect(events.map(({ type, data: told }) => [type, "vote" in told && told.vote])).toEqual([
      ["vote.created", { value: "up", reason: null }],
      ["vote.updated", { value: "down", reason: "too short" }],
      ["vote.removed", { value: null, reason: null }],
    ]);
  });

  test("N10 only what it listens to is told, nothing while it is disabled, and nothing of other workspaces", async () => {
    const chosen = await stage.hook({ events: ["completion.completed"] });
    const disabled = await stage.hook({ enabled: false });
    expect(await stage.read(disabled)).toMatchObject({ enabled: false, disabledBecause: "person" });
    const elsewhere = createId();
    const foreign = await tokenFor({ workspace: elsewhere, role: "admin" });
    await converse(desk.web, foreign, { visibility: "workspace" });
    await converse(desk.web, stage.token, { visibility: "workspace" });
    await stage.settled(chosen, "delivered");
    expect(await stage.deliveries(chosen)).toHaveLength(1);
    expect(await stage.deliveries(disabled)).toEqual([]);
    const written = await desk.database.query<{ type: string }>(
      sql`select type from webhook_event where workspace_id in (${stage.workspace}, ${elsewhere})`,
    );
    expect(written).toEqual([{ type: "completion.completed" }]);
  });
});
