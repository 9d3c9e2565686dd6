import type { FoundConversation, FoundMessage } from "../../protocol/search.ts";
import type { Page } from "./bodies.ts";
import type { Requester } from "../requests/requester.ts";

export interface SearchQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Messages that were found; on the first page also conversations by their titles. */
export interface FoundPage extends Page<FoundMessage> {
  readonly conversations: readonly FoundConversation[];
}

/** Finds messages and titles that say all the words. */
export const searchCall =
  ({ json }: Requester) =>
  (q: string, query: SearchQuery = {}): Promise<FoundPage> =>
    json("/v1/search", { query: { q, ...query } });
