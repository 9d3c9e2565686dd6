import sql from "sql-template-tag";
import { expect } from "vitest";
import { composeErasing } from "../../compose/compose-erasing.ts";
import { createId } from "../../foundation/ids.ts";
import { silentLogger } from "../../foundation/logger.ts";
import type { JobLoop } from "../../jobs/job-loop.ts";
import type { Database, Statement } from "../../ports/database.ts";
import type { Conversation } from "../../protocol/resources.ts";
import { createScriptedModel, say } from "../providers/scripted-model.ts";
import { createWeb, tokenFor, type Ask, type Web } from "../servers/web.ts";
import { until } from "../spine.ts";
import { wordlessColumns } from "./wordless-columns.ts";

/** The strange word in everything that Ada says and is called. */
export const marker = "quokkafinch7431";

export const textOf = (value: unknown): string => JSON.stringify(value);

type Who = "boss" | "ada" | "bob";

/** A workspace of an owner, of Ada, an admin who is going to be erased, and of Bob, a member. */
export interface ErasingDesk {
  readonly web: Web;
  /** Erases; it stands until it is started. */
  readonly loop: JobLoop;
  readonly workspace: string;
  readonly tokens: Record<Who, string>;
  readonly ids: Readonly<Record<Who, string>>;
  json<Body>(who: Who, path: string, ask?: Ask): Promise<Body>;
  /** Starts a conversation that the workspace sees. */
  start(who: Who, more?: object): Promise<string>;
  exec<Row>(statement: Statement): Promise<Row[]>;
  /** Every column of every table in which the marker stands. */
  traces(): Promise<string[]>;
  /** Every column that may hold a person's words: of texts, all but ids, choices from a list, and `wordlessColumns`. */
  wordColumns(): Promise<string[]>;
  /** Erases Ada, unless told otherwise. */
  erase(who: Who, userId?: string, query?: string): Promise<Response>;
  /** Waits until so many users are erased. */
  done(count?: number): Promise<unknown>;
  close(): Promise<void>;
}

const readWordColumns = async (database: Database): Promise<string[]> => {
  const rows = await database.query<{ name: string }>(sql`
    select c.table_name || '.' || c.column_name as name
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name <> 'migration'
      and c.data_type not in ('integer', 'bigint', 'boolean', 'double precision', 'timestamp with time zone')
      and c.column_name !~ '(^|_)(id|by)$' and not exists (
        select 1 from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
        where k.conrelid = quote_ident(c.table_name)::regclass and k.contype = 'c' and a.attname = c.column_name
          and pg_get_constraintdef(k.oid) like '%ANY (ARRAY[%')
    order by 1`);
  return rows.map(({ name }) => name).filter((name) => !wordlessColumns.has(name));
};

/** With `settleSeconds` as erasing waits for what is under way; absent: hardly. */
export const createErasingDesk = async (
  database: Database,
  { settleSeconds = 0.1 }: { readonly settleSeconds?: number } = {},
): Promise<ErasingDesk> => {
  const model = createScriptedModel((call) => {
    const asked = textOf(call.messages.findLast(({ role }) => role === "user")?.content);
    return asked.includes("and hang") ? [say("so "), { hang: true }] : [say(`You said ${asked}`)];
  });
  const web = await createWeb({ database, model });
  const engine = web.spine.worker();
  await engine.start();
  const loop = composeErasing({
    context: { ...web.spine.context, settleSeconds },
    logger: silentLogger,
    workerId: createId(),
    leaseSeconds: 10,
    pollSeconds: 0.05,
  });
  const workspace = createId();
  const tokens = {
    boss: await tokenFor({ subject: `boss-${workspace}`, workspace, role: "owner" }),
    ada: await tokenFor({ subject: marker, workspace, role: "admin" }),
    bob: await tokenFor({ subject: `bob-${workspace}`, workspace, role: "member" }),
  };
  const json: ErasingDesk["json"] = async <Body>(who: Who, path: string, ask: Ask = {}) => {
    const response = await web.ask(path, { token: tokens[who], ...ask });
    const text = await response.text();
    expect([path, response.ok, text]).toEqual([path, true, text]);
    return (text === "" ? null : JSON.parse(text)) as Body;
  };
  const exec: ErasingDesk["exec"] = <Row>(statement: Statement) => database.query<Row>(statement);
  const idOf = async (who: Who): Promise<string> => (await json<{ userId: string }>(who, "/v1/me")).userId;
  const ids = { boss: await idOf("boss"), ada: await idOf("ada"), bob: await idOf("bob") };
  const traces = async (): Promise<string[]> => {
    const columns = await database.query<{ table_name: string; column_name: string }>(sql`
      select c.table_name, c.column_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name <> 'migration'
        and c.data_type not in ('integer', 'bigint', 'boolean', 'double precision', 'timestamp with time zone')
      order by c.table_name, c.column_name`);
    expect(columns.length).toBeGreaterThan(150);
    const found: string[] = [];
    for (const { table_name: table, column_name: column } of columns) {
      const rows = await database.query(
        sql`select 1 from ${sql([`"${table}"`])} where ${sql([`"${column}"`])}::text ilike ${`%${marker}%`} limit 1`,
      );
      if (rows.length > 0) found.push(`${table}.${column}`);
    }
    for await (const key of web.spine.context.blobs.list(new Date(Date.now() + 3_600_000))) {
      const blob = await web.spine.context.blobs.get(key);
      const pieces: Uint8Array[] = [];
      for await (const piece of blob?.content ?? []) pieces.push(piece);
      if (Buffer.concat(pieces).toString().includes(marker)) found.push("a file");
    }
    return found;
  };
  return {
    web,
    loop,
    workspace,
    tokens,
    ids,
    json,
    async start(who, more = {}) {
      const { id } = await json<Conversation>(who, "/v1/conversations", { body: { visibility: "workspace", ...more } });
      return id;
    },
    exec,
    traces,
    wordColumns: () => readWordColumns(database),
    erase: (who, userId = ids.ada, query = "") =>
      web.ask(`/v1/admin/users/${userId}${query}`, { token: tokens[who], method: "DELETE" }),
    done: (count = 1) =>
      until(async () => (await exec(sql`select 1 from audit where action = 'user.erased'`)).length === count, 60),
    async close() {
      await loop.drain(1);
      await engine.drain(1);
      await web.close();
    },
  };
};
