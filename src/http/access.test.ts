import { isDeepStrictEqual } from "node:util";
import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules, type Action } from "../auth/authorize.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import type { Role } from "../protocol/principal.ts";
import type { Message } from "../protocol/resources.ts";
import { setSuspended } from "../store/people.ts";
import { createScriptedModel } from "../testing/scripted-model.ts";
import { testDatabases } from "../testing/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../testing/web.ts";

interface Target {
  readonly conversationId: string;
  readonly messageId: string;
  readonly completionId: string;
  readonly attachmentId: string;
  /** Of no key: each is its owner's alone, which the keys' own tests show. */
  readonly keyId: string;
}

interface Expectation {
  /** What the one decision is asked for. */
  readonly action: Action;
  /** Status when it says yes. */
  readonly yes: number;
  readonly body?: (target: Target) => unknown;
  /** Default: a conversation with one message and nothing to do. */
  readonly state?: "queued" | "answer" | "deleted" | "attached";
}

const message = { text: "hello" };
const file = { parts: [{ type: "file", url: "data:text/plain;base64,aGVsbG8=" }] };

/** Every guarded route. A route that is missing here, or here only, fails the first test. */
const table: Readonly<Record<string, Expectation>> = {
  "post /v1/chat": { action: "send", yes: 200, body: ({ conversationId }) => ({ conversationId, message }) },
  "get /v1/chat/{conversationId}/stream": { action: "read", yes: 204 },
  "post /v1/chat/{conversationId}/stop": { action: "cancel", yes: 204 },
  "get /v1/conversations": { action: "account", yes: 200 },
  "post /v1/conversations": { action: "create", yes: 201, body: () => ({}) },
  "get /v1/conversations/{conversationId}": { action: "read", yes: 200 },
  "patch /v1/conversations/{conversationId}": { action: "change", yes: 200, body: () => ({ title: "Other" }) },
  "delete /v1/conversations/{conversationId}": { action: "remove", yes: 204 },
  "post /v1/conversations/{conversationId}/restore": { action: "restore", yes: 200, state: "deleted" },
  "post /v1/conversations/{conversationId}/title": { action: "change", yes: 202 },
  "post /v1/conversations/{conversationId}/fork": { action: "read", yes: 201, body: () => ({}) },
  "get /v1/conversations/{conversationId}/messages": { action: "read", yes: 200 },
  "post /v1/conversations/{conversationId}/messages": { action: "send", yes: 201, body: () => ({ message }) },
  "get /v1/conversations/{conversationId}/messages/{messageId}": { action: "read", yes: 200 },
  "delete /v1/conversations/{conversationId}/messages/{messageId}": { action: "remove", yes: 204 },
  "post /v1/conversations/{conversationId}/messages/{messageId}/edits": {
    action: "send",
    yes: 200,
    body: () => ({ message }),
  },
  "get /v1/conversations/{conversationId}/messages/{messageId}/vote": { action: "read", yes: 200, state: "answer" },
  "put /v1/conversations/{conversationId}/messages/{messageId}/vote": {
    action: "send",
    yes: 200,
    body: () => ({ value: "up" }),
    state: "answer",
  },
  "delete /v1/conversations/{conversationId}/messages/{messageId}/vote": { action: "send", yes: 204, state: "answer" },
  "get /v1/conversations/{conversationId}/waiting-sends": { action: "read", yes: 200 },
  "patch /v1/waiting-sends/{completionId}": { action: "send", yes: 204, body: () => ({ message }), state: "queued" },
  "delete /v1/waiting-sends/{completionId}": { action: "send", yes: 204, state: "queued" },
  "post /v1/waiting-sends/{completionId}/send-now": { action: "send", yes: 204, state: "queued" },
  "post /v1/conversations/{conversationId}/completions": { action: "send", yes: 202, body: () => ({ message }) },
  "get /v1/conversations/{conversationId}/completions": { action: "read", yes: 200 },
  "get /v1/conversations/{conversationId}/events": { action: "read", yes: 200 },
  "get /v1/events": { action: "account", yes: 200 },
  "get /v1/live": { action: "account", yes: 426 },
  "get /v1/ws": { action: "account", yes: 426 },
  "get /v1/completions/{completionId}": { action: "read", yes: 200, state: "queued" },
  "get /v1/completions/{completionId}/events": { action: "read", yes: 200, state: "queued" },
  "post /v1/completions/{completionId}/cancel": { action: "cancel", yes: 200, state: "queued" },
  "post /v1/completions/{completionId}/retry": { action: "send", yes: 202, state: "queued" },
  "get /v1/attachments/{attachmentId}": { action: "read", yes: 200, state: "attached" },
  "get /v1/models": { action: "account", yes: 200 },
  "get /v1/agents": { action: "account", yes: 200 },
  "get /v1/me": { action: "account", yes: 200 },
  "get /v1/usage": { action: "account", yes: 200 },
  "get /v1/api-keys": { action: "account", yes: 200 },
  "post /v1/api-keys": { action: "account", yes: 201, body: () => ({ name: "CI" }) },
  "delete /v1/api-keys/{keyId}": { action: "account", yes: 404 },
};

const open = ["get /healthz", "get /readyz", "get /metrics", "get /openapi.json", "get /docs"];
const atWorkspace = (name: string): boolean => ["account", "create"].includes(table[name]?.action ?? "");

describe("who may call which route", () => {
  let database: Database;
  let web: Web;
  const workspace = createId();
  const subjects = { owner: createId(), other: createId() };
  const model = createScriptedModel(() => []);

  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
    web = await createWeb({ database, model });
  });
  afterAll(async () => {
    await web.close();
    await database.close();
  });

  const tokenOf = (who: keyof typeof subjects, role: Role): Promise<string> =>
    tokenFor({ subject: subjects[who], workspace, role });

  const build = async (state: Expectation["state"], visibility: "private" | "workspace"): Promise<Target> => {
    const token = await tokenOf("owner", "member");
    const conversationId = createId();
    let messageId: string = createId();
    const made = await web.ask("/v1/conversations", { token, body: { id: conversationId, visibility } });
    expect(made.status).toBe(201);
    let completionId = createId();
    let attachmentId = createId();
    if (state === "queued" || state === "answer") {
      const started = await web.ask(`/v1/conversations/${conversationId}/completions`, {
        token,
        body: { message: { id: messageId, ...message } },
      });
      const accepted = (await started.json()) as { completionId: string; messageId: string };
      ({ completionId } = accepted);
      if (state === "answer") ({ messageId } = accepted);
    } else {
      const content = state === "attached" ? file : message;
      const path = `/v1/conversations/${conversationId}/messages`;
      const added = await web.ask(path, { token, body: { message: { id: messageId, ...content } } });
      const [part] = ((await added.json()) as Message).parts;
      if (part?.type === "file") attachmentId = part.url.split("/").at(-1)!;
    }
    if (state === "deleted") await web.ask(`/v1/conversations/${conversationId}`, { method: "DELETE", token });
    return { conversationId, messageId, completionId, attachmentId, keyId: createId() };
  };

  const call = async (name: string, target: Target, token?: string): Promise<Response> => {
    const [method = "", path = ""] = name.split(" ");
    const filled = path.replaceAll(/\{(\w+)\}/g, (_all, key: string) => target[key as keyof Target]);
    const body = table[name]?.body?.(target);
    const response = await web.ask(filled, {
      method: method.toUpperCase(),
      ...(token === undefined ? {} : { token }),
      ...(body === undefined ? {} : { body }),
    });
    if (response.headers.get("content-type")?.startsWith("text/event-stream")) await response.body?.cancel();
    return response;
  };

  const everything = async (): Promise<unknown> =>
    database.query(sql`
      select (select json_agg(conversation.* order by id)::text from conversation) as conversations,
        (select json_agg(message.* order by conversation_id, id)::text from message) as messages,
        (select json_agg(completion.* order by id)::text from completion) as completions,
        (select json_agg(vote.* order by message_id, user_id)::text from vote) as votes`);

  /** The problem that a call ends in, without what differs each time; whether anything was stored meanwhile. */
  const refusal = async (name: string, target: Target, token?: string): Promise<Record<string, unknown>> => {
    const before = await everything();
    const response = await call(name, target, token);
    const isUnchanged = isDeepStrictEqual(before, await everything());
    const isProblem = response.headers.get("content-type") === "application/problem+json";
    const { requestId, ...problem } = isProblem
      ? ((await response.json()) as Record<string, unknown>)
      : { requestId: null };
    return { ...problem, status: response.status, isProblem: isProblem && typeof requestId === "string", isUnchanged };
  };
  const refused = (status: number): object => ({ status, isProblem: true, isUnchanged: true });

  test("the table holds every route", () => {
    const routes = web.http.routes.map(({ method, path }) => `${method} ${path}`);
    // those of a named user have a wall of their own: users.test.ts
    const known = routes.filter((name) => !name.includes("/v1/users/{userId}/"));
    expect(known.toSorted()).toEqual([...Object.keys(table), ...open].toSorted());
    expect(web.http.routes.filter(({ isOpen }) => isOpen).map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining(open),
    );
  });

  test.each(Object.keys(table))("%s knows nobody without a token, and no suspended one", async (name) => {
    const target = await build(table[name]?.state, "private");
    expect(await refusal(name, target)).toMatchObject(refused(401));
    const [subject, theirs] = [createId(), createId()];
    const token = await tokenFor({ subject, workspace: theirs, role: "owner" });
    const { userId } = (await (await web.ask("/v1/me", { token })).json()) as { userId: string };
    await setSuspended(database, userId, true);
    const later = await tokenFor({ subject, workspace: theirs, role: "admin" });
    expect(await refusal(name, target, later)).toMatchObject(refused(403));
  });

  test.each(Object.keys(table).filter((name) => name.includes("{")))(
    "S7, S9 %s says of another's object what it says of none",
    async (name) => {
      const target = await build(table[name]?.state, "private");
      const nothing = {
        conversationId: createId(),
        messageId: createId(),
        completionId: createId(),
        attachmentId: createId(),
        keyId: createId(),
      };
      const stranger = await tokenFor({ role: "owner", workspace: createId() });
      const colleague = await tokenOf("other", "admin");
      const missing = await refusal(name, nothing, colleague);
      expect(missing).toMatchObject(refused(404));
      expect(await refusal(name, target, colleague)).toEqual(missing);
      expect(await refusal(name, target, stranger)).toEqual(missing);
      expect(await refusal(name, nothing, stranger)).toEqual(missing);
    },
  );

  test("S39 a send under the id of another's conversation is told that the id is taken; in another workspace it is not", async () => {
    const target = await build(undefined, "private");
    const colleague = await tokenOf("other", "admin");
    expect(await refusal("post /v1/chat", target, colleague)).toMatchObject({ ...refused(409), code: "id_taken" });
    const stranger = await tokenFor({ role: "owner", workspace: createId() });
    expect((await call("post /v1/chat", target, stranger)).status).toBe(200);
    const mine = await web.ask(`/v1/conversations/${target.conversationId}`, {
      token: await tokenOf("owner", "member"),
    });
    expect(await mine.json()).toMatchObject({ messageCount: 1 });
  });

  test.each(Object.keys(table).filter((name) => name.includes("{") && table[name]?.state !== "deleted"))(
    "S13 %s finds nothing in a deleted conversation",
    async (name) => {
      const target = await build(table[name]?.state, "workspace");
      const token = await tokenOf("owner", "member");
      await web.ask(`/v1/conversations/${target.conversationId}`, { method: "DELETE", token });
      expect(await refusal(name, target, token)).toMatchObject({ ...refused(404), code: "not_found" });
    },
  );

  test.each(Object.keys(table))(
    "S11 %s asks the one decision, for every role, on one's own and on what is shared",
    async (name) => {
      const { action, yes, state } = table[name]!;
      for (const role of ["owner", "admin", "member", "reader"] as const) {
        for (const who of ["owner", "other"] as const) {
          const target = await build(state, "workspace");
          const relation = atWorkspace(name)
            ? "workspace"
            : who === "other"
              ? state === "deleted"
                ? "foreign"
                : "shared"
              : state === "deleted"
                ? "deleted"
                : "owner";
          // forking makes a conversation of one's own as well, and so may a send
          const alsoCreates = name.endsWith("/fork") || name === "post /v1/chat";
          const isAllowed =
            rules[relation][action].includes(role) && (!alsoCreates || rules.workspace.create.includes(role));
          const isVisible = relation === "workspace" || rules[relation].read.includes(role);
          const token = await tokenOf(who, role);
          const expected = isAllowed ? { status: yes } : refused(isVisible ? 403 : 404);
          expect({ role, who, ...(await refusal(name, target, token)) }).toMatchObject({ role, who, ...expected });
        }
      }
    },
  );

  test("S12 lists hold one's own only, whatever is asked for", async () => {
    await build(undefined, "workspace");
    await build(undefined, "private");
    const stranger = await tokenFor({ workspace: createId(), role: "owner" });
    const colleague = await tokenOf("other", "member");
    for (const token of [stranger, colleague]) {
      for (const path of ["/v1/conversations?count=true&limit=200", "/v1/conversations?q=%25", "/v1/usage"]) {
        const { data, count } = (await (await web.ask(path, { token })).json()) as {
          data: { ownerId?: string }[];
          count?: number;
        };
        const mine = (await (await web.ask("/v1/me", { token })).json()) as { userId: string };
        expect(data.filter(({ ownerId }) => ownerId !== mine.userId)).toEqual([]);
        expect(count ?? data.length).toBe(data.length);
      }
    }
    expect((await web.ask(`/v1/conversations?workspaceId=${workspace}`, { token: stranger })).status).toBe(404);
  });
});
