import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";
import { createCallerAddress } from "../admission/caller-address.ts";
import { startServer, type HttpServer } from "../server/server.ts";

interface Entry {
  readonly action: string;
  readonly actorId: string;
  readonly subjectId: string | null;
  readonly target: string | null;
  readonly ip: string | null;
  readonly requestId: string | null;
}

describe.each(testDatabases)("N11 the audit log on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let server: HttpServer;
  let admin: string;

  beforeEach(async () => {
    database = await open();
    web = await createWeb({
      database,
      model: createScriptedModel(() => []),
      dependencies: { callerAddress: createCallerAddress(["127.0.0.1"]) },
    });
    server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
    admin = await tokenFor({ subject: "boss", workspace: "w-audit", role: "admin" });
  });
  afterEach(async () => {
    await server.close(0);
    await web.close();
    await database.close();
  });

  const ask = (method: string, path: string, headers: object = {}, body?: object): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}${path}`, {
      method,
      headers: { authorization: `Bearer ${admin}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const entries = async (): Promise<readonly Entry[]> =>
    ((await (await ask("GET", "/v1/audit?limit=200")).json()) as { data: Entry[] }).data;

  test("says who did what to whom, from which address and by which request; what a client claims of its address counts for nothing", async () => {
    const token = await tokenFor({ subject: "mallory", workspace: "w-audit", role: "member" });
    const { userId } = (await (await web.ask("/v1/me", { token })).json()) as { userId: string };
    const boss = (await (await ask("GET", "/v1/me")).json()) as { userId: string };
    const headers = {
      "x-request-id": "the-request-of-the-deed",
      "x-forwarded-for": "198.51.100.66, 203.0.113.7",
      forwarded: "for=198.51.100.66",
      "x-real-ip": "198.51.100.66",
    };
    const path = `/v1/workspaces/w-audit/members/${userId}`;
    expect((await ask("PATCH", path, headers, { suspended: true })).status).toBe(200);
    const [entry] = await entries();
    expect(entry).toMatchObject({
      action: "member.suspend",
      actorId: boss.userId,
      subjectId: userId,
      target: userId,
      ip: "203.0.113.7",
      requestId: "the-request-of-the-deed",
    });
  });

  test("S46 holds nothing that was refused, and no secret of what was done", async () => {
    const made = (await (await ask("POST", "/v1/api-keys", {}, { name: "CI", scopes: ["read"] })).json()) as {
      key: string;
    };
    const invited = await ask("POST", "/v1/workspaces/w-audit/invitations", {}, {});
    const { token } = (await invited.json()) as { token: string };
    const before = await entries();
    expect(before.map(({ action }) => action)).toEqual(["invitation.create", "key.create"]);
    for (const secret of [made.key, token]) expect(JSON.stringify(before)).not.toContain(secret);
    expect((await ask("DELETE", `/v1/api-keys/${createId()}`)).status).toBe(404);
    expect((await ask("PATCH", "/v1/workspaces/w-audit", {}, { name: "" })).status).toBe(422);
    expect((await ask("POST", "/v1/api-keys", {}, { name: "late", expiresAt: "2001-01-01T00:00:00Z" })).status).toBe(
      422,
    );
    expect(await entries()).toEqual(before);
  });
});
