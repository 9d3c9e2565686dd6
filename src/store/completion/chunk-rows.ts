import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

/** Where it is told how far logs are: who tells it, then `<id>:<epoch>.<last>` of one or several, with spaces between them. */
export const chunkChannel = "natter_chunk";

/** Mentions of logs that fit into one notification, which holds less than 8,000 bytes. */
const mentionsAtMost = 64;

/** No frame is shorter: how many entries so many bytes hold at most. */
const leastFrameBytes = 32;

export interface ChunkLogHead {
  readonly epoch: string;
  readonly last: number;
  readonly ended: boolean;
}

export interface ChunkAppend {
  readonly id: string;
  readonly fence: number;
  readonly first: number;
  readonly last: number;
  readonly ends: boolean;
  readonly frames: string;
}

/** A row for each entry, oldest first, or one without an entry; the head is repeated. */
export interface ChunkRow extends ChunkLogHead {
  readonly entry_first: number | null;
  readonly entry_last: number;
  readonly ends: boolean;
  readonly frames: string;
}

export interface ChunkLogOpening {
  readonly id: string;
  readonly fence: number;
  /** Of the log, when one begins. */
  readonly epoch: string;
  readonly isFresh: boolean;
  readonly abandonedSeconds: number;
  /** The process, as its notifications name it. */
  readonly teller: string;
}

const after = (seconds: number): Sql => sql`now() + make_interval(secs => ${seconds}::float8)`;

const entriesOf = (batch: readonly ChunkAppend[]): Sql => sql`
  unnest(${batch.map(({ id }) => id)}::text[], ${batch.map(({ fence }) => fence)}::int[], ${batch.map(({ first }) => first)}::int[],
    ${batch.map(({ last }) => last)}::int[], ${batch.map(({ ends }) => Number(ends))}::int[], ${batch.map(({ frames }) => frames)}::text[])
  with ordinality as entry (id, fence, first, last, ends, frames, ordinal)`;

/** Begins a log or takes it over, and tells of a new epoch. Undefined: it has a higher fence. */
export const openChunkLog = async (
  database: Database,
  { id, fence, epoch, isFresh, abandonedSeconds, teller }: ChunkLogOpening,
): Promise<ChunkLogHead | undefined> => {
  const begins = sql`(${isFresh} or head.expires_at <= now())`;
  const rows = await database.query<ChunkLogHead>(sql`
    with opened as (
      insert into chunk_log as head (id, epoch, fence, expires_at) values (${id}, ${epoch}, ${fence}, ${after(abandonedSeconds)})
      on conflict (id) do update set fence = excluded.fence,
        number = case when ${begins} then excluded.number else head.number end,
        epoch = case when ${begins} then excluded.epoch else head.epoch end,
        last = case when ${begins} then 0 else head.last end,
        ended = head.ended and not ${begins},
        expires_at = case when head.ended and not ${begins} then head.expires_at else excluded.expires_at end
      where head.fence <= excluded.fence or head.expires_at <= now()
      returning head.id, head.number, head.epoch, head.last, head.ended
    ), dropped as (
      delete from chunk using opened, chunk_log before
      where before.id = opened.id and before.number <> opened.number and chunk.log = before.number
    ), told as (
      select pg_notify(${chunkChannel}, ${teller} || ' ' || id || ':' || epoch || '.0') from opened where epoch = ${epoch}
    )
    select epoch, last, ended, (select count(*) from told) as told from opened`);
  return rows[0];
};

/**
 * Adds entries of different logs, each if it is the next one of a log that has not ended and has no higher fence, and
 * tells of them. Answers which were added. Logs are locked in the order of their ids: nodes with the same logs never
 * wait for each other in a circle.
 */
export const appendChunks = (
  database: Database,
  batch: readonly ChunkAppend[],
  { retentionSeconds, teller }: { readonly retentionSeconds: number; readonly teller: string },
): Promise<{ ordinal: number; epoch: string }[]> =>
  database.query(sql`
    with entry as (select * from ${entriesOf(batch)}),
    locked as (
      select id from chunk_log where id = any(${batch.map(({ id }) => id)}) order by id for no key update
    ), appended as (
      update chunk_log head set last = entry.last, ended = entry.ends = 1,
        expires_at = case entry.ends when 1 then ${after(retentionSeconds)} else head.expires_at end
      from entry join locked on locked.id = entry.id
      where head.id = entry.id and head.fence <= entry.fence and head.last = entry.first - 1 and not head.ended and head.expires_at > now()
      returning head.id, head.number, head.epoch, entry.ordinal, entry.first, entry.last, entry.ends, entry.frames
    ), stored as (
      insert into chunk (log, first, last, ends, frames) select number, first, last, ends = 1, frames from appended
    ), told as (
      select pg_notify(${chunkChannel}, ${teller} || ' ' || string_agg(id || ':' || epoch || '.' || last, ' ')) from appended group by ordinal / ${mentionsAtMost}::int
    )
    select ordinal, epoch, (select count(*) from told) as told from appended`);

export interface Refusal {
  readonly ordinal: number;
  /** Null: there is no such log. */
  readonly epoch: string | null;
  readonly fence: number;
  readonly last: number;
  readonly ended: boolean;
  /** The same entry is in the log already. */
  readonly is_stored: boolean;
}

/** How the logs are that did not take these entries. */
export const explainRefusals = (database: Database, batch: readonly ChunkAppend[]): Promise<Refusal[]> =>
  database.query(sql`
    select entry.ordinal, head.epoch, head.fence, head.last, head.ended, exists (
      select 1 from chunk where chunk.log = head.number and chunk.last = entry.last and chunk.first = entry.first
        and chunk.ends = (entry.ends = 1) and chunk.frames = entry.frames
    ) as is_stored
    from ${entriesOf(batch)} left join chunk_log head on head.id = entry.id and head.expires_at > now()`);

/** The log's head and entries with positions after `position`: about `maxBytes`, at least one. No row: no such log. */
export const readChunks = (database: Database, id: string, position: number, maxBytes: number): Promise<ChunkRow[]> =>
  database.query(sql`
    with head as (
      select number, epoch, last, ended from chunk_log where id = ${id} and expires_at > now()
    ), page as (
      select chunk.first, chunk.last, chunk.ends, chunk.frames,
        sum(octet_length(chunk.frames)) over so_far as bytes, row_number() over so_far as row
      from head join chunk on chunk.log = head.number where chunk.last > ${position}::bigint
      window so_far as (order by chunk.last rows unbounded preceding)
      order by chunk.last limit ${Math.floor(maxBytes / leastFrameBytes) + 1}::bigint
    )
    select head.epoch, head.last, head.ended, page.first as entry_first, page.last as entry_last, page.ends, page.frames
    from head left join page on page.row = 1 or page.bytes <= ${maxBytes}::bigint order by page.last`);

/** What is new in several logs: for each its head, and up to `limit` entries after its position. */
export const readTails = (
  database: Database,
  tails: readonly { readonly id: string; readonly after: number }[],
  limit: number,
): Promise<(ChunkRow & { readonly id: string })[]> =>
  database.query(sql`
    select tail.id, head.epoch, head.last, head.ended, entry.first as entry_first, entry.last as entry_last, entry.ends, entry.frames
    from unnest(${tails.map(({ id }) => id)}::text[], ${tails.map((tail) => tail.after)}::int[]) as tail (id, after)
    join chunk_log head on head.id = tail.id and head.expires_at > now()
    left join lateral (
      select first, last, ends, frames from chunk where chunk.log = head.number and chunk.last > tail.after order by chunk.last limit ${limit}
    ) entry on true
    order by tail.id, entry.last`);

const forgottenAtOnce = 1_000;

/**
 * Deletes logs that had their time, at most 1,000, with their chunks; and chunks of incarnations older than any log,
 * which a fresh opening left behind. Answers how many logs went.
 */
export const forgetChunkLogs = async (database: Database): Promise<number> => {
  const [row] = await database.query<{ count: number }>(sql`
    with old as (
      select id from chunk_log where expires_at <= now() order by id limit ${forgottenAtOnce} for update skip locked
    ), gone as (
      delete from chunk_log using old where chunk_log.id = old.id returning number
    ), chunks as (
      delete from chunk using gone where chunk.log = gone.number
    ), leftovers as (
      delete from chunk where log < (select min(number) from chunk_log)
    )
    select count(*) as count from gone`);
  return row?.count ?? 0;
};
