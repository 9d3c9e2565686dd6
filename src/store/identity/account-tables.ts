import { hash } from "node:crypto";
import sql, { empty, join, raw, type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

/** One condition as better-auth states it. */
export interface AccountCondition {
  readonly field: string;
  readonly value: unknown;
  readonly operator?: string | undefined;
  readonly connector?: "AND" | "OR" | undefined;
}

interface Selection {
  readonly model: string;
  readonly where: readonly AccountCondition[];
}

interface ManySelection {
  readonly model: string;
  readonly where?: readonly AccountCondition[] | undefined;
  readonly limit?: number;
  readonly offset?: number | undefined;
  readonly sortBy?: { readonly field: string; readonly direction: "asc" | "desc" } | undefined;
}

type Row = Record<string, unknown>;

/** Called inside the transaction of an insert, after it. */
export type AccountRowMade = (model: string, row: Readonly<Row>) => Promise<void>;

const tables = ["account_user", "account_session", "account_credential", "account_verification"];

const nameOf = (name: string): Sql => {
  if (!/^[a-z_]+$/.test(name)) throw new Error(`${name} is no column of an account`);
  return raw(`"${name}"`);
};

const tableOf = (model: string): Sql => {
  if (!tables.includes(model)) throw new Error(`${model} is no table of accounts`);
  return nameOf(model);
};

const isToken = (model: string, field: string): boolean => model === "account_session" && field === "token";

/** A token is stored as its hash: who reads the table can sign in as nobody. */
const stored = (model: string, field: string, value: unknown): unknown =>
  isToken(model, field) && typeof value === "string" ? hash("sha256", value, "hex") : value;

const comparisons: Readonly<Record<string, string>> = { eq: "=", ne: "<>", lt: "<", lte: "<=", gt: ">", gte: ">=" };

const conditionOf = (model: string, { field, value, operator = "eq" }: AccountCondition): Sql => {
  const column = nameOf(field);
  if (operator === "in" || operator === "not_in") {
    const values = (value as unknown[]).map((one) => stored(model, field, one));
    return sql`${column} ${operator === "in" ? sql`= any` : sql`<> all`}(${values})`;
  }
  if (value === null) return operator === "ne" ? sql`${column} is not null` : sql`${column} is null`;
  const comparison = comparisons[operator];
  if (comparison === undefined) throw new Error(`accounts are not looked up by ${operator}`);
  return sql`${column} ${raw(comparison)} ${stored(model, field, value)}`;
};

const whereOf = (model: string, conditions: readonly AccountCondition[] = []): Sql => {
  const parts = (connector: "AND" | "OR"): Sql[] =>
    conditions.filter((one) => (one.connector ?? "AND") === connector).map((one) => conditionOf(model, one));
  const [all, any] = [parts("AND"), parts("OR")];
  const either = any.length === 0 ? [] : [sql`(${join(any, " or ")})`];
  return all.length + either.length === 0 ? empty : sql`where ${join([...all, ...either], " and ")}`;
};

/** Whoever looks a session up by its token gets that token back, not its hash. */
const shown = (row: Row | undefined, { where }: Pick<ManySelection, "where">): Row | null => {
  if (row === undefined) return null;
  const token = where?.find(({ field, operator = "eq" }) => field === "token" && operator === "eq")?.value;
  return token === undefined ? row : { ...row, token };
};

const assigning = (model: string, update: object): Sql =>
  join(Object.entries(update).map(([field, value]) => sql`${nameOf(field)} = ${stored(model, field, value)}`));

/** The tables of built-in accounts, as better-auth's adapters reach theirs: its names of models and fields are ours. */
export const createAccountTables = (database: Database, onMade: AccountRowMade) => ({
  create: <T extends object>({ model, data }: { readonly model: string; readonly data: T }): Promise<T> =>
    database.transaction(async () => {
      const fields = Object.entries(data);
      const columns = join(fields.map(([field]) => nameOf(field)));
      const values = join(fields.map(([field, value]) => stored(model, field, value)));
      const [row] = await database.query<T>(
        sql`insert into ${tableOf(model)} (${columns}) values (${values}) returning *`,
      );
      await onMade(model, row as Row);
      return { ...row, ...("token" in data ? { token: data.token } : {}) } as T;
    }),
  findOne: async <T>(selection: Selection): Promise<T | null> => {
    const { model, where } = selection;
    const rows = await database.query<Row>(sql`select * from ${tableOf(model)} ${whereOf(model, where)} limit 1`);
    return shown(rows[0], selection) as T | null;
  },
  findMany: <T>({ model, where, limit = 100, offset = 0, sortBy }: ManySelection): Promise<T[]> => {
    const order = sortBy === undefined ? empty : sql`order by ${nameOf(sortBy.field)} ${raw(sortBy.direction)}`;
    return database.query<T>(
      sql`select * from ${tableOf(model)} ${whereOf(model, where)} ${order} limit ${limit} offset ${offset}`,
    );
  },
  update: async <T>(selection: Selection & { readonly update: T }): Promise<T | null> => {
    const { model, where, update } = selection;
    const rows = await database.query<Row>(
      sql`update ${tableOf(model)} set ${assigning(model, update as object)} ${whereOf(model, where)} returning *`,
    );
    return shown(rows[0], selection) as T | null;
  },
  updateMany: async ({ model, where, update }: Selection & { readonly update: object }): Promise<number> => {
    const rows = await database.query(
      sql`update ${tableOf(model)} set ${assigning(model, update)} ${whereOf(model, where)} returning id`,
    );
    return rows.length;
  },
  delete: async ({ model, where }: Selection): Promise<void> => {
    await database.query(sql`delete from ${tableOf(model)} ${whereOf(model, where)}`);
  },
  deleteMany: async ({ model, where }: Selection): Promise<number> => {
    const rows = await database.query(sql`delete from ${tableOf(model)} ${whereOf(model, where)} returning id`);
    return rows.length;
  },
  count: async ({ model, where }: ManySelection): Promise<number> => {
    const [row] = await database.query<{ count: number }>(
      sql`select count(*) as count from ${tableOf(model)} ${whereOf(model, where)}`,
    );
    return row?.count ?? 0;
  },
});

/** Whether anybody has an account. */
export const hasAccountRow = async (database: Database): Promise<boolean> =>
  (await database.query(sql`select 1 from account_user limit 1`)).length > 0;

/** Sessions that have ended. */
export const purgeSessions = (database: Database): Promise<unknown[]> =>
  database.query(sql`delete from account_session where expires_at < now()`);
