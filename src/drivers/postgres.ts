import { AsyncLocalStorage } from "node:async_hooks";
import postgres, { type Sql } from "postgres";
import type { Database, Statement } from "../ports/database.ts";

export const createPostgresDatabase = ({ url, maxConnections = 10 }: { url: string; maxConnections?: number }): Database => {
  const pool = postgres(url, {
    max: maxConnections,
    onnotice: () => {},
    types: {
      bigint: { to: 20, from: [20], serialize: String, parse: Number },
      json: {
        to: 114,
        from: [114, 3802],
        serialize: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
        parse: (text: string) => JSON.parse(text),
      },
    },
  });
  const current = new AsyncLocalStorage<Sql>();
  const connection = (): Sql => current.getStore() ?? pool;
  return {
    query: async <Row>({ text, values }: Statement) =>
      [...(await connection().unsafe(text, values as never[], { prepare: true }))] as Row[],
    transaction: async (work) =>
      current.getStore() ? work() : ((await pool.begin((inner) => current.run(inner as never, work))) as never),
    script: async (text) => void (await connection().unsafe(text)),
    exclusive: (_name, work) => work(),
    close: () => pool.end(),
  };
};
