import sql from "sql-template-tag";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { verifyWebhook, WebhookVerificationError } from "../../client/verify-webhook.ts";
import { createId } from "../../foundation/ids.ts";
import type { NewWebhook } from "../../protocol/webhook.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWebhookDesk, eventOf, type WebhookDesk, type WebhookStage } from "../../testing/servers/webhook-desk.ts";

const minute = 60_000;

describe.each(testDatabases)("webhooks on $name", ({ open }) => {
  let desk: WebhookDesk;
  let stage: WebhookStage;

  beforeAll(async () => void (desk = await createWebhookDesk(await open())));
  beforeEach(async () => void (stage = await desk.open()));
  afterEach(() => stage.close());
  afterAll(() => desk.close());

  test("N10 while its secret is rotated two signatures stand in the header, and then the new one alone", async () => {
    const webhook = await stage.hook();
    const rotated = await stage.json<NewWebhook>(`/v1/webhooks/${webhook.id}/rotate`, { graceSeconds: 3_600 });
    expect(rotated.secret).not.toBe(webhook.secret);
    expect(rotated.formerSecretUntil).not.toBeNull();
    await stage.tried(webhook);
    const [first] = await stage.arrived(1);
    expect(String(first?.headers["webhook-signature"]).split(" ")).toHaveLength(2);
    for (const secret of [webhook.secret, rotated.secret])
      expect((await eventOf(first!, secret)).type).toBe("webhook.test");
    await desk.database.query(
      sql`update webhook set former_secret_until = now() - interval '1 second' where id = ${webhook.id}`,
    );
    await stage.tried(webhook);
    const [, second] = await stage.arrived(2);
    expect((await eventOf(second!, rotated.secret)).type).toBe("webhook.test");
    await expect(eventOf(second!, webhook.secret)).rejects.toThrow(WebhookVerificationError);
  });

  test("N10 a body that was changed, an old one and one of somebody else are not verified", async () => {
    const webhook = await stage.hook();
    await stage.tried(webhook);
    const [one] = await stage.arrived(1);
    const { body, headers } = one!;
    const { secret } = webhook;
    await expect(verifyWebhook({ body: `${body} `, headers, secret })).rejects.toThrow("signature");
    await expect(verifyWebhook({ body, headers, secret, now: Date.now() + 6 * minute })).rejects.toThrow("too old");
    await expect(verifyWebhook({ body, headers, secret, now: Date.now() - 6 * minute })).rejects.toThrow("too old");
    await expect(verifyWebhook({ body, headers: { ...headers, "webhook-id": createId() }, secret })).rejects.toThrow(
      "signature",
    );
    await expect(verifyWebhook({ body, headers: {}, secret })).rejects.toThrow("webhook-id");
    await expect(verifyWebhook({ body, headers, secret: (await stage.hook()).secret })).rejects.toThrow("signature");
    expect(await verifyWebhook({ body: Buffer.from(body), headers, secret: ["whsec_AAAA", secret] })).toMatchObject({
      type: "webhook.test",
    });
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
    const made = await desk.web.ask("/v1/webhooks", { token: stage.token, body: { url } });
    expect(made.status).toBe(422);
    const webhook = await stage.hook();
    const changed = await desk.web.ask(`/v1/webhooks/${webhook.id}`, {
      token: stage.token,
      method: "PATCH",
      body: { url },
    });
    expect(changed.status).toBe(422);
  });

  test("N10 deeds with webhooks are in the audit log, without secrets, and there are twenty at most", async () => {
    const webhook = await stage.hook();
    await stage.json(`/v1/webhooks/${webhook.id}/rotate`, undefined, "POST");
    await stage.json(`/v1/webhooks/${webhook.id}`, { description: "for billing" }, "PATCH");
    await stage.json(`/v1/webhooks/${webhook.id}`, undefined, "DELETE");
    const { data } = await stage.json<{ data: { action: string; target: string }[] }>("/v1/audit");
    const deeds = data.filter(({ target }) => target === webhook.id).map(({ action }) => action);
    expect(deeds).toEqual(["webhook.delete", "webhook.change", "webhook.rotate", "webhook.create"]);
    expect(JSON.stringify(data)).not.toContain("whsec_");
    for (let made = 0; made < 20; made += 1) await stage.hook();
    expect((await desk.web.ask("/v1/webhooks", { token: stage.token, body: { url: stage.receiver.url } })).status).toBe(
      409,
    );
  });
});
