import type { AdminQuery, Page } from "natter/client";
import type { ReactNode } from "react";
import { Button } from "../ui/button.tsx";
import { consoleTexts } from "./console-texts.ts";
import { DataTable, type Column } from "./data-table.tsx";
import { Drawer } from "./drawer.tsx";
import { FilterBar, type Filter } from "./filter-bar.tsx";
import { toQuery } from "./instant.ts";
import { useFilters } from "./use-filters.ts";
import { usePages } from "./use-pages.ts";

export interface ListPageProps<Item extends { readonly id: string }> {
  readonly name: keyof typeof consoleTexts.pages;
  readonly load: (query: AdminQuery) => Promise<Page<Item>>;
  readonly filters: readonly Filter[];
  readonly columns: readonly Column<Item>[];
  readonly titleOf: (item: Item) => string;
  /** What the drawer shows of a row. */
  readonly detail: (item: Item) => ReactNode;
  /** The same of a row that is not among those loaded, where that is possible. */
  readonly detailById?: (id: string) => ReactNode;
}

/** The one pattern of the console: filters in the address, a keyset table, a drawer with the row. */
export const ListPage = <Item extends { readonly id: string }>(props: ListPageProps<Item>) => {
  const { name, load, columns, titleOf, detail, detailById } = props;
  const filters = useFilters();
  const { rows, state, hasMore, loadMore, again } = usePages(name, toQuery(filters.values), load);
  const { rowId } = filters;
  const row = rows.find(({ id }) => id === rowId);
  const shown = row === undefined ? rowId !== null && detailById?.(rowId) : detail(row);
  return (
    <>
      <FilterBar list={props.filters} filters={filters} />
      {state === "loading" && <p role="status">{consoleTexts.loading}…</p>}
      {state === "failed" && (
        <p role="alert">
          {consoleTexts.failed} <Button onClick={again}>{consoleTexts.tryAgain}</Button>
        </p>
      )}
      {state === "there" && rows.length === 0 && <p className="text-text-2">{consoleTexts.empty}</p>}
      {rows.length > 0 && (
        <DataTable
          label={consoleTexts.pages[name]}
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          chosen={rowId}
          onChoose={filters.choose}
        />
      )}
      {hasMore && (
        <Button className="mt-3" onClick={loadMore}>
          {consoleTexts.more}
        </Button>
      )}
      {rowId !== null && shown !== undefined && shown !== false && (
        <Drawer key={rowId} title={row === undefined ? rowId : titleOf(row)} onClose={() => filters.choose(null)}>
          {shown}
        </Drawer>
      )}
    </>
  );
};
