import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { createWeb, requestOf, tokenFor, type Web } from "../../testing/servers/web.ts";

const padding = " ".repeat(900_000);

describe.each(testDatabases)("somebody who takes long to send something, on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let token: string;
  let userId: string;

  beforeEach(async () => {
    database = await open();
    const model = createScriptedModel(() => [say("yes")]);
    web = await createWeb({ database, model, dependencies: { limits: { bodyMs: 20 } } });
    token = await tokenFor({ subject: createId(), workspace: createId(), role: "member" });
    ({ userId } = (await (await web.ask("/v1/me", { token })).json()) as { userId: string });
  });
  afterEach(async () => {
    await web.close();
    await database.close();
  });

  /** Sends the first half, lets something happen, and sends the second. */
  const sendSlowly = (
    path: string,
    contentType: string,
    halves: readonly [string, string],
    meanwhile: () => Promise<unknown>,
  ) => {
    const { headers } = requestOf(path, { token, headers: { "content-type": contentType } });
    const pieces = halves.map((half) => new TextEncoder().encode(half));
    let next = 0;
    const body = new ReadableStream({
      async pull(controller) {
        if (next === 1) await meanwhile();
        const piece = pieces[next];
        next += 1;
        if (piece === undefined) controller.close();
        else controller.enqueue(piece);
      },
    });
    const init = { method: "POST", headers, body, duplex: "half" };
    return web.http.fetch(new Request(`http://natter.test${path}`, init));
  };
  /** Longer than anybody may without being looked at again. */
  const takeLong = (): Promise<unknown> => database.query(sql`select pg_sleep(0.05)`);
  const stored = (): Promise<unknown[]> =>
    database.query(sql`
      select id from conversation where owner_id = ${userId} union all select id from attachment where owner_id = ${userId}
      union all select id from import_run where user_id = ${userId}`);
  const blobs = async (): Promise<string[]> => {
    const keys: string[] = [];
    for await (const key of web.spine.context.blobs.list(new Date(Date.now() + 3_600_000))) keys.push(key);
    return keys;
  };

  const sent: readonly (readonly [string, string, readonly [string, string]])[] = [
    ["/v1/chat", "application/json", [padding, `{ "message": { "text": "hello" } }`]],
    ["/v1/attachments", "text/plain", [padding, "hello"]],
    ["/v1/import", "application/octet-stream", [padding, "[]"]],
  ];

  test.each(sent)("S11 has it refused by %s when they may not be here any more as it arrives", async (...given) => {
    const leave = async (): Promise<void> => {
      await database.query(sql`delete from member where user_id = ${userId}`);
      await takeLong();
    };
    const refused = await sendSlowly(...given, leave);
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: "forbidden" }]);
    expect(await stored()).toEqual([]);
    expect(await blobs()).toEqual([]);
  });

  test.each(sent)("has it taken by %s when they may", async (...given) => {
    const taken = await sendSlowly(...given, takeLong);
    expect(taken.ok).toBe(true);
    await taken.body?.cancel();
    expect(await stored()).toHaveLength(1);
  });
});
