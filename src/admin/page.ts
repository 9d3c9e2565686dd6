import { z } from "zod";
import { databaseTimestampSchema, decodeCursor, encodeCursor } from "../http/request/cursor.ts";
import type { Keyset, Span } from "../store/admin/keyset.ts";

const placeSchema = z.strictObject({ at: databaseTimestampSchema, id: z.string().min(1).max(200) });
const usualLimit = 50;

export interface PageQuery {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export interface AdminPage<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
}

/** A row as lists of this room need it. */
export interface Listed {
  readonly id: string;
  readonly cursor_at: string;
}

/** A page of what `list` gives in keyset order. @throws NatterError `invalid_request` for a cursor of another list */
export const pageOf = async <Row extends Listed, Item>(
  { cursor, limit = usualLimit }: PageQuery,
  list: (keyset: Keyset) => Promise<readonly Row[]>,
  toItem: (row: Row) => Item,
): Promise<AdminPage<Item>> => {
  const rows = await list({ after: decodeCursor(placeSchema, cursor), limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const goesOn = rows.length > limit && last !== undefined;
  return { data: page.map(toItem), nextCursor: encodeCursor(goesOn ? { at: last.cursor_at, id: last.id } : null) };
};

const dateOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

/** The time that a query asks for. */
export const spanOf = ({
  from,
  to,
}: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): Required<Span> => ({ from: dateOf(from), to: dateOf(to) });

export const iso = (date: Date | null): string | null => date?.toISOString() ?? null;
