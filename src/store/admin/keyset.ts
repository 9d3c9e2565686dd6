import sql, { empty, type Sql } from "sql-template-tag";

/** The last row seen of a list that goes by a time and an id, newest first. */
export interface Place {
  /** With the database's microseconds, which a Date would lose. */
  readonly at: string;
  readonly id: string;
}

export interface Keyset {
  readonly after: Place | undefined;
  readonly limit: number;
}

/** The end of a statement that lists by these two columns: what comes after the place, its order and its limit. */
export const newestFirst = (at: Sql, id: Sql, { after, limit }: Keyset): Sql => sql`
  ${after === undefined ? empty : sql`and (${at}, ${id}) < (${after.at}::text::timestamptz, ${after.id})`}
  order by ${at} desc, ${id} desc limit ${limit}`;

/** A condition that holds for everything when there is nothing to compare with. */
export const equal = (column: Sql, value: string | undefined): Sql =>
  value === undefined ? empty : sql`and ${column} = ${value}`;

export interface Span {
  readonly from?: Date | undefined;
  /** Not included. */
  readonly to?: Date | undefined;
}

export const within = (column: Sql, { from, to }: Span): Sql => sql`
  ${from === undefined ? empty : sql`and ${column} >= ${from}`} ${to === undefined ? empty : sql`and ${column} < ${to}`}`;
