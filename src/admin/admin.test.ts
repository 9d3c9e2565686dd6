import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Worker } from "../engine/worker.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import { callTool, createScriptedModel, say } from "../testing/providers/scripted-model.ts";
import { until } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { createWeb, readStream, tokenFor, type Ask, type Web } from "../testing/servers/web.ts";
import { tool } from "../tools/tool.ts";

const secret = "the secret of the week";
const usage = { inputTokens: 40, outputTokens: 7 };

type Line = Readonly<Record<string, unknown>>;
type Listed = Line & { readonly id: string };
interface List {
  readonly data: readonly Listed[];
  readonly nextCursor: string | null;
}

describe.each(testDatabases)("N11 administration over HTTP on $name", ({ open }) => {
  const workspace = createId();
  let database: Database;
  let web: Web;
  let worker: Worker;
  let admin: string;
  let owner: string;
  let member: string;
  let memberId: string;
  let isHanging = false;

  const read = async <Body = List>(path: string, token = admin): Promise<Body> =>
    (await (await web.ask(path, { token })).json()) as Body;
  const all = async (path: string): Promise<Listed[]> => {
    const lines: Listed[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: List = await read(`${path}${path.includes("?") ? "&" : "?"}limit=2${cursor && `&cursor=${cursor}`}`);
      lines.push(...page.data);
      cursor = page.nextCursor;
    }
    return lines;
  };
  const ask = async (token: string, body: object = {}): Promise<void> => {
    const answer = await web.ask("/v1/chat", { token, body: { message: { text: secret }, ...body } });
    await readStream(answer);
  };
  const start = async (token: string): Promise<string> => {
    const conversation = (await (await web.ask("/v1/conversations", { token, body: {} })).json()) as { id: string };
    const path = `/v1/conversations/${conversation.id}/completions`;
    const started = await web.ask(path, { token, body: { message: { text: secret } } });
    return ((await started.json()) as { completionId: string }).completionId;
  };
  const post = (path: string, token = admin, options: Ask = {}): Promise<Response> =>
    web.ask(path, { method: "POST", token, ...options });

  beforeAll(async () => {
    database = await open();
    const model = createScriptedModel(({ messages }) =>
      isHanging
        ? [say("so"), { hang: true }]
        : messages.at(-1)?.role === "tool"
          ? [say("done"), { end: { finishReason: "stop", usage } }]
          : [callTool(createId(), "look", { at: secret }), { end: { finishReason: "tool-calls", usage } }],
    );
    const look = tool({
      description: "Looks",
      inputSchema: z.object({ at: z.string() }),
      execute: () => ({ seen: secret }),
    });
    web = await createWeb({ database, model, agents: { default: { tools: { look } } } });
    worker = web.spine.worker();
    await worker.start();
    owner = await tokenFor({ subject: "owner", workspace, role: "owner" });
    admin = await tokenFor({ subject: "admin", workspace, role: "admin" });
    member = await tokenFor({ subject: "member", workspace, role: "member" });
    await read("/v1/me");
    ({ userId: memberId } = await read<{ userId: string }>("/v1/me", member));
    for (const token of [member, member, admin]) await ask(token);
    await ask(await tokenFor({ subject: "elsewhere", workspace: createId(), role: "owner" }));
  }, 60_000);
  afterAll(async () => {
    isHanging = false;
    await worker.drain(5);
    await web.close();
    await database.close();
  });

  test("every list is the database's, page by page, and of this workspace alone", async () => {
    const ids = async (table: string): Promise<unknown[]> => {
      const statement = `select id from ${table} where workspace_id = $1 order by created_at desc, id desc`;
      const rows = await database.query<{ id: string }>({ text: statement, values: [workspace] });
      return rows.map(({ id }) => id);
    };
    for (const [path, table] of [
      ["conversations", "conversation"],
      ["completions", "completion"],
      ["tool-runs", "tool_execution"],
    ] as const) {
      const expected = await ids(table);
      expect(expected).toHaveLength(3);
      expect((await all(`/v1/admin/${path}`)).map(({ id }) => id)).toEqual(expected);
    }
    const members = await database.query<{ id: string }>(
      sql`select user_id as id from member where workspace_id = ${workspace} order by created_at desc, user_id desc`,
    );
    expect((await all("/v1/admin/users")).map(({ id }) => id)).toEqual(members.map(({ id }) => id));
  });

  test("what a completion, a user and the workspace cost is the ledger's sum", async () => {
    const sums = sql`coalesce(sum(input_tokens), 0)::int8 as "inputTokens", coalesce(sum(output_tokens), 0)::int8 as "outputTokens",
      coalesce(sum(cost_micros), 0)::int8 as "costMicros", count(*) as calls from usage`;
    for (const completion of await all("/v1/admin/completions")) {
      const [sum] = await database.query(sql`select ${sums} where completion_id = ${completion.id}`);
      expect(completion).toMatchObject(sum as object);
      expect(completion["calls"]).toBeGreaterThan(1);
    }
    for (const user of await all("/v1/admin/users")) {
      const [sum] = await database.query<Line>(sql`
        select ${sums} where workspace_id = ${workspace} and user_id = ${user.id}`);
      expect(user).toMatchObject({ calls: sum!["calls"], costMicros: sum!["costMicros"] });
    }
    const [total] = await database.query<Line>(sql`select ${sums} where workspace_id = ${workspace}`);
    for (const [group, key] of Object.entries({ day: "created_at::date::text", model: "model", user: "user_id" })) {
      const { data, totals } = await read<{ data: Line[]; totals: Line }>(`/v1/admin/usage?group=${group}`);
      expect(totals).toMatchObject(total!);
      const rows = await database.query<Line>({
        text: `select ${key} as key, sum(cost_micros)::int8 as "costMicros", count(*) as calls from usage where workspace_id = $1 group by 1`,
        values: [workspace],
      });
      const byKey = (lines: readonly Line[]) =>
        new Map(lines.map((line) => [line["key"], [line["costMicros"], line["calls"]]]));
      expect(byKey(data)).toEqual(byKey(rows));
    }
  });

  test("CSV has a line for each group, with the same figures", async () => {
    const answer = await web.ask("/v1/admin/usage?group=user&format=csv", { token: admin });
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const [header, ...lines] = (await answer.text()).trimEnd().split("\r\n");
    expect(header).toBe("user,name,calls,input_tokens,output_tokens,cost_micros,unpriced_calls");
    const { data } = await read("/v1/admin/usage?group=user");
    expect(lines).toHaveLength(2);
    expect(lines).toEqual(
      data.map((sum) =>
        ["key", "name", "calls", "inputTokens", "outputTokens", "costMicros", "unpricedCalls"]
          .map((name) => JSON.stringify(sum[name] ?? "").replaceAll('"', ""))
          .join(","),
      ),
    );
  });

  test("lists are narrowed by what the query says", async () => {
    const ofMember = await all(`/v1/admin/completions?userId=${memberId}&status=completed`);
    expect(ofMember).toHaveLength(2);
    expect(await all("/v1/admin/completions?status=failed")).toEqual([]);
    expect(await all(`/v1/admin/completions?to=2020-01-01T00:00:00Z`)).toEqual([]);
    expect(await all("/v1/admin/tool-runs?tool=look&kind=inline&status=completed")).toHaveLength(3);
    expect(await all("/v1/admin/tool-runs?status=failed")).toEqual([]);
    expect(await all("/v1/admin/conversations?visibility=workspace")).toEqual([]);
    expect(await all("/v1/admin/users?role=member")).toMatchObject([{ id: memberId }]);
    expect(await all("/v1/admin/users?text=%25")).toEqual([]);
    expect((await web.ask("/v1/admin/users?role=king", { token: admin })).status).toBe(400);
  });

  test("the timeline tells steps, calls, tools and cost of a private conversation, and nothing that was said in it", async () => {
    const [completion] = await all(`/v1/admin/completions?userId=${memberId}`);
    const id = completion!.id;
    const timeline = await read<Line>(`/v1/admin/completions/${id}`);
    expect(timeline).toMatchObject({
      ...completion,
      isReadable: false,
      steps: [{ step: 1 }, { step: 2 }],
      toolRuns: [{ tool: "look", kind: "inline", status: "completed", outcome: "completed", starts: 1 }],
    });
    const calls = await database.query(sql`
      select step, fence as claim, call, model, input_tokens as "inputTokens", output_tokens as "outputTokens", cost_micros as "costMicros"
      from usage where completion_id = ${id} order by created_at, step, fence, call`);
    expect(timeline["modelCalls"]).toMatchObject(calls);
    await database.query(sql`update conversation set title = ${secret} where workspace_id = ${workspace}`);
    const everything = await Promise.all(
      ["conversations", "completions", "tool-runs", "users", "audit", `completions/${id}`].map((path) =>
        read<unknown>(`/v1/admin/${path}${path === "conversations" ? `?ownerId=${memberId}` : ""}`),
      ),
    );
    expect(JSON.stringify(everything)).not.toContain(secret);
    const [own] = (await all("/v1/admin/conversations")).filter(({ isReadable }) => isReadable);
    expect(own).toMatchObject({ title: secret });
  });

  test("an admin cancels anybody's completion, the queue is empty after it, and the audit log says so once", async () => {
    isHanging = true;
    const completionId = await start(member);
    await until(async () => (await read<{ running: number }>("/v1/admin/queue")).running === 1);
    const path = `/v1/admin/completions/${completionId}`;
    expect((await post(`${path}/cancel`, member)).status).toBe(403);
    expect((await post(`${path}/cancel`)).status).toBe(200);
    await until(async () => (await read<Line>(path))["status"] === "cancelled");
    isHanging = false;
    expect(await (await post(`${path}/cancel`)).json()).toMatchObject({ id: completionId, status: "cancelled" });
    expect(await read("/v1/admin/queue")).toMatchObject({ queued: 0, running: 0, waiting: 0, oldestSeconds: 0 });
    const { data } = await read("/v1/admin/audit?action=completion.cancel");
    expect(data).toMatchObject([{ subjectId: memberId, target: completionId }]);
  });

  test("an admin has a question answered again in the name of whoever asked it, never of somebody above", async () => {
    const [completion] = await all(`/v1/admin/completions?userId=${memberId}&status=completed`);
    const path = `/v1/admin/completions/${completion!.id}/retry`;
    const headers = { "idempotency-key": createId() };
    const again = await post(path, admin, { headers });
    expect(again.status).toBe(202);
    const { completionId } = (await again.json()) as { completionId: string };
    expect(await (await post(path, admin, { headers })).json()).toMatchObject({ completionId });
    const ended = await until(async () => {
      const timeline = await read<Line>(`/v1/admin/completions/${completionId}`);
      return timeline["status"] === "completed" && timeline;
    });
    expect(ended).toMatchObject({ userId: memberId, conversationId: completion!["conversationId"] });
    const payers = await database.query(sql`select distinct user_id from usage where completion_id = ${completionId}`);
    expect(payers).toEqual([{ user_id: memberId }]);
    const { data } = await read("/v1/admin/audit?action=completion.retry");
    expect(data).toMatchObject([{ subjectId: memberId, target: completion!.id }]);
    const ofOwner = await start(owner);
    expect((await post(`/v1/admin/completions/${ofOwner}/retry`)).status).toBe(403);
    expect((await post(`/v1/admin/completions/${ofOwner}/retry`, owner)).status).toBe(202);
  });
});
