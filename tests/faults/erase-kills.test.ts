import { readdir } from "node:fs/promises";
import { join } from "node:path";
import sql from "sql-template-tag";
import { describe, expect, inject, test } from "vitest";
import { createId } from "../../src/foundation/ids.ts";
import { until } from "../../src/testing/spine.ts";
import { tokenFor } from "../../src/testing/servers/web.ts";
import { createFaultDatabase } from "./fault-database.ts";
import { NatterNode } from "./natter-node.ts";
import { askUntilAnswered } from "./request.ts";

const postgresUrl = inject("postgresUrl");
const conversations = 300;
const files = 50;

describe.each([
  ["PGlite", null] as const,
  ...(postgresUrl === undefined ? [] : [["PostgreSQL", postgresUrl] as const]),
])("an erasure whose server is killed, on %s", (_name, url) => {
  test("N10 goes on where it was, until nothing is left", { timeout: 240_000 }, async () => {
    const database = await createFaultDatabase(url);
    const node = await NatterNode.create({
      ...database.environment,
      NATTER_JWT_WORKSPACE_CLAIM: "workspace",
      NATTER_JWT_ROLE_CLAIM: "role",
      NATTER_LEASE_SECONDS: "2",
    });
    const workspace = createId();
    const boss = await tokenFor({ subject: "boss", workspace, role: "owner" });
    const ada = await tokenFor({ subject: "ada", workspace, role: "member" });
    const ask = async <Body>(token: string, path: string, more: object = {}): Promise<Body> =>
      (await askUntilAnswered<Body>(() => `${node.url}${path}`, { token, ...more })).body;
    try {
      await node.start();
      await ask(boss, "/v1/me");
      const { userId } = await ask<{ userId: string }>(ada, "/v1/me");
      const parts = [{ type: "file", filename: "a.txt", url: `data:text/plain;base64,${btoa("words of Ada")}` }];
      for (let made = 0; made < files; made += 1) {
        const { id } = await ask<{ id: string }>(ada, "/v1/conversations", { body: {} });
        await ask(ada, `/v1/conversations/${id}/messages`, { body: { message: { parts } } });
      }
      await node.end("SIGTERM");
      await database.look(async (rows) => {
        await rows.query(sql`
          insert into conversation (workspace_id, id, owner_id, agent, title)
          select ${workspace}, 'conversation-of-ada-' || n, ${userId}, 'default', 'of Ada' from generate_series(1, ${conversations}) n`);
        await rows.query(sql`
          insert into message (workspace_id, conversation_id, id, author_id, sequence, role, parts)
          select ${workspace}, 'conversation-of-ada-' || n, 'message-of-ada-' || k, ${userId}, k, 'user', '[{"type":"text","text":"words of Ada"}]'::jsonb
          from generate_series(1, ${conversations}) n, generate_series(1, 10) k`);
      });
      await node.start();
      const response = await fetch(`${node.url}/v1/admin/users/${userId}`, {
        method: "DELETE",
        headers: { authorization: `Bearer ${boss}` },
      });
      expect(response.status).toBe(202);
      const isDone = async (): Promise<boolean> =>
        (await ask<{ data: unknown[] }>(boss, "/v1/audit?action=user.erased")).data.length > 0;
      for (let kills = 1; kills <= 3; kills += 1) {
        await node.end("SIGKILL");
        await node.start();
      }
      await node.end("SIGKILL");
      // it waits a minute for what may have been under way, as it would here for nothing
      await database.look((rows) =>
        rows.query(
          sql`update job set created_at = created_at - interval '1 minute', due_at = created_at where kind = 'erase'`,
        ),
      );
      await node.start();
      await until(isDone, 120);
      await node.end("SIGTERM");
      await database.look(async (rows) => {
        const left = await rows.query(sql`
          select (select count(*) from conversation)::int as conversations, (select count(*) from message)::int as messages,
            (select count(*) from attachment)::int as files, (select count(*) from job where kind = 'erase')::int as jobs,
            (select count(*) from "user" where subject = 'ada')::int as people`);
        expect(left).toEqual([{ conversations: 0, messages: 0, files: 0, jobs: 0, people: 0 }]);
      });
      const folder = join(database.environment["NATTER_DATA_DIR"] ?? "", "blobs");
      const kept = await readdir(folder, { recursive: true, withFileTypes: true });
      expect(kept.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual([]);
    } finally {
      await node.end("SIGKILL");
      await database.remove();
    }
  });
});
