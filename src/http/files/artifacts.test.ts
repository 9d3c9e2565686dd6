import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultAgents } from "../../agents/default-agents.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { artifactParts, type Artifact, type ArtifactDiff, type ArtifactVersion } from "../../protocol/artifact.ts";
import type { Message } from "../../protocol/resources.ts";
import { createDemoDriver } from "../../providers/demo/demo.ts";
import type { Worker } from "../../engine/worker.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, readStream, tokenFor, type Ask, type Web } from "../../testing/servers/web.ts";

describe.each(testDatabases)("C8 artifacts on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let worker: Worker;
  let token: string;
  const workspace = createId();

  beforeEach(async () => {
    database = await open();
    web = await createWeb({ database, model: createDemoDriver({ pace: 0 }), agents: defaultAgents });
    worker = web.spine.worker();
    await worker.start();
    token = await tokenFor({ subject: "anna", workspace, role: "member" });
  });
  afterEach(async () => {
    await worker.drain(5);
    await web.close();
    await database.close();
  });

  const ask = async <Body = Artifact>(path: string, options: Ask = {}): Promise<{ status: number; body: Body }> => {
    const response = await web.ask(path, { token, ...options });
    const text = await response.text();
    return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as Body };
  };
  const say = async (words: string, conversationId: string): Promise<Message> => {
    const sent = await web.ask("/v1/chat", { token, body: { conversationId, message: { text: words } } });
    await readStream(sent);
    const { body } = await ask<{ data: Message[] }>(`/v1/conversations/${conversationId}/messages`);
    return body.data.at(-1)!;
  };
  const create = async (conversationId: string): Promise<Artifact> => {
    const draft = { kind: "code", title: "Sum", language: "typescript", content: "1 + 1" };
    return (await ask(`/v1/conversations/${conversationId}/artifacts`, { body: draft })).body;
  };
  const converse = async (visibility = "private"): Promise<string> =>
    (await ask<{ id: string }>("/v1/conversations", { body: { visibility } })).body.id;

  test("a person writes, changes, looks back and restores: each time a version of its own", async () => {
    const artifact = await create(await converse());
    expect(artifact).toMatchObject({ version: 1, writtenBy: "person", content: "1 + 1", isNewest: true });
    const path = `/v1/artifacts/${artifact.id}`;
    const changed = await ask(path, { method: "PATCH", body: { content: "2 + 2" }, headers: { "if-match": '"1"' } });
    expect(changed).toMatchObject({ status: 200, body: { version: 2, title: "Sum", content: "2 + 2" } });
    const stale = await ask(path, { method: "PATCH", body: { content: "3" }, headers: { "if-match": '"1"' } });
    expect(stale).toMatchObject({ status: 412, body: { code: "precondition_failed", version: 2 } });
    expect((await ask(`${path}/restore`, { body: { version: 1 } })).body).toMatchObject({
      version: 3,
      content: "1 + 1",
    });
    expect((await ask(`${path}/restore`, { body: { version: 9 } })).status).toBe(404);
    expect((await ask(`${path}/versions/2`)).body).toMatchObject({ content: "2 + 2", isNewest: false });
    const { body } = await ask<{ data: ArtifactVersion[] }>(`${path}/versions`);
    expect(body.data.map(({ version, characters }) => [version, characters])).toEqual([
      [3, 5],
      [2, 5],
      [1, 5],
    ]);
  });

  test("F12 of two who change one version at once, one is told that it is stale", async () => {
    const { id } = await create(await converse());
    const both = await Promise.all(
      ["a", "b"].map((content) =>
        ask(`/v1/artifacts/${id}`, { method: "PATCH", body: { content }, headers: { "if-match": '"1"' } }),
      ),
    );
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
  });

  test("what a version changed is told by lines; two of any others, too, and of one that is not there nothing", async () => {
    const { id } = await create(await converse());
    await ask(`/v1/artifacts/${id}`, { method: "PATCH", body: { content: "1 + 1\n2 + 2" } });
    await ask(`/v1/artifacts/${id}`, { method: "PATCH", body: { content: "2 + 2", title: "Sums" } });
    const diff = (query = "") => ask<ArtifactDiff>(`/v1/artifacts/${id}/diff${query}`);
    const last = (await diff()).body;
    expect(last).toMatchObject({ from: 2, to: 3, fromTitle: "Sum", toTitle: "Sums", added: 0, removed: 1 });
    expect(last.hunks[0]?.lines).toEqual([
      { type: "removed", text: "1 + 1" },
      { type: "same", text: "2 + 2" },
    ]);
    expect((await diff("?to=2")).body).toMatchObject({ from: 1, to: 2, added: 1, removed: 0 });
    expect((await diff("?from=3&to=1")).body).toMatchObject({ from: 3, to: 1, added: 1, removed: 1 });
    expect((await diff("?to=1")).body).toMatchObject({ from: 1, to: 1, hunks: [] });
    expect((await diff("?to=4")).status).toBe(404);
    expect((await diff("?to=x")).status).toBe(400);
  });

  test("an agent writes and changes it by tools, and its message shows which version", async () => {
    const conversationId = createId();
    const first = await say("artifact", conversationId);
    const [shown] = artifactParts(first.parts);
    expect(shown).toMatchObject({ version: 1, kind: "document", title: "How to make tea" });
    const { body } = await ask(`/v1/artifacts/${shown!.artifactId}`);
    expect(body).toMatchObject({ writtenBy: "agent", completionId: first.completionId, conversationId });
    expect(body.content).toContain("four minutes");
    expect(artifactParts((await say("artifact change", conversationId)).parts)).toMatchObject([
      { artifactId: shown!.artifactId, version: 2 },
    ]);
    await ask(`/v1/artifacts/${shown!.artifactId}`, { method: "PATCH", body: { title: "Tea" } });
    const refused = await say("artifact change", conversationId);
    expect(artifactParts(refused.parts)).toEqual([]);
    expect(JSON.stringify(refused.parts)).toContain("Version 3 is the newest");
  });

  test("N4 a fork has artifacts of its own, which its messages name", async () => {
    const conversationId = createId();
    const [shown] = artifactParts((await say("artifact html", conversationId)).parts);
    const { body: copy } = await ask<{ id: string }>(`/v1/conversations/${conversationId}/fork`, { body: {} });
    const { body } = await ask<{ data: Message[] }>(`/v1/conversations/${copy.id}/messages`);
    const [copied] = artifactParts(body.data.at(-1)!.parts);
    expect(copied!.artifactId).not.toBe(shown!.artifactId);
    await ask(`/v1/artifacts/${copied!.artifactId}`, { method: "PATCH", body: { content: "other" } });
    expect((await ask(`/v1/artifacts/${shown!.artifactId}`)).body).toMatchObject({ version: 1 });
    expect((await ask(`/v1/artifacts/${copied!.artifactId}`)).body).toMatchObject({
      version: 2,
      conversationId: copy.id,
    });
    expect(artifactParts((await say("artifact change", copy.id)).parts)).toEqual([]);
  });

  test("S13 with its conversation it goes, and comes back with it", async () => {
    const conversationId = await converse();
    const { id } = await create(conversationId);
    await ask(`/v1/conversations/${conversationId}`, { method: "DELETE" });
    expect((await ask(`/v1/artifacts/${id}`)).status).toBe(404);
    await ask(`/v1/conversations/${conversationId}/restore`, { method: "POST" });
    expect((await ask(`/v1/artifacts/${id}`)).status).toBe(200);
    expect((await ask(`/v1/artifacts/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await ask(`/v1/artifacts/${id}/versions/1`)).status).toBe(404);
  });

  test("S10, S35 what is too long, of no kind or says who wrote it is refused, and nothing is stored", async () => {
    const conversationId = await converse();
    const path = `/v1/conversations/${conversationId}/artifacts`;
    const good = { kind: "document", title: "Tea", content: "" };
    for (const wrong of [
      { content: "x".repeat(262_145) },
      { kind: "script" },
      { title: "" },
      { title: "x".repeat(201) },
      { language: "a b" },
      { writtenBy: "agent" },
      { content: "a\0b" },
    ])
      expect((await ask(path, { body: { ...good, ...wrong } })).status).toBe(422);
    expect((await ask<{ data: unknown[] }>(path)).body.data).toEqual([]);
    await ask(`/v1/conversations/${conversationId}`, { method: "PATCH", body: { status: "archived" } });
    expect(await ask(path, { body: good })).toMatchObject({ status: 409, body: { code: "archived" } });
  });

  test("S20 the frame that shows it is of no origin and may reach nothing", async () => {
    const frame = await web.ask("/artifact-frame");
    const policy = frame.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("sandbox allow-scripts;");
    expect(policy).not.toContain("allow-same-origin");
    for (const directive of [
      "default-src 'none'",
      "connect-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'self'",
    ])
      expect(policy).toContain(directive);
  });
});
