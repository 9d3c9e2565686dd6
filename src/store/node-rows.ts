import sql from "sql-template-tag";
import type { Database } from "../ports/database.ts";

/** A process as it announces itself. */
export interface NodeAnnouncement {
  /** Of its worker, so that its leases are found. */
  readonly id: string;
  readonly role: "all" | "web" | "worker";
  readonly version: string;
  /** Completions that it takes at once; 0: it does not work. */
  readonly capacity: number;
}

export interface NodeRow extends NodeAnnouncement {
  readonly started_at: Date;
  readonly seen_at: Date;
  /** Completions that it holds now. */
  readonly running: number;
}

/** Who was not heard of for so long is gone. */
const silentSeconds = 60;

export const isHeardOf = sql`seen_at > now() - make_interval(secs => ${silentSeconds}::float8)`;

/** Says that a process is there, and forgets those that have been silent for a day. */
export const announceNode = (database: Database, { id, role, version, capacity }: NodeAnnouncement): Promise<unknown> =>
  database.query(sql`
    with gone as (delete from node where seen_at < now() - interval '1 day')
    insert into node (id, role, version, capacity) values (${id}, ${role}, ${version}, ${capacity})
    on conflict (id) do update set seen_at = now(), capacity = excluded.capacity`);

export const forgetNode = (database: Database, id: string): Promise<unknown> =>
  database.query(sql`delete from node where id = ${id}`);

/** For the process that owns the data folder alone: no other can be there. */
export const forgetAllNodes = (database: Database): Promise<unknown> => database.query(sql`delete from node`);

/** Those that were heard of in the last minute, the oldest first. */
export const listNodeRows = (database: Database): Promise<NodeRow[]> =>
  database.query(sql`
    select n.id, n.role, n.version, n.capacity, n.started_at, n.seen_at,
      (select count(*) from completion c where c.status = 'running' and c.worker_id = n.id) as running
    from node n where ${isHeardOf} order by n.started_at, n.id`);
