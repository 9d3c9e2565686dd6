import sql from "sql-template-tag";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { verifyWebhook, WebhookVerificationError } from "../../client/verify-webhook.ts";
import { composeWebhooks, type WebhookWorker } from "../../compose/compose-webhooks.ts";
import type { Worker } from "../../engine/worker.ts";
import { createId } from "../../foundation/ids.ts";
import { silentLogger } from "../../foundation/logger.ts";
import type { Database } from "../../ports/database.ts";
import type { NewWebhook, Webhook, WebhookDelivery, WebhookEvent } from "../../protocol/webhook.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, readStream, tokenFor, type Web } from "../../testing/servers/web.ts";
import {
  accept,
  createWebhookReceiver,
  type Received,
  type WebhookReceiver,
} from "../../testing/servers/webhook-receiver.ts";

const minute = 60_000;

describe.each(testDatabases)("webhooks on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let engine: Worker;
  let receiver: WebhookReceiver;
  let worker: WebhookWorker;
  let workspace: string;
  let token: string;

  const startTelling = async (overrides: Partial<Parameters<typeof composeWebhooks>[0]> = {}) => {
    const made = composeWebhooks({
      database,
      logger: silentLogger,
      allow: ["127.0.0.1"],
      rules: { tellsPrivate: false },
      workerId: createId(),
      leaseSeconds: 10,
      pollSeconds: 0.02,
      ...overrides,
    });
    await made.start();
    return made;
  };

  beforeAll(async () => {
    database = await open();
    web = await createWeb({
      database,
      model: createScriptedModel(() => [say("four words of answer")]),
      dependencies: { egressAllow: ["127.0.0.1"] },
    });
    engine = web.spine.worker();
    await engine.start();
  });
  beforeEach(async () => {
    receiver = await createWebhookReceiver();
    worker = await startTelling();
    workspace = createId();
    token = await tokenFor({ workspace, role: "admin" });
  });
  afterEach(async () => {
    await worker.drain(0);
    await receiver.close();
  });
  afterAll(async () => {
    await engine.drain(0);
    await web.close();
    await database.close();
  });

  const json = async <Body>(path: string, body?: unknown, method?: string): Promise<Body> => {
    const ask = { token, ...(body === undefined ? {} : { body }), ...(method === undefined ? {} : { method }) };
    const response = await web.ask(path, ask);
    const text = await response.text();
    expect([path, response.ok, text]).toEqual([path, true, text]);
    return (text === "" ? null : JSON.parse(text)) as Body;
  };
  const hook = (more: object = {}): Promise<NewWebhook> =>
    json("/v1/webhooks", { url: `${receiver.url}/hook`, ...more });
  const read = ({ id }: Webhook): Promise<Webhook> => json(`/v1/webhooks/${id}`);
  const deliveries = async ({ id }: Webhook): Promise<WebhookDelivery[]> =>
    (await json<{ data: WebhookDelivery[] }>(`/v1/webhooks/${id}/deliveries`)).data;
  const tried = ({ id }: Webhook): Promise<WebhookDelivery> => json(`/v1/webhooks/${id}/test`, undefined, "POST");
  const arrived = (count: number): Promise<readonly Received[]> =>
    until(async () => receiver.received.length >= count && receiver.received, 30);
  const settled = (webhook: Webhook, status: WebhookDelivery["status"], count = 1): Promise<WebhookDelivery[]> =>
    until(async () => {
      const found = (await deliveries(webhook)).filter((one) => one.status === status);
      return found.length >= count && found;
    }, 30);
  const event = ({ body, headers }: Received, secret: string): Promise<WebhookEvent> =>
    verifyWebhook({ body, headers, secret });
  const makeDue = () => database.query(sql`update webhook_delivery set due_at = now()`);

  const converse = async (visibility: "private" | "workspace", temporary = false): Promise<string> => {
    const id = createId();
    await json("/v1/conversations", { id, visibility, temporary });
    await readStream(
      await web.ask("/v1/chat", { token, body: { conversationId: id, message: { text: "a question" } } }),
    );
    return id;
  };

  test("N10 a shared conversation's messages and completion are told, signed, each once", async () => {
    const webhook = await hook();
    expect(webhook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(JSON.stringify([await read(webhook), await json("/v1/webhooks")])).not.toContain(webhook.secret);
    const conversationId = await converse("workspace");
    await arrived(4);
    const events = await Promise.all(receiver.received.map((one) => event(one, webhook.secret)));
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
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(4);
    const found = await settled(webhook, "delivered", 4);
    expect(found.map(({ attempts, answer }) => [attempts, answer?.status])).toEqual(Array(4).fill([1, 204]));
    expect(receiver.received).toHaveLength(4);
  });

  test("N10 of a private conversation it is told that something happened, and nothing that was said; of a temporary one nothing", async () => {
    const webhook = await hook();
    await converse("private", true);
    await converse("private");
    const events = await Promise.all((await arrived(4)).map((one) => event(one, webhook.secret)));
    expect(events).toHaveLength(4);
    const told = JSON.stringify(events);
    expect(told).not.toContain("a question");
    expect(told).not.toContain("four words");
    for (const { data } of events) expect(data).toMatchObject({ isReadable: false });
  });

  test("N10 votes are told when they are given, changed and taken back", async () => {
    const webhook = await hook({ events: ["vote.created", "vote.updated", "vote.removed"] });
    const conversationId = await converse("workspace");
    const { data } = await json<{ data: { id: string; role: string }[] }>(
      `/v1/conversations/${conversationId}/messages`,
    );
    const path = `/v1/conversations/${conversationId}/messages/${data[1]?.id}/vote`;
    await json(path, { value: "up" }, "PUT");
    await arrived(1);
    await json(path, { value: "down", reason: "too short" }, "PUT");
    await arrived(2);
    await json(path, undefined, "DELETE");
    const events = await Promise.all((await arrived(3)).map((one) => event(one, webhook.secret)));
    expect(events.map(({ type, data: told }) => [type, "vote" in told && told.vote])).toEqual([
      ["vote.created", { value: "up", reason: null }],
      ["vote.updated", { value: "down", reason: "too short" }],
      ["vote.removed", { value: null, reason: null }],
    ]);
  });

  test("N10 only what it listens to is told, nothing while it is disabled, and nothing of other workspaces", async () => {
    const chosen = await hook({ events: ["completion.completed"] });
    const disabled = await hook({ enabled: false });
    expect(await read(disabled)).toMatchObject({ enabled: false, disabledBecause: "person" });
    const own = token;
    const elsewhere = createId();
    token = await tokenFor({ workspace: elsewhere, role: "admin" });
    await converse("workspace");
    token = own;
    await converse("workspace");
    await settled(chosen, "delivered");
    expect(await deliveries(chosen)).toHaveLength(1);
    expect(await deliveries(disabled)).toEqual([]);
    const written = await database.query<{ type: string }>(
      sql`select type from webhook_event where workspace_id in (${workspace}, ${elsewhere})`,
    );
    expect(written).toEqual([{ type: "completion.completed" }]);
  });

  test("N10 while its secret is rotated two signatures stand in the header, and then the new one alone", async () => {
    const webhook = await hook();
    const rotated = await json<NewWebhook>(`/v1/webhooks/${webhook.id}/rotate`, { graceSeconds: 3_600 });
    expect(rotated.secret).not.toBe(webhook.secret);
    expect(rotated.formerSecretUntil).not.toBeNull();
    await tried(webhook);
    const [first] = await arrived(1);
    expect(String(first?.headers["webhook-signature"]).split(" ")).toHaveLength(2);
    for (const secret of [webhook.secret, rotated.secret])
      expect((await event(first!, secret)).type).toBe("webhook.test");
    await database.query(
      sql`update webhook set former_secret_until = now() - interval '1 second' where id = ${webhook.id}`,
    );
    await tried(webhook);
    const [, second] = await arrived(2);
    expect((await event(second!, rotated.secret)).type).toBe("webhook.test");
    await expect(event(second!, webhook.secret)).rejects.toThrow(WebhookVerificationError);
  });

  test("N10 a body that was changed, an old one and one of somebody else are not verified", async () => {
    const webhook = await hook();
    await tried(webhook);
    const [one] = await arrived(1);
    const { body, headers } = one!;
    const { secret } = webhook;
    await expect(verifyWebhook({ body: `${body} `, headers, secret })).rejects.toThrow("signature");
    await expect(verifyWebhook({ body, headers, secret, now: Date.now() + 6 * minute })).rejects.toThrow("too old");
    await expect(verifyWebhook({ body, headers, secret, now: Date.now() - 6 * minute })).rejects.toThrow("too old");
    await expect(verifyWebhook({ body, headers: { ...headers, "webhook-id": createId() }, secret })).rejects.toThrow(
      "signature",
    );
    await expect(verifyWebhook({ body, headers: {}, secret })).rejects.toThrow("webhook-id");
    await expect(verifyWebhook({ body, headers, secret: (await hook()).secret })).rejects.toThrow("signature");
    expect(await verifyWebhook({ body: Buffer.from(body), headers, secret: ["whsec_AAAA", secret] })).toMatchObject({
      type: "webhook.test",
    });
  });

  test("N10 a receiver that fails is asked again under the same id, and every attempt is shown", async () => {
    const webhook = await hook();
    receiver.react((response) => void response.writeHead(500).end("out of order"));
    const { id } = await tried(webhook);
    await until(async () => (await deliveries(webhook))[0]?.attempts === 1, 30);
    const [failed] = await deliveries(webhook);
    expect(failed).toMatchObject({
      id,
      status: "pending",
      answer: { status: 500, text: "out of order", error: "It answered 500." },
      nextAttemptAt: expect.any(String),
    });
    expect(await read(webhook)).toMatchObject({ failures: 1, failingSince: expect.any(String) });
    receiver.react(accept);
    await makeDue();
    expect(await settled(webhook, "delivered")).toMatchObject([{ id, attempts: 2 }]);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([id]));
    expect(await read(webhook)).toMatchObject({ failures: 0, failingSince: null });
  });

  test("S26 a redirect is not followed, wherever it leads", async () => {
    const webhook = await hook();
    receiver.react((response) => void response.writeHead(307, { location: `${receiver.url}/elsewhere` }).end());
    await tried(webhook);
    await until(async () => (await deliveries(webhook))[0]?.attempts === 1, 30);
    expect(await deliveries(webhook)).toMatchObject([{ status: "pending", answer: { status: 307 } }]);
    expect(receiver.received.map(({ path }) => path)).toEqual(["/hook"]);
  });

  test("S27 receivers that hang, close, or never end their answer cost one attempt each, and no more than its time", async () => {
    const webhook = await hook();
    await worker.drain(0);
    worker = await startTelling({ answerMs: 300 });
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
      receiver.react(reaction);
      const { id } = await tried(webhook);
      const delivery = await until(async () => {
        const one = await json<WebhookDelivery>(`/v1/webhooks/${webhook.id}/deliveries/${id}`);
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
    const hanging = await hook({ url: slow.url });
    const quick = await hook();
    await Promise.all(Array.from({ length: 20 }, () => tried(hanging)));
    await until(async () => slow.received.length >= 4, 30);
    await tried(quick);
    expect(await settled(quick, "delivered")).toHaveLength(1);
    expect((await deliveries(hanging)).map(({ status }) => status)).not.toContain("delivered");
    await slow.close();
  });

  test("N10 a worker that dies in the middle of a delivery loses none: another tells it under the same id", async () => {
    const webhook = await hook();
    await worker.drain(0);
    const dying = await startTelling({ leaseSeconds: 0.5, answerMs: minute });
    receiver.react(() => {});
    const { id } = await tried(webhook);
    await arrived(1);
    // as after kill -9: the lease runs out, and nobody renews it
    await database.query(sql`update job set worker_id = 'dead', due_at = now() where kind = 'webhook'`);
    receiver.react(accept);
    worker = await startTelling();
    expect(await settled(webhook, "delivered")).toMatchObject([{ id, attempts: 1 }]);
    expect(receiver.received.map(({ headers }) => headers["webhook-id"])).toEqual([id, id]);
    await dying.drain(0);
  });

  test("N10 what was delivered is sent once more when a person asks for it", async () => {
    const webhook = await hook();
    const { id } = await tried(webhook);
    await settled(webhook, "delivered");
    await json(`/v1/webhooks/${webhook.id}/deliveries/${id}/redeliver`, undefined, "POST");
    await arrived(2);
    expect(await settled(webhook, "delivered")).toMatchObject([{ id, attempts: 2 }]);
    const again = await web.ask(`/v1/webhooks/${webhook.id}/deliveries/${createId()}/redeliver`, {
      token,
      method: "POST",
    });
    expect(again.status).toBe(404);
  });

  test("N10 one that fails for five days is disabled, which is shown and audited; enabled again, it gets what was kept", async () => {
    const webhook = await hook();
    receiver.react((response) => void response.writeHead(503).end());
    await tried(webhook);
    await until(async () => (await deliveries(webhook))[0]?.attempts === 1, 30);
    expect(await read(webhook)).toMatchObject({ enabled: true });
    await database.query(
      sql`update webhook set failing_since = now() - interval '121 hours', failures = 20, paused_until = null where id = ${webhook.id}`,
    );
    await makeDue();
    await until(async () => !(await read(webhook)).enabled, 30);
    expect(await read(webhook)).toMatchObject({ disabledBecause: "failing" });
    const { data } = await json<{ data: object[] }>("/v1/audit?action=webhook.disable");
    expect(data).toMatchObject([{ actorId: null, target: webhook.id, details: { because: "failing" } }]);
    const refused = await web.ask(`/v1/webhooks/${webhook.id}/test`, { token, method: "POST" });
    expect(refused.status).toBe(409);
    receiver.react(accept);
    await json(`/v1/webhooks/${webhook.id}`, { enabled: true }, "PATCH");
    await makeDue();
    await settled(webhook, "delivered");
  });

  test("N10 one that answers 410 is disabled at once", async () => {
    const webhook = await hook();
    receiver.react((response) => void response.writeHead(410).end());
    await tried(webhook);
    await until(async () => !(await read(webhook)).enabled, 30);
    expect(await read(webhook)).toMatchObject({ disabledBecause: "gone" });
  });

  test.each([
    "http://127.0.0.2:80/",
    "http://169.254.169.254/latest/meta-data",
    "http://[::1]/",
    "http://0x7f000002/",
    "http://2130706434/",
    "http://localhost:6379/",
    "https://user:word@example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "https://example.com:22/",
    "no url",
  ])("S25 %s may not be told", async (url) => {
    const made = await web.ask("/v1/webhooks", { token, body: { url } });
    expect(made.status).toBe(422);
    const webhook = await hook();
    const changed = await web.ask(`/v1/webhooks/${webhook.id}`, { token, method: "PATCH", body: { url } });
    expect(changed.status).toBe(422);
  });

  test("S25 a name that leads inside by the time of the delivery is not asked", async () => {
    const webhook = await hook();
    await database.query(sql`update webhook set url = 'http://localhost:9/' where id = ${webhook.id}`);
    await tried(webhook);
    await until(async () => (await deliveries(webhook))[0]?.attempts === 1, 30);
    expect(await deliveries(webhook)).toMatchObject([
      { answer: { status: null, error: expect.stringMatching(/may not be asked|no public host/) } },
    ]);
  });

  test("N10 deeds with webhooks are in the audit log, without secrets, and there are twenty at most", async () => {
    const webhook = await hook();
    await json(`/v1/webhooks/${webhook.id}/rotate`, undefined, "POST");
    await json(`/v1/webhooks/${webhook.id}`, { description: "for billing" }, "PATCH");
    await json(`/v1/webhooks/${webhook.id}`, undefined, "DELETE");
    const { data } = await json<{ data: { action: string; target: string }[] }>("/v1/audit");
    const deeds = data.filter(({ target }) => target === webhook.id).map(({ action }) => action);
    expect(deeds).toEqual(["webhook.delete", "webhook.change", "webhook.rotate", "webhook.create"]);
    expect(JSON.stringify(data)).not.toContain("whsec_");
    for (let made = 0; made < 20; made += 1) await hook();
    expect((await web.ask("/v1/webhooks", { token, body: { url: receiver.url } })).status).toBe(409);
  });
});
