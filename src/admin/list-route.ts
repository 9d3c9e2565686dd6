import type { z } from "zod";
import { authorize, type WorkspaceAction } from "../auth/authorize.ts";
import { answer, type Call } from "../http/request/call.ts";
import { route, type Route } from "../http/route.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { Keyset } from "../store/admin/keyset.ts";
import { cellsOf, columnsOf, toCsvLine } from "./csv.ts";
import { answerCsv } from "./csv-answer.ts";
import { pageOf, type AdminPage, type Listed, type PageQuery } from "./page.ts";
import { listOf } from "../protocol/page.ts";

const rowsAtOnce = 500;

interface ListQuery extends PageQuery {
  readonly format: "json" | "csv";
}

/** Where the rows of a list come from, for whoever asks with that query. */
export interface ListSource<Row, Item> {
  readonly list: (keyset: Keyset) => Promise<readonly Row[]>;
  readonly toItem: (row: Row) => Item;
}

export interface ListDefinition<Query extends ListQuery, Row extends Listed, Item> {
  /** Last part of its path, and of its file's name. */
  readonly name: string;
  readonly summary: string;
  /** What the caller must be allowed to do with the workspace; default `administer`. */
  readonly action?: WorkspaceAction;
  readonly query: z.ZodType<Query>;
  readonly item: z.ZodObject;
  readonly source: (query: Query, principal: Principal) => ListSource<Row, Item>;
}

async function* linesOf<Row extends Listed, Item>(
  item: z.ZodObject,
  { list, toItem }: ListSource<Row, Item>,
  first: AdminPage<Item>,
): AsyncGenerator<string> {
  const columns = columnsOf(item);
  yield toCsvLine(columns.map(({ name }) => name));
  let page = first;
  for (;;) {
    yield page.data.map((one) => toCsvLine(cellsOf(columns, one))).join("");
    if (page.nextCursor === null) return;
    page = await pageOf({ cursor: page.nextCursor, limit: rowsAtOnce }, list, toItem);
  }
}

/** A list of the console, by a keyset and newest first: a page of it as JSON, or all that fits as CSV. */
export const listRoute = <Query extends ListQuery, Row extends Listed, Item>({
  name,
  summary,
  action = "administer",
  query,
  item,
  source,
}: ListDefinition<Query, Row, Item>): Route =>
  route({
    method: "get",
    path: `/v1/admin/${name}`,
    summary: `${summary}; a page as JSON, all of it as CSV`,
    tag: "Administration",
    takes: ["download"],
    query,
    answers: { 200: { description: "A page of them; with format=csv a line each", schema: listOf(item) } },
    handle: async (call: Call<unknown, Query, unknown>) => {
      authorize(call.principal, action, "workspace");
      const rows = source(call.query, call.principal);
      if (call.query.format === "json") return answer(call, 200, await pageOf(call.query, rows.list, rows.toItem));
      const first = await pageOf({ cursor: call.query.cursor, limit: rowsAtOnce }, rows.list, rows.toItem);
      return answerCsv(call, name, linesOf(item, rows, first));
    },
  });
