import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";

interface Person {
  readonly token: string;
  readonly userId: string;
}

interface Entry {
  readonly action: string;
  readonly actorId: string;
  readonly subjectId: string;
  readonly target: string;
  readonly details: Record<string, unknown>;
  readonly requestId: string;
}

describe.each(testDatabases)("workspaces on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let owner: Person;
  let workspaceId: string;

  beforeEach(async () => {
    database = await open();
    web = await createWeb({ database, model: createScriptedModel(() => []) });
    owner = await person();
    const made = await ask("POST", "/v1/workspaces", owner, { name: "Team" });
    ({ id: workspaceId } = (await made.json()) as { id: string });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await web.close();
    await database.close();
  });

  const ask = (method: string, path: string, by: Person | string, body?: object) =>
    web.ask(path, {
      method,
      token: typeof by === "string" ? by : by.token,
      ...(body === undefined ? {} : { body }),
    });
  /** The same in the team's workspace, by the header. */
  const within = (method: string, path: string, by: Person, body?: object) =>
    web.ask(path, {
      method,
      token: by.token,
      headers: { "natter-workspace": workspaceId },
      ...(body === undefined ? {} : { body }),
    });
  const json = async <Body>(response: Promise<Response>): Promise<Body> => (await (await response).json()) as Body;
  const person = async (subject = createId()): Promise<Person> => {
    const token = await tokenFor({ subject });
    const { userId } = (await (await web.ask("/v1/me", { token })).json()) as { userId: string };
    return { token, userId };
  };
  const join = async (role: string, by = owner): Promise<Person> => {
    const someone = await person();
    const path = `/v1/workspaces/${workspaceId}/invitations`;
    const { token } = await json<{ token: string }>(ask("POST", path, by, role === "owner" ? {} : { role }));
    expect((await ask("POST", "/v1/invitations/accept", someone, { token })).status).toBe(200);
    if (role === "owner") await change(someone, { role: "owner" });
    return someone;
  };
  const change = (member: Person, body: object, by = owner) =>
    ask("PATCH", `/v1/workspaces/${workspaceId}/members/${member.userId}`, by, body);
  const remove = (member: Person, by = owner) =>
    ask("DELETE", `/v1/workspaces/${workspaceId}/members/${member.userId}`, by);
  const audit = async (query = ""): Promise<Entry[]> =>
    (await json<{ data: Entry[] }>(within("GET", `/v1/audit${query}`, owner))).data;

  test("who makes one owns it, sees it in the list, renames it, and works in it by the header", async () => {
    const { data } = await json<{ data: object[] }>(ask("GET", "/v1/workspaces", owner));
    expect(data).toHaveLength(2);
    expect(data[1]).toMatchObject({ id: workspaceId, name: "Team", role: "owner" });
    const renamed = await ask("PATCH", `/v1/workspaces/${workspaceId}`, owner, { name: "Crew" });
    expect(await renamed.json()).toMatchObject({ name: "Crew" });
    const me = await json(within("GET", "/v1/me", owner));
    expect(me).toMatchObject({ workspaceId, role: "owner" });
  });

  test("S7 somebody who is no member learns nothing of it, by any verb", async () => {
    const stranger = await person();
    const invitation = await json<{ id: string }>(ask("POST", `/v1/workspaces/${workspaceId}/invitations`, owner, {}));
    const paths: [string, string, object?][] = [
      ["GET", ""],
      ["PATCH", "", { name: "Mine" }],
      ["GET", "/members"],
      ["PATCH", `/members/${owner.userId}`, { role: "reader" }],
      ["DELETE", `/members/${owner.userId}`],
      ["GET", "/invitations"],
      ["POST", "/invitations", {}],
      ["DELETE", `/invitations/${invitation.id}`],
    ];
    for (const [method, path, body] of paths) {
      const said = async (id: string) => {
        const response = await ask(method, `/v1/workspaces/${id}${path}`, stranger, body);
        const { requestId: _differs, ...problem } = (await response.json()) as Record<string, unknown>;
        return { status: response.status, problem };
      };
      expect(await said(workspaceId)).toEqual(await said(createId()));
      expect((await said(workspaceId)).status).toBe(404);
    }
  });

  test("the last owner can't go, whichever way, also when two go at once", async () => {
    for (const attempt of [change(owner, { role: "admin" }), change(owner, { suspended: true }), remove(owner)])
      expect((await attempt).status).toBe(409);
    const second = await join("owner");
    const statuses = (await Promise.all([remove(owner, owner), remove(second, second)])).map(({ status }) =>
      String(status),
    );
    expect(statuses.toSorted()).toEqual(["204", "409"]);
    const [left] = await database.query<{ count: number }>(
      sql`select count(*) as count from member where workspace_id = ${workspaceId} and role = 'owner'`,
    );
    expect(left?.count).toBe(1);
  });

  test("an admin manages members and admins, but no owner, and makes none", async () => {
    const [admin, member] = [await join("admin"), await join("member")];
    expect((await change(member, { role: "admin" }, admin)).status).toBe(200);
    expect((await change(member, { role: "reader" }, admin)).status).toBe(200);
    expect((await change(member, { role: "owner" }, admin)).status).toBe(403);
    expect((await change(owner, { role: "member" }, admin)).status).toBe(403);
    expect((await change(owner, { suspended: true }, admin)).status).toBe(403);
    expect((await remove(owner, admin)).status).toBe(403);
    expect((await remove(member, admin)).status).toBe(204);
  });

  test("S11 members and readers see who is there, without addresses, change nothing, and may leave", async () => {
    await join("admin");
    for (const role of ["member", "reader"]) {
      const someone = await join(role);
      const { data } = await json<{ data: { email: string | null }[] }>(
        ask("GET", `/v1/workspaces/${workspaceId}/members`, someone),
      );
      expect(data.length).toBeGreaterThan(2);
      expect((await change(owner, { role: "reader" }, someone)).status).toBe(403);
      expect((await change(someone, { role: "owner" }, someone)).status).toBe(403);
      expect((await remove(owner, someone)).status).toBe(403);
      expect((await ask("POST", `/v1/workspaces/${workspaceId}/invitations`, someone, {})).status).toBe(403);
      expect((await within("GET", "/v1/audit", someone)).status).toBe(403);
      expect((await remove(someone, someone)).status).toBe(204);
      expect((await ask("GET", `/v1/workspaces/${workspaceId}`, someone)).status).toBe(404);
    }
  });

  test("who has no workspace of their own works in the first that they joined, and gets one when they are removed from all", async () => {
    const someone = await join("reader");
    await database.query(sql`delete from member where user_id = ${someone.userId} and workspace_id like 'personal-%'`);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5_001 });
    expect(await json(ask("GET", "/v1/me", someone))).toMatchObject({ workspaceId, role: "reader" });
    expect((await remove(someone)).status).toBe(204);
    vi.setSystemTime(Date.now() + 5_001);
    expect(await json(ask("GET", "/v1/me", someone))).toMatchObject({
      workspaceId: `personal-${someone.userId}`,
      role: "owner",
    });
  });

  test("members come in pages, each once", async () => {
    for (let count = 0; count < 4; count += 1) await join("member");
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = `?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const page: { data: { userId: string }[]; nextCursor: string | null } = await json(
        ask("GET", `/v1/workspaces/${workspaceId}/members${query}`, owner),
      );
      seen.push(...page.data.map(({ userId }) => userId));
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });

  test("S6 an invitation says what it offers, is good for exactly one of 20 at once, and can be taken back", async () => {
    const path = `/v1/workspaces/${workspaceId}/invitations`;
    const first = await json<{ id: string; token: string; path: string }>(
      ask("POST", path, owner, { role: "reader", note: "for Ben" }),
    );
    expect(first.token).toMatch(/^ni_[A-Za-z0-9_-]{22}$/);
    expect(first.path).toBe(`/join#${first.token}`);
    const offer = await web.ask("/v1/invitations/read", { body: { token: first.token } });
    expect(await offer.json()).toMatchObject({ workspaceName: "Team", role: "reader" });
    expect(JSON.stringify(await database.query(sql`select * from invitation`))).not.toContain(first.token);
    const guests = await Promise.all(Array.from({ length: 20 }, () => person()));
    const answers = await Promise.all(
      guests.map((guest) => ask("POST", "/v1/invitations/accept", guest, { token: first.token })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(19);
    expect((await web.ask("/v1/invitations/read", { body: { token: first.token } })).status).toBe(400);
    const second = await json<{ id: string; token: string }>(ask("POST", path, owner, {}));
    expect((await ask("DELETE", `${path}/${second.id}`, owner)).status).toBe(204);
    const late = await person();
    expect((await ask("POST", "/v1/invitations/accept", late, { token: second.token })).status).toBe(400);
    const third = await json<{ id: string; token: string }>(ask("POST", path, owner, { expiresInHours: 1 }));
    await database.query(sql`update invitation set expires_at = now() - interval '1 second' where id = ${third.id}`);
    expect((await ask("POST", "/v1/invitations/accept", late, { token: third.token })).status).toBe(400);
  });

  test("a member's second invitation is refused, and stays good for somebody else", async () => {
    const path = `/v1/workspaces/${workspaceId}/invitations`;
    const { token } = await json<{ token: string }>(ask("POST", path, owner, {}));
    expect((await ask("POST", "/v1/invitations/accept", owner, { token })).status).toBe(409);
    const guest = await person();
    expect((await ask("POST", "/v1/invitations/accept", guest, { token })).status).toBe(200);
  });

  test("S50 who is placed by a claim or bound by a key has that workspace and no other", async () => {
    const placed = await tokenFor({ workspace: "claimed", role: "owner", subject: createId() });
    expect((await ask("POST", "/v1/workspaces", placed, { name: "Mine" })).status).toBe(403);
    const path = `/v1/workspaces/${workspaceId}/invitations`;
    const { token } = await json<{ token: string }>(ask("POST", path, owner, {}));
    expect((await ask("POST", "/v1/invitations/accept", placed, { token })).status).toBe(403);
    const made = await ask("POST", "/v1/api-keys", owner, { name: "CI", scopes: ["read", "chat", "admin"] });
    const { key } = (await made.json()) as { key: string };
    expect((await ask("GET", `/v1/workspaces/${workspaceId}`, key)).status).toBe(404);
    expect((await ask("POST", "/v1/workspaces", key, { name: "Mine" })).status).toBe(403);
  });

  test("S11 a model that the workspace does not allow answers on no route; its defaults answer where nobody chose", async () => {
    const put = (body: object) => ask("PATCH", `/v1/workspaces/${workspaceId}`, owner, body);
    expect((await put({ allowedModels: ["nowhere/x"] })).status).toBe(422);
    expect((await put({ defaultAgent: "nobody" })).status).toBe(422);
    expect((await put({ allowedModels: ["test/allowed"], defaultModel: "test/allowed" })).status).toBe(200);
    const member = await join("member");
    const message = { text: "hello" };
    const asMember = (method: string, path: string, body: object) => within(method, path, member, body);
    const { id } = await json<{ id: string }>(asMember("POST", "/v1/conversations", {}));
    const model = "test/other";
    const refused = await Promise.all([
      asMember("POST", "/v1/chat", { message, model }),
      asMember("POST", "/v1/conversations", { model }),
      asMember("PATCH", `/v1/conversations/${id}`, { model }),
      asMember("POST", `/v1/conversations/${id}/completions`, { message, model }),
      asMember("POST", `/v1/users/${member.userId}/chat`, { message, model }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    const started = await asMember("POST", `/v1/conversations/${id}/completions`, { message });
    const { completionId } = (await started.json()) as { completionId: string };
    const completion = await within("GET", `/v1/completions/${completionId}`, member);
    expect(await completion.json()).toMatchObject({ model: "test/allowed" });
    expect((await within("GET", "/v1/models?all=true", member)).status).toBe(403);
    expect((await ask("GET", "/v1/models?all=true", owner)).status).toBe(200);
  });

  test("N11 every change is in the log with who, whom and by which request, in its transaction, and nobody can alter it", async () => {
    const member = await join("member");
    await change(member, { role: "reader" });
    await change(member, { suspended: true });
    await change(member, { suspended: false });
    await remove(member);
    await ask("PATCH", `/v1/workspaces/${workspaceId}`, owner, { name: "Crew" });
    expect((await change(owner, { role: "reader" })).status).toBe(409);
    const entries = await audit();
    expect(entries.map(({ action }) => action)).toEqual([
      "workspace.change",
      "member.remove",
      "member.unsuspend",
      "member.suspend",
      "member.change-role",
      "invitation.accept",
      "invitation.create",
      "workspace.create",
    ]);
    expect(entries[4]).toMatchObject({
      actorId: owner.userId,
      subjectId: member.userId,
      details: { from: "member", to: "reader" },
      requestId: expect.any(String),
    });
    for (const statement of [sql`update audit set action = 'x'`, sql`delete from audit`, sql`truncate audit`])
      await expect(database.query(statement)).rejects.toThrow("append-only");
    expect(await audit(`?subjectId=${member.userId}&action=member.suspend`)).toHaveLength(1);
    const page = await json<{ data: Entry[]; nextCursor: string }>(within("GET", "/v1/audit?limit=3", owner));
    expect(await audit(`?limit=200&cursor=${page.nextCursor}`)).toEqual(entries.slice(3));
    const elsewhere = await json<{ data: Entry[] }>(ask("GET", "/v1/audit", owner));
    expect(elsewhere.data.filter(({ action }) => action !== "workspace.create")).toEqual([]);
  });
});
