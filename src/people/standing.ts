import { NatterError } from "../foundation/errors.ts";
import type { Database } from "../ports/database.ts";
import { findLapsedRows, type Standing } from "../store/identity/standing-rows.ts";

export type { Standing };

/** Those that may not be here any more: suspended, no member any more, or by a key or a session that has ended. */
export const findLapsed = async <One extends { readonly standing: Standing }>(
  database: Database,
  present: readonly One[],
): Promise<One[]> => {
  if (present.length === 0) return [];
  const places = new Set(
    await findLapsedRows(
      database,
      present.map(({ standing }) => standing),
    ),
  );
  return present.filter((_one, place) => places.has(place));
};

/** For whoever took long to send something: they may have been removed or erased since they came. @throws NatterError `forbidden` */
export const requireStanding = async (database: Database, standing: Standing): Promise<void> => {
  const lapsed = await findLapsed(database, [{ standing }]);
  if (lapsed.length > 0) throw new NatterError("forbidden", "You may not be here any more; sign in again.");
};
