import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient, type Client, type ImportStatus } from "../../client/natter-client.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { insertImport } from "../../store/transfer/import-rows.ts";
import { conversationLine, endLine, headerLine, linesText } from "../../testing/databases/brought-lines.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createTransferDesk, type TransferDesk } from "../../testing/databases/transfer-desk.ts";
import { requestOf, tokenFor } from "../../testing/servers/web.ts";

describe.each(testDatabases)("the list of imports on $name", { timeout: 60_000 }, ({ open }) => {
  let database: Database;
  let desk: TransferDesk;

  beforeAll(async () => {
    database = await open();
    desk = await createTransferDesk(database);
  });
  afterAll(async () => {
    await desk.close();
    await database.close();
  });

  const clientOf = (token: string): Client =>
    createClient({
      baseUrl: "http://natter.test",
      token: () => token,
      fetch: (input, init) => desk.web.http.fetch(new Request(input, init)),
    });

  test("N10 holds one's own in this workspace alone, newest first and page by page, as each is told by itself", async () => {
    const workspace = createId();
    const subject = createId();
    const [token, elsewhere, other] = [
      await tokenFor({ subject, workspace }),
      await tokenFor({ subject, workspace: createId() }),
      await tokenFor({ workspace }),
    ];
    const { transfer } = clientOf(token);
    expect(await transfer.imports()).toEqual({ data: [], nextCursor: null });
    const id = createId();
    const file = linesText([
      headerLine,
      conversationLine(id),
      { type: "nonsense" },
      conversationLine(createId()),
      endLine(2),
    ]);
    const brought = [await desk.bring(token, file), await desk.bring(token, file), await desk.bring(token, "no JSON")];
    for (const as of [elsewhere, other]) await desk.bring(as, "no JSON");
    const { userId } = await desk.json<{ userId: string }>("/v1/me", { token });
    const waiting = createId();
    await insertImport(database, { workspaceId: workspace, id: waiting }, userId);
    const { data } = await transfer.imports();
    expect(data.map((one) => [one.id, one.status, one.imported, one.skipped, one.failed])).toEqual([
      [waiting, "queued", 0, 0, 0],
      [brought[2]!.id, "failed", 0, 0, 0],
      [brought[1]!.id, "completed", 0, 1, 1],
      [brought[0]!.id, "completed", 1, 0, 1],
    ]);
    for (const one of data) {
      const { items: _items, nextCursor: _next, ...alone } = await transfer.report(one.id);
      expect(one).toEqual(alone);
    }
    const paged: ImportStatus[] = [];
    for (let cursor: string | undefined | null; cursor !== null;) {
      const page = await transfer.imports({ limit: 1, cursor });
      expect(page.data).toHaveLength(1);
      paged.push(...page.data);
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(data);
  });

  test("S12 takes no cursor of another list, and no other question", async () => {
    const token = await tokenFor();
    for (const query of ["cursor=x", "cursor=eyJhdCI6IngifQ", "limit=0", "userId=*"])
      expect([query, (await desk.web.http.fetch(requestOf(`/v1/imports?${query}`, { token }))).status]).toEqual([
        query,
        400,
      ]);
  });
});
