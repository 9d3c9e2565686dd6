import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface Task {
  /** 1, 2, 3 … for each user; never given twice. */
  readonly id: number;
  readonly title: string;
  /** As `2027-01-31`; null: none. */
  readonly due: string | null;
  readonly done: boolean;
}

export interface TaskChange {
  readonly title?: string | undefined;
  readonly due?: string | null | undefined;
  readonly done?: boolean | undefined;
}

/** The tasks of all users; each call sees one user's. Several processes may have the same file open. */
export interface TaskStore {
  /** Null: this user has as many as one may have. */
  add(user: string, task: { readonly title: string; readonly due: string | null }): Task | null;
  list(user: string, status: "open" | "done" | "all"): Task[];
  /** Null: this user has no such task. */
  change(user: string, id: number, change: TaskChange): Task | null;
  /** The task that was deleted; null: this user has no such task. */
  remove(user: string, id: number): Task | null;
  close(): void;
}

const tasksPerUser = 10_000;

const schema = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table if not exists counter (user text primary key, next integer not null) strict;
  create table if not exists task (
    user text not null, id integer not null, title text not null, due text, done integer not null default 0,
    created_at text not null default current_timestamp, primary key (user, id)) strict, without rowid;`;

const columns = "id, title, due, done";

const taskOf = (row: Record<string, unknown> | undefined): Task | null =>
  row === undefined
    ? null
    : {
        id: Number(row["id"]),
        title: String(row["title"]),
        due: typeof row["due"] === "string" ? row["due"] : null,
        done: row["done"] === 1,
      };

const statementsOf = (database: DatabaseSync) => ({
  count: database.prepare("select count(*) as count from task where user = ?"),
  number: database.prepare(
    "insert into counter (user, next) values (?, 2) on conflict (user) do update set next = next + 1 returning next - 1 as id",
  ),
  insert: database.prepare(`insert into task (user, id, title, due) values (?, ?, ?, ?) returning ${columns}`),
  list: database.prepare(`select ${columns} from task where user = ? and (? is null or done = ?) order by done, id`),
  find: database.prepare(`select ${columns} from task where user = ? and id = ?`),
  change: database.prepare(
    `update task set title = ?, due = ?, done = ? where user = ? and id = ? returning ${columns}`,
  ),
  remove: database.prepare(`delete from task where user = ? and id = ? returning ${columns}`),
});

/** Opens the file, and makes it when there is none; `:memory:` for tests. */
export const openTaskStore = (file: string): TaskStore => {
  if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file, { timeout: 10_000 });
  database.exec(schema);
  const { count, number, insert, list, find, change, remove } = statementsOf(database);
  const atomically = <Result>(work: () => Result): Result => {
    database.exec("begin immediate");
    try {
      const result = work();
      database.exec("commit");
      return result;
    } catch (thrown) {
      database.exec("rollback");
      throw thrown;
    }
  };
  const wanted = { open: 0, done: 1, all: null };
  return {
    add: (user, { title, due }) =>
      atomically(() => {
        if (Number(count.get(user)?.["count"]) >= tasksPerUser) return null;
        return taskOf(insert.get(user, Number(number.get(user)?.["id"]), title, due));
      }),
    list: (user, status) =>
      list
        .all(user, wanted[status], wanted[status])
        .map(taskOf)
        .filter((task) => task !== null),
    change: (user, id, { title, due, done }) =>
      atomically(() => {
        const task = taskOf(find.get(user, id));
        if (task === null) return null;
        const next = { title: title ?? task.title, due: due === undefined ? task.due : due, done: done ?? task.done };
        return taskOf(change.get(next.title, next.due, next.done ? 1 : 0, user, id));
      }),
    remove: (user, id) => taskOf(remove.get(user, id)),
    close: () => database.close(),
  };
};
