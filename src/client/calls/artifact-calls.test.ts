import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type HttpServer } from "../../http/server/server.ts";
import { createNatter, type Running } from "../../natter.ts";
import type { ArtifactDraft } from "../../protocol/artifact.ts";
import type { Hint } from "../../protocol/hint.ts";
import { hasFinished, untilView as until } from "../../testing/client-views.ts";
import { until as eventually } from "../../testing/spine.ts";
import { createClient, type Client } from "../client.ts";
import { createConversationStore } from "../conversation/conversation-store.ts";
import { createLiveConnection, type LiveConnection } from "../live/live-connection.ts";
import { RequestError } from "../requests/request-error.ts";

const draft: ArtifactDraft = { kind: "code", title: "Sum", language: "typescript", content: "1 + 1" };

describe("C8 artifacts by the client, on a server", () => {
  let folder: string;
  let running: Running;
  let server: HttpServer;
  let client: Client;
  let live: LiveConnection;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "natter-artifacts-"));
    running = await createNatter({ dataDirectory: folder, env: { NATTER_DRAIN_SECONDS: "0" } }).start();
    server = await startServer(running.http, { host: "127.0.0.1", port: 0 });
    running.listening(server.port);
    const reach = { baseUrl: `http://127.0.0.1:${server.port}`, token: running.token ?? "" };
    client = createClient(reach);
    live = createLiveConnection(reach);
    await eventually(async () => live.isConnected);
  }, 60_000);
  afterAll(async () => {
    live.close();
    await server.close(0.1);
    await running.close();
    await rm(folder, { recursive: true });
  });

  const refusal = (work: Promise<unknown>): Promise<unknown> => work.catch((thrown: unknown) => thrown);

  test("made, read, written, compared, restored and deleted; what nobody has seen is not written over", async () => {
    const { artifacts } = client;
    const { id: conversationId } = await client.conversations.create();
    const { id } = await artifacts.create(conversationId, draft);
    expect(await artifacts.change(id, { content: "2 + 2" }, { version: 1 })).toMatchObject({ version: 2 });
    const stale = await refusal(artifacts.change(id, { content: "3" }, { version: 1 }));
    expect(stale).toBeInstanceOf(RequestError);
    expect(stale).toMatchObject({ status: 412, code: "precondition_failed" });
    expect(await artifacts.get(id)).toMatchObject({ version: 2, content: "2 + 2", isNewest: true });
    expect(await artifacts.get(id, 1)).toMatchObject({ version: 1, content: "1 + 1", isNewest: false });
    expect(await artifacts.diff(id)).toMatchObject({ from: 1, to: 2, added: 1, removed: 1 });
    expect(await artifacts.diff(id, { from: 2, to: 2 })).toMatchObject({ hunks: [] });
    expect(await refusal(artifacts.restore(id, 1, { version: 1 }))).toMatchObject({ status: 412 });
    expect(await artifacts.restore(id, 1, { version: 2 })).toMatchObject({ version: 3, content: "1 + 1" });
    expect((await artifacts.versions(id)).data.map(({ version, writtenBy }) => [version, writtenBy])).toEqual([
      [3, "person"],
      [2, "person"],
      [1, "person"],
    ]);
    expect((await artifacts.list(conversationId)).data).toMatchObject([{ id, version: 3 }]);
    await artifacts.remove(id);
    expect(await refusal(artifacts.get(id))).toMatchObject({ status: 404 });
    expect((await artifacts.list(conversationId)).data).toEqual([]);
  });

  test("N3 each write of a person, and of an agent, is told to whoever has the conversation open", async () => {
    const store = createConversationStore(client, undefined, { live });
    const hints: Hint[] = [];
    const stop = live.onHint((hint) => hint.kind === "artifact" && hints.push(hint));
    store.send("artifact");
    await until(store, hasFinished);
    await eventually(async () => hints.length === 1);
    const [listed] = (await client.artifacts.list(store.conversationId)).data;
    expect(listed).toMatchObject({ id: hints[0]?.id, version: 1, kind: "document" });
    const before = store.getSnapshot().conversation?.version ?? 0;
    await client.artifacts.change(listed?.id ?? "", { title: "Tea" }, { version: 1 });
    await until(store, (view) => (view.conversation?.version ?? 0) > before);
    await client.artifacts.remove(listed?.id ?? "");
    await eventually(async () => hints.length === 3);
    expect(new Set(hints.map(({ id, conversationId }) => `${id} ${conversationId}`))).toEqual(
      new Set([`${listed?.id} ${store.conversationId}`]),
    );
    stop();
    store.close();
  });
});
