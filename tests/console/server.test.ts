import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createId } from "../../src/foundation/ids.ts";
import type { AdminServer } from "../../src/protocol/admin/server.ts";
import { mountNatter, type MountedNatter } from "../../src/testing/servers/mounted-natter.ts";
import { createScriptedModel, say } from "../../src/testing/providers/scripted-model.ts";
import { tokenFor } from "../../src/testing/servers/web.ts";
import { providerError } from "../../src/providers/errors.ts";

const canary = "canary-canary-canary-canary-canary";

let mounted: MountedNatter;
let isDown = false;

beforeAll(async () => {
  const model = createScriptedModel(() =>
    isDown ? [{ fail: providerError("provider_misconfigured", new Error("no")) }] : [say("so")],
  );
  mounted = await mountNatter({
    model,
    env: { NATTER_METRICS_TOKEN: canary, OPENAI_API_KEY: canary },
  });
}, 60_000);
afterAll(() => mounted.close());

const report = async (token: string): Promise<AdminServer> =>
  (await (await mounted.ask("/v1/admin/server", { token })).json()) as AdminServer;

test("N11 an admin is told how the server is, and nothing of other workspaces or of where it runs", async () => {
  const token = await tokenFor({ workspace: createId(), role: "admin" });
  const told = await report(token);
  expect(told).toMatchObject({ isOperator: false, nodes: null, queues: null, settings: null, migrations: null });
  expect(told.health.map(({ part, isWell }) => [part, isWell])).toEqual([
    ["database", true],
    ["chunk log", true],
    ["files", true],
    ["room for answers", true],
    ["workers", true],
  ]);
  expect(told.providers.map(({ id }) => id)).toEqual(["test", "openai", "natter"]);
  expect(JSON.stringify(told)).not.toContain(canary);
});

test("a member is told nothing, a provider that fails is seen", async () => {
  const member = await tokenFor({ workspace: createId(), role: "member" });
  expect((await mounted.ask("/v1/admin/server", { token: member })).status).toBe(403);
  await mounted.say("hello");
  isDown = true;
  await mounted.say("hello");
  isDown = false;
  const { providers } = await report(await tokenFor({ workspace: createId(), role: "owner" }));
  expect(providers[0]).toMatchObject({ id: "test", models: 2, circuit: "closed", calls: 2, failures: 1 });
});

test("S33 whoever operates it sees its nodes, migrations and settings, and no secret in them", async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), "natter-operated-"));
  const start = (env: Readonly<Record<string, string>>): Promise<MountedNatter> =>
    mountNatter({ model: createScriptedModel(() => []), dataDirectory, env });
  const token = await tokenFor({ subject: "operator", workspace: createId(), role: "owner" });
  const before = await start({});
  const { userId } = (await (await before.ask("/v1/me", { token })).json()) as { userId: string };
  await before.close();
  const operated = await start({
    NATTER_OPERATORS: `${createId()}, ${userId}`,
    OPENAI_API_KEY: canary,
    NATTER_CONCURRENCY: "7",
  });
  const told = (await (await operated.ask("/v1/admin/server", { token })).json()) as AdminServer;
  expect(told).toMatchObject({
    isOperator: true,
    drivers: { database: "PGlite", queue: "table", files: "disk" },
    nodes: [{ role: "all", capacity: 7, running: 0, version: told.version }],
    queues: [],
  });
  expect(told.migrations?.at(-1)?.name).toBe("0001-spine.sql");
  expect(told.settings).toContainEqual({ name: "OPENAI_API_KEY", value: true, isSecret: true });
  expect(told.settings).toContainEqual({ name: "NATTER_CONCURRENCY", value: 7, isSecret: false });
  expect(JSON.stringify(told)).not.toContain(canary);
  const other = await tokenFor({ subject: "another owner", workspace: createId(), role: "owner" });
  const toOther = (await (await operated.ask("/v1/admin/server", { token: other })).json()) as AdminServer;
  expect(toOther).toMatchObject({ isOperator: false, settings: null });
  await operated.close();
  await rm(dataDirectory, { recursive: true, force: true });
}, 60_000);
