import { AsyncLocalStorage } from "node:async_hooks";
import type { Database } from "../../ports/database.ts";

export interface StatementCount {
  /** Without BEGIN, COMMIT and NOTIFY. */
  readonly statements: number;
  /** Transactions that wrote something, and single statements that did. */
  readonly commits: number;
  /** The statements' texts in their order, for the message of a failing test. */
  readonly texts: readonly string[];
}

/** A database that counts what is asked of it. */
export interface CountingDatabase extends Database {
  /** Names this moment; a name used again moves. */
  mark(label: string): void;
  /** What was asked from one mark to another; without them from the beginning, and until now. */
  count(range?: { readonly from?: string; readonly to?: string }): StatementCount;
}

type Entry = { readonly commit: true } | { readonly commit: false; readonly text: string };

interface CountedTransaction {
  wrote: boolean;
}

const notify = /^\s*(notify\b|select pg_notify\()/i;
const write = /\b(insert|update|delete|merge|truncate|create|alter|drop|for (no key )?update|for (key )?share)\b/i;

/** Wraps a database so that a test can assert how many statements and commits a path costs. */
export const countingDatabase = (database: Database): CountingDatabase => {
  const entries: Entry[] = [];
  const marks = new Map<string, number>();
  const transactions = new AsyncLocalStorage<CountedTransaction>();

  const commit = (): void => void entries.push({ commit: true });

  const record = (text: string): void => {
    if (notify.test(text)) return;
    entries.push({ commit: false, text });
    if (!write.test(text)) return;
    const transaction = transactions.getStore();
    if (transaction) transaction.wrote = true;
    else commit();
  };

  const position = (label: string | undefined, otherwise: number): number => {
    if (label === undefined) return otherwise;
    const marked = marks.get(label);
    if (marked === undefined) throw new Error(`nothing was marked "${label}"`);
    return marked;
  };

  return {
    query: (statement) => {
      record(statement.text);
      return database.query(statement);
    },
    script: (text) => {
      record(text);
      return database.script(text);
    },
    transaction: async (work) => {
      if (transactions.getStore()) return database.transaction(work);
      const transaction = { wrote: false };
      const result = await database.transaction(() => transactions.run(transaction, work));
      if (transaction.wrote) commit();
      return result;
    },
    exclusive: (name, work) => database.exclusive(name, work),
    close: () => database.close(),
    mark: (label) => void marks.set(label, entries.length),
    count: ({ from, to } = {}) => {
      const counted = entries.slice(position(from, 0), position(to, entries.length));
      const texts = counted.flatMap((entry) => (entry.commit ? [] : [entry.text]));
      return { statements: texts.length, commits: counted.length - texts.length, texts };
    },
  };
};
