import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { NewWebhook, WebhookDelivery, WebhookEvent } from "natter/client";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { createScriptedProvider, type ScriptedProvider } from "../../src/testing/providers/scripted-provider.ts";
import { until } from "../../src/testing/spine.ts";
import { tokenFor } from "../../src/testing/servers/web.ts";
import { createFaultDatabase, type FaultDatabase } from "../../tests/faults/fault-database.ts";
import { NatterNode } from "../../tests/faults/natter-node.ts";
import { askUntilAnswered } from "../../tests/faults/request.ts";
import { createReceiver } from "./receiver.ts";

let database: FaultDatabase;
let provider: ScriptedProvider;
let node: NatterNode;
let token: string;
let servers: Server[];

beforeEach(async () => {
  servers = [];
  database = await createFaultDatabase(inject("postgresUrl") ?? null);
  provider = await createScriptedProvider(() => [{ say: "an answer" }]);
  const environment = {
    ...database.environment,
    OPENAI_COMPATIBLE_BASE_URL: provider.baseUrl,
    OPENAI_COMPATIBLE_API_KEY: "any",
    NATTER_DEFAULT_MODEL: "compatible/scripted",
    NATTER_LEASE_SECONDS: "2",
  };
  node = await NatterNode.create(environment, { directory: import.meta.dirname });
  token = await tokenFor();
  await node.start();
});
afterEach(async () => {
  await node.end("SIGKILL");
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await provider.close();
  await database.remove();
});

const listen = async (server: Server, port = 0): Promise<number> => {
  servers.push(server);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
};
const ask = async <Body>(path: string, body?: unknown): Promise<Body> =>
  (await askUntilAnswered<Body>(() => `${node.url}${path}`, { token, ...(body === undefined ? {} : { body }) })).body;

test(
  "N10 the example takes what it is told, once, though the server is killed in the middle of telling it",
  { timeout: 240_000 },
  async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    // the first request is held until the server that sent it is dead
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    let secret = "";
    const told: WebhookEvent[] = [];
    const port = await listen(
      createReceiver("whsec_none", async () => {})
        .removeAllListeners("request")
        .on("request", (request, response) => {
          resolve();
          void released.then(() => request.socket.destroy());
          response.on("error", () => {});
        }),
    );
    const webhook = await ask<NewWebhook>("/v1/webhooks", {
      url: `http://127.0.0.1:${port}/`,
      events: ["completion.completed", "message.created"],
    });
    ({ secret } = webhook);
    await ask("/v1/chat", { conversationId: "webhook-example", message: { text: "hello" }, stream: false });
    await asked;
    await node.end("SIGKILL");
    release();
    servers[0]?.closeAllConnections();
    await new Promise((done) => servers[0]?.close(done));
    await listen(
      createReceiver(secret, async (event) => void told.push(event)),
      port,
    );
    await node.start();
    await until(async () => told.length >= 3, 90);
    const { data } = await until(async () => {
      const page = await ask<{ data: WebhookDelivery[] }>(`/v1/webhooks/${webhook.id}/deliveries`);
      return page.data.every(({ status }) => status === "delivered") && page;
    }, 90);
    expect(data).toHaveLength(3);
    expect(told.map(({ type }) => type).toSorted()).toEqual([
      "completion.completed",
      "message.created",
      "message.created",
    ]);
  },
);

test("the receiver of docs/webhooks.md is the example's", async () => {
  const page = await readFile(join(import.meta.dirname, "../../docs/webhooks.md"), "utf8");
  expect(page).toContain(await readFile(join(import.meta.dirname, "receiver.ts"), "utf8"));
});
