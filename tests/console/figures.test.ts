import fc from "fast-check";
import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { composeServerReport } from "../../src/compose/compose-server-report.ts";
import type { HttpParts } from "../../src/compose/compose-http.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { createId } from "../../src/foundation/ids.ts";
import type { Database } from "../../src/ports/database.ts";
import { createProviderWatch } from "../../src/providers/guards/provider-watch.ts";
import { silentProviderObserver } from "../../src/providers/guards/observe-calls.ts";
import { createProviders } from "../../src/providers/registry.ts";
import { createTestBlobStore } from "../../src/testing/databases/blob-store.ts";
import { until } from "../../src/testing/spine.ts";
import { testDatabases } from "../../src/testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../src/testing/servers/web.ts";
import { activity, everything, insertActivity, type Activity } from "./activity.ts";
import { createDeedModel, deeds, deedTools, doDeeds } from "./deeds.ts";
import { expectedFigures, figuresElsewhere, isOfTime } from "./expected-figures.ts";
import { figuresIn, numericFields, type Description } from "./numeric-fields.ts";

type Line = Readonly<Record<string, unknown>>;

const from = new Date(Date.now() - 9 * 86_400_000 - 12_345_678).toISOString();
const to = new Date(Date.now() - 2 * 86_400_000 - 3_456_789).toISOString();

/** The requests that the console makes for figures of a whole workspace. */
const sums: readonly string[] = [
  "queue",
  "server",
  "overview",
  `overview?from=${from}&to=${to}`,
  ...["day", "model", "user", "agent"].flatMap((group) => [
    `usage?group=${group}`,
    `usage?group=${group}&from=${from}&to=${to}`,
  ]),
  "usage?group=day&zone=Asia/Kathmandu",
  `usage?group=day&zone=America/New_York&from=${from}`,
];

const lists = ["users", "conversations", "completions", "tool-runs", "audit"] as const;

describe.each(testDatabases)("N11 every figure of the console is the database's, on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let workspaceId = "";
  let token = "";

  /** The composition root's own report, over what these tests have. */
  const reportOf = async (spine: () => Web["spine"]) => {
    const config = loadConfig({});
    const watch = createProviderWatch(silentProviderObserver);
    const providers = createProviders({ ...config.models, observer: watch });
    const blobs = await createTestBlobStore();
    return composeServerReport(config, {
      watch,
      providers,
      agents: { defaultId: "default", get: () => undefined, list: () => [] },
      stores: {
        database,
        blobs,
        assertAccepting: async () => {},
        log: { read: (id: string) => spine().log.read(id, 0, 1) },
      },
    } as unknown as HttpParts);
  };

  beforeAll(async () => {
    database = await open();
    const server = await reportOf(() => web.spine);
    const agents = { default: { tools: deedTools } };
    web = await createWeb({ database, model: createDeedModel(), agents, dependencies: { server } });
  });
  afterAll(async () => {
    await web.close();
    await database.close();
  });

  const read = async (path: string): Promise<Line> => {
    const answer = await web.ask(`/v1/admin/${path}`, { token });
    expect([path, answer.status]).toEqual([path, 200]);
    return (await answer.json()) as Line;
  };

  const enter = async (): Promise<void> => {
    workspaceId = createId();
    token = await tokenFor({ subject: createId(), workspace: workspaceId, role: "owner" });
    expect((await web.ask("/v1/me", { token })).status).toBe(200);
  };

  const again = async (statement: { readonly text: string; readonly values: unknown[] }): Promise<number> => {
    const [row] = await database.query<{ n: number }>(statement);
    return row!.n;
  };

  const seen = new Set<string>();

  const compare = async (path: string, answer: Line): Promise<void> => {
    const { pathname, searchParams } = new URL(path, "http://natter.test/v1/admin/");
    const id = /^\/v1\/admin\/completions\/([^/]+)$/.exec(pathname)?.[1] ?? "";
    const route = id === "" ? pathname : "/v1/admin/completions/{completionId}";
    const query = Object.fromEntries(searchParams);
    for (const figure of figuresIn(answer)) {
      const field = `${route} ${figure.field}`;
      const expected = expectedFigures.get(field);
      if (expected === undefined) continue;
      const value = await again(expected({ workspaceId, figure, query, id }));
      if (isOfTime(figure.field)) expect(Math.abs(value - figure.value)).toBeLessThan(30);
      else expect([path, field, figure.value]).toEqual([path, field, value]);
      seen.add(field);
    }
  };

  const all = async (list: string): Promise<Line[]> => {
    const lines: Line[] = [];
    let next: string | null = "";
    while (next !== null) {
      const page = await read(`${list}?limit=3${next && `&cursor=${next}`}`);
      lines.push(...(page["data"] as Line[]));
      next = page["nextCursor"] as string | null;
    }
    return lines;
  };

  const rowsOf = {
    users: sql`member`,
    conversations: sql`conversation`,
    completions: sql`completion`,
    "tool-runs": sql`tool_execution`,
    audit: sql`audit`,
  };

  const compareList = async (list: (typeof lists)[number]): Promise<void> => {
    const lines = await all(list);
    const hidden = list === "conversations" ? sql`and temporary = false` : sql``;
    const rows = await again(
      sql`select count(*) as n from ${rowsOf[list]} where workspace_id = ${workspaceId} ${hidden}`,
    );
    expect([list, lines.length]).toEqual([list, rows]);
    await compare(list, { data: lines });
    await compareCsv(list, lines);
  };

  /** The file has a line for each, with the same numbers in the columns of that name. */
  const compareCsv = async (list: string, lines: readonly Line[]): Promise<void> => {
    const answer = await web.ask(`/v1/admin/${list}${list.includes("?") ? "&" : "?"}format=csv`, { token });
    const [header = [], ...rows] = readCsv(await answer.text());
    expect([list, rows.length]).toEqual([list, lines.length]);
    for (const [index, line] of lines.entries()) {
      const cells = Object.fromEntries(header.map((name, place) => [name, rows[index]?.[place]]));
      for (const [name, value] of Object.entries(line)) {
        const column = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
        if (typeof value === "number") expect([list, column, cells[column]]).toEqual([list, column, String(value)]);
      }
    }
  };

  test("there is no number in a description of its answers that is not compared", async () => {
    const description = (await (await web.ask("/openapi.json")).json()) as Description;
    expect(numericFields(description, "/v1/admin/")).toEqual(
      [...expectedFigures.keys(), ...figuresElsewhere].toSorted(),
    );
  });

  const compareEverything = async (): Promise<void> => {
    for (const path of sums) {
      const answer = await read(path);
      await compare(path, answer);
      if (path.startsWith("usage")) await compareCsv(path, answer["data"] as Line[]);
    }
    for (const list of lists) await compareList(list);
    for (const { id } of await all("completions")) {
      const path = `completions/${String(id)}`;
      await compare(path, await read(path));
    }
  };

  test("whatever stands in the tables, each of them is what they say", async () => {
    const property = fc.asyncProperty(activity, activity, async (done, elsewhere) => {
      await insertActivity(database, await strangeWorkspace(), elsewhere);
      await enter();
      await insertActivity(database, workspaceId, done);
      await compareEverything();
    });
    const examples: [Activity, Activity][] = [[everything, everything]];
    await fc.assert(property, { numRuns: 7, examples, endOnFailure: true });
    expect([...expectedFigures.keys()].filter((field) => !seen.has(field))).toEqual([]);
  }, 180_000);

  test("whatever people do, each of them is what that left in the tables", async () => {
    const worker = web.spine.worker();
    await worker.start();
    const property = fc.asyncProperty(deeds, async (done) => {
      await enter();
      await doDeeds(web, workspaceId, done);
      await settled();
      await compareEverything();
    });
    await expect(fc.assert(property, { numRuns: 2, endOnFailure: true })).resolves.toBeUndefined();
    await worker.drain(0);
  }, 120_000);

  /** What hangs goes on, what asks waits: nothing else happens any more. */
  const settled = async (): Promise<void> => {
    const moving = sql`select count(*) as n from completion where workspace_id = ${workspaceId}
      and (status = 'queued' or status = 'running' and (snapshot is null or cancel_requested_at is not null))`;
    await until(async () => (await again(moving)) === 0, 20);
  };

  const strangeWorkspace = async (): Promise<string> => {
    const id = createId();
    await database.query(sql`insert into workspace (id, name) values (${id}, 'Elsewhere')`);
    return id;
  };
});

/** Reads CSV as RFC 4180 says it. */
const readCsv = (text: string): string[][] => {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? (bare ?? "") : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
};
