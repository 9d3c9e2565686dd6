import type { Database } from "../ports/database.ts";
import type { Signals } from "../ports/signals.ts";

/** What changes people and tells all nodes of it. */
export interface PeopleContext {
  readonly database: Database;
  readonly signals: Signals;
}

/** Tells every node, after the commit, that what this user may do has changed: what it remembers or shows is checked. */
export const publishStanding = ({ signals }: PeopleContext, userId: string): void =>
  signals.publish("standing", userId);
