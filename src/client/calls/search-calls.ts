import type { FoundPage } from "../../protocol/search.ts";
import type { SearchQuery } from "./queries.ts";
import type { Requester } from "../requests/requester.ts";

/** Finds messages and titles that say all the words. */
export const searchCall =
  ({ json }: Requester) =>
  (q: string, query: SearchQuery = {}): Promise<FoundPage> =>
    json("/v1/search", { query: { q, ...query } });
