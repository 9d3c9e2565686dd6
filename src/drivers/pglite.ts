import { AsyncLocalStorage } from "node:async_hooks";
import { PGlite, types, type Transaction } from "@electric-sql/pglite";
import type { Database, Statement } from "../ports/database.ts";

export const createPgliteDatabase = async (options: { directory: string | null }): Promise<Database> => {
  const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  const pglite = await PGlite.create(options.directory ?? "memory://", {
    serializers: { [types.JSON]: text, [types.JSONB]: text },
    parsers: { [types.INT8]: Number },
  });
  const current = new AsyncLocalStorage<Transaction>();
  const transaction = <Result>(work: () => Promise<Result>): Promise<Result> =>
    current.getStore() ? work() : pglite.transaction((inner) => current.run(inner, work));
  return {
    query: async <Row>({ text, values }: Statement) =>
      (await (current.getStore() ?? pglite).query<Row>(text, [...values])).rows,
    transaction,
    script: async (text) => void (await (current.getStore() ?? pglite).exec(text)),
    exclusive: (_name, work) => work(),
    close: () => pglite.close(),
  };
};
