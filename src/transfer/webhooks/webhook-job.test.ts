import sql from "sql-template-tag";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import { silentLogger } from "../../foundation/logger.ts";
import type { Webhook, WebhookDelivery } from "../../protocol/webhook.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { until } from "../../testing/spine.ts";
import { createWebhookDesk, type WebhookDesk, type WebhookStage } from "../../testing/servers/webhook-desk.ts";
import { accept, createWebhookReceiver, type WebhookReceiver } from "../../testing/servers/webhook-receiver.ts";

describe.each(testDatabases)("telling webhooks on $name", ({ open }) => {
  let desk: WebhookDesk;
  let stage: WebhookStage;

  beforeAll(async () => void (desk = await createWebhookDesk(await open())));
  beforeEach(async () => void (stage = await desk.open()));
  afterEach(() => stage.close());
  afterAll(() => desk.close());

  test("N10 a receiver that fails is asked again under the same id, and every attempt is shown", async () => {
    const webhook = await stage.hook();
    stage.receiver.react((response) => void response.writeHead(500).end("out of order"));
    const { id } = await stage.tried(webhook);
    await stage.attempted(webhook);
    const [failed] = await stage.deliveries(webhook);
    expect(failed).toMatchObject({
      id,
      status: "pending",
      answer: { status: 500, text: "out of order", error: "It answered 500." },
      nextAttemptAt: expect.any(String),
    });
    expect(await stage.read(webhook)).toMatchObject({ failures: 1, failingSince: expect.any(String) });
    stage.receiver.react(accept);
    await stage.makeDue();
    expect(await stage.settled(webhook, "delivered")).toMatchObject([{ id, attempts: 2 }]);
    expect(new Set(stage.receiver.received.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([id]));
    expect(await stage.read(webhook)).toMatchObject({ failures: 0, failingSince: null });
  });

  test("S26 a redirect is not followed, wherever it leads", async () => {
    const webhook = await stage.hook();
    stage.receiver.react(
      (response) => void response.writeHead(307, { location: `${stage.receiver.url}/elsewhere` }).end(),
    );
    await stage.tried(webhook);
    await stage.attempted(webhook);
    expect(await stage.deliveries(webhook)).toMatchObject([{ status: "pending", answer: { status: 307 } }]);
    expect(stage.receiver.received.map(({ path }) => path)).toEqual(["/hook"]);
  });

  test("S27 receivers that hang, close, or never end their answer cost one attempt each, and no more than its time", async () => {
    const webhook = await stage.hook();
    await stage.replaceWorker({ answerMs: 300 });
    const reactions: [string, Parameters<WebhookReceiver["react"]>[0], object][] = [
      ["hangs", () => {}, { status: "pending", answer: { status: null, error: expect.stringContaining("0.3 s") } }],
      ["closes", (response) => void response.destroy(), { status: "pending", answer: { status: null } }],
      [
        "never ends",
        (response) => void response.writeHead(200).write("a"),
        { status: "delivered", answer: { text: "a" } },
      ],
      [
        "says nothing more",
        (response) => response.writeHead(200).flushHeaders(),
        { status: "delivered", answer: { status: 200 } },
      ],
      [
        "is huge",
        (response) => void response.writeHead(200).end(Buffer.alloc(2_000_000, "b")),
        { status: "delivered", answer: { text: "b".repeat(500) } },
      ],
    ];
    for (const [what, reaction, expected] of reactions) {
      stage.receiver.react(reaction);
      const { id } = await stage.tried(webhook);
      const delivery = await until(async () => {
        const one = await stage.json<WebhookDelivery>(`/v1/webhooks/${webhook.id}/deliveries/${id}`);
        return one.attempts === 1 && one;
      }, 30);
      expect([what, delivery]).toEqual([
        what,
        expect.objectContaining({
          ...expected,
          answer: expect.objectContaining((expected as { answer: object }).answer),
        }),
      ]);
    }
  });

  test("N10 a receiver that hangs keeps no other waiting", async () => {
    const slow = await createWebhookReceiver();
    slow.react(() => {});
    const hanging = await stage.hook({ url: slow.url });
    const quick = await stage.hook();
    await Promise.all(Array.from({ length: 20 }, () => stage.tried(hanging)));
    await until(async () => slow.received.length >= 4, 30);
    await stage.tried(quick);
    expect(await stage.settled(quick, "delivered")).toHaveLength(1);
    expect((await stage.deliveries(hanging)).map(({ status }) => status)).not.toContain("delivered");
    await slow.close();
  });

  test("N10 a worker that dies in the middle of a delivery loses none: another tells it under the same id", async () => {
    const webhook = await stage.hook();
    await stage.replaceWorker({ leaseSeconds: 0.5, answerMs: 60_000 });
    stage.receiver.react(() => {});
    const { id } = await stage.tried(webhook);
    await stage.arrived(1);
    // as after kill -9: the lease runs out, and nobody renews it
    await desk.database.query(sql`update job set worker_id = 'dead', due_at = now() where kind = 'webhook'`);
    stage.receiver.react(accept);
    const another = await desk.startTelling();
    expect(await stage.settled(webhook, "delivered")).toMatchObject([{ id, attempts: 1 }]);
    expect(stage.receiver.received.map(({ headers }) => headers["webhook-id"])).toEqual([id, id]);
    await another.drain(0);
  });

  test("N10 what was delivered is sent once more when a person asks for it", async () => {
    const webhook = await stage.hook();
    const { id } = await stage.tried(webhook);
    await stage.settled(webhook, "delivered");
    await stage.json(`/v1/webhooks/${webhook.id}/deliveries/${id}/redeliver`, undefined, "POST");
    await stage.arrived(2);
    expect(await stage.settled(webhook, "delivered")).toMatchObject([{ id, attempts: 2 }]);
    const again = await desk.web.ask(`/v1/webhooks/${webhook.id}/deliveries/${createId()}/redeliver`, {
      token: stage.token,
      method: "POST",
    });
    expect(again.status).toBe(404);
  });

  test("N10 one that fails for five days is disabled, which is shown and audited; enabled again, it gets what was kept", async () => {
    const webhook = await stage.hook();
    stage.receiver.react((response) => void response.writeHead(503).end());
    await stage.tried(webhook);
    await stage.attempted(webhook);
    expect(await stage.read(webhook)).toMatchObject({ enabled: true });
    await desk.database.query(
      sql`update webhook set failing_since = now() - interval '121 hours', failures = 20, paused_until = null where id = ${webhook.id}`,
    );
    await stage.makeDue();
    await until(async () => !(await stage.read(webhook)).enabled, 30);
    expect(await stage.read(webhook)).toMatchObject({ disabledBecause: "failing" });
    const { data } = await stage.json<{ data: object[] }>("/v1/audit?action=webhook.disable");
    expect(data).toMatchObject([{ actorId: null, target: webhook.id, details: { because: "failing" } }]);
    const refused = await desk.web.ask(`/v1/webhooks/${webhook.id}/test`, { token: stage.token, method: "POST" });
    expect(refused.status).toBe(409);
    stage.receiver.react(accept);
    await stage.json(`/v1/webhooks/${webhook.id}`, { enabled: true }, "PATCH");
    await stage.makeDue();
    await stage.settled(webhook, "delivered");
  });

  test("N10 one that answers 410 is disabled at once", async () => {
    const webhook = await stage.hook();
    stage.receiver.react((response) => void response.writeHead(410).end());
    await stage.tried(webhook);
    await until(async () => !(await stage.read(webhook)).enabled, 30);
    expect(await stage.read(webhook)).toMatchObject({ disabledBecause: "gone" });
  });

  test("S25 a name that leads inside by the time of the delivery is not asked", async () => {
    const webhook = await stage.hook();
    await desk.database.query(sql`update webhook set url = 'http://localhost:9/' where id = ${webhook.id}`);
    await stage.tried(webhook);
    await stage.attempted(webhook);
    expect(await stage.deliveries(webhook)).toMatchObject([
      { answer: { status: null, error: expect.stringMatching(/may not be asked|no public host/) } },
    ]);
  });

  /** As a newer version wrote it, before it was rolled back. */
  const writeDown = async (webhook: Webhook, type: string, conversationId: string | null): Promise<string> => {
    const id = createId();
    const facts = JSON.stringify({ conversationId });
    await desk.database.query(sql`
      with told as (
        insert into webhook_event (workspace_id, id, type, conversation_id, facts, created_at)
        values (${stage.workspace}, ${id}, ${type}, ${conversationId}, ${facts}::jsonb, now() - interval '1 hour') returning id)
      insert into webhook_delivery (workspace_id, webhook_id, event_id, due_at)
      select ${stage.workspace}, ${webhook.id}, id, now() - interval '1 hour' from told`);
    return id;
  };

  test("N10 what a newer version has written down keeps nothing behind it waiting, is no failure of the webhook, and is tried again", async () => {
    const lines: string[] = [];
    const error = (fields: { readonly eventId?: string }): void => void lines.push(fields.eventId ?? "");
    await stage.replaceWorker({ logger: { ...silentLogger, error } });
    const webhook = await stage.hook({ enabled: false });
    const conversationId = createId();
    await stage.json("/v1/conversations", { id: conversationId, visibility: "workspace" });
    const unknown = [
      await writeDown(webhook, "flow.ended", conversationId),
      await writeDown(webhook, "completion.paused", conversationId),
      await writeDown(webhook, "workspace.renamed", null),
    ];
    await stage.json(`/v1/webhooks/${webhook.id}`, { enabled: true }, "PATCH");
    // one more failure of its own would disable it
    await desk.database.query(
      sql`update webhook set failing_since = now() - interval '121 hours', failures = 20 where id = ${webhook.id}`,
    );
    const untold = await until(async () => {
      const found = (await stage.deliveries(webhook)).filter(({ attempts }) => attempts > 0);
      return found.length === unknown.length && found;
    }, 30);
    expect(await stage.read(webhook)).toMatchObject({ enabled: true, failures: 20 });
    for (const one of untold)
      expect(one).toMatchObject({
        status: "pending",
        nextAttemptAt: expect.any(String),
        answer: { status: null, error: expect.stringContaining("server's log") },
      });
    expect(new Set(lines)).toEqual(new Set(unknown));
    const { id } = await stage.tried(webhook);
    expect(await stage.settled(webhook, "delivered")).toMatchObject([{ id }]);
    expect(stage.receiver.received).toHaveLength(1);
    expect(await stage.read(webhook)).toMatchObject({ failures: 0 });
  });

  test("N10 an event whose rows can't be read is set aside with a line in the log, and the next one is told", async () => {
    const lines: object[] = [];
    const logger = { ...silentLogger, error: (fields: object) => void lines.push(fields) };
    await stage.replaceWorker({ logger });
    const webhook = await stage.hook({ enabled: false });
    const conversationId = createId();
    await stage.json("/v1/conversations", { id: conversationId, visibility: "workspace" });
    const broken = await writeDown(webhook, "message.created", conversationId);
    await desk.database.query(sql`update webhook_event set facts = 'null'::jsonb where id = ${broken}`);
    await stage.json(`/v1/webhooks/${webhook.id}`, { enabled: true }, "PATCH");
    await stage.tried(webhook);
    await stage.settled(webhook, "delivered");
    // both were begun at once: either may end first
    const first = await until(
      async () => (await stage.deliveries(webhook)).find(({ id, attempts }) => id === broken && attempts > 0),
      30,
    );
    expect(first).toMatchObject({ status: "pending", attempts: 1 });
    expect(lines).toMatchObject([{ eventId: broken, err: expect.any(Error) }]);
  });
});
