import { useQuery } from "@tanstack/react-query";
import type { AdminList, AdminQuery, Page } from "natter/client";
import { useRef, type ReactNode } from "react";
import { Button } from "../../ui/button/button.tsx";
import { messageOf } from "../../ui/message-of.ts";
import { consoleTexts } from "../console-texts.ts";
import { toQuery } from "../time/instant.ts";
import { useZone } from "../time/zone.ts";
import { CsvButton } from "./csv-button.tsx";
import { DataTable, type Column } from "./data-table.tsx";
import { Drawer } from "./drawer.tsx";
import { FilterBar, type Filter } from "./filter-bar.tsx";
import { useFilters, type Filters } from "./use-filters.ts";
import { useHeld } from "./use-held.ts";
import { usePages, type LoadedRows } from "./use-pages.ts";

export interface ListPageProps<Item extends { readonly id: string }> {
  readonly name: Exclude<AdminList, "usage">;
  readonly load: (query: AdminQuery) => Promise<Page<Item>>;
  readonly filters: readonly Filter[];
  readonly columns: readonly Column<Item>[];
  readonly titleOf: (item: Item) => ReactNode;
  /** What the drawer shows of a row. */
  readonly detail: (item: Item) => ReactNode;
}

const keptMs = 60_000;

/** The row that the address names: of those that are loaded, else looked up. */
const useRow = <Item extends { readonly id: string }>(
  { name, load }: ListPageProps<Item>,
  rows: readonly Item[],
  rowId: string | null,
): Item | null | undefined => {
  const loaded = rows.find(({ id }) => id === rowId);
  const { data } = useQuery({
    queryKey: ["console", name, "row", rowId],
    queryFn: () => load({ id: rowId ?? "", limit: 1 }),
    enabled: rowId !== null,
    // kept when the row leaves the list, because its filters don't let it through any more
    ...(loaded === undefined ? {} : { initialData: { data: [loaded], nextCursor: null }, staleTime: keptMs }),
  });
  if (loaded !== undefined || rowId === null) return loaded;
  return data === undefined ? undefined : (data.data[0] ?? null);
};

const RowDrawer = <Item extends { readonly id: string }>(
  props: ListPageProps<Item> & {
    readonly rows: readonly Item[];
    readonly filters: readonly Filter[];
    readonly at: Filters;
  },
) => {
  const { rows, at, titleOf, detail } = props;
  const row = useRow(props, rows, at.rowId);
  const place = rows.findIndex(({ id }) => id === at.rowId);
  const go = (to: number) => {
    const next = place < 0 ? undefined : rows[to];
    return next === undefined ? undefined : () => at.choose(next.id);
  };
  if (at.rowId === null || row === undefined) return null;
  return (
    <Drawer
      title={row === null ? at.rowId : titleOf(row)}
      onClose={() => at.choose(null)}
      onBefore={go(place - 1)}
      onAfter={go(place + 1)}
    >
      {row === null ? <p className="text-text-2">{consoleTexts.missingRow}</p> : <div key={row.id}>{detail(row)}</div>}
    </Drawer>
  );
};

const Nothing = ({ filters }: { readonly filters: Filters }) => {
  const isNarrowed = Object.keys(filters.values).length > 0;
  return (
    <div className="rounded-medium border border-dashed border-line px-6 py-12 text-center">
      <p className="text-text-2">{isNarrowed ? consoleTexts.empty : consoleTexts.nothingYet}</p>
      {isNarrowed && (
        <Button className="mt-3" onClick={filters.clear}>
          {consoleTexts.clearFilters}
        </Button>
      )}
    </div>
  );
};

const ListState = ({ list, filters }: { readonly list: LoadedRows<unknown>; readonly filters: Filters }) => {
  if (list.state === "loading") return <p role="status">{consoleTexts.loading}…</p>;
  if (list.state === "failed") {
    return (
      <p role="alert" className="flex flex-wrap items-center gap-3">
        <span className="text-danger">{messageOf(list.error)}</span>
        <Button onClick={list.again}>{consoleTexts.tryAgain}</Button>
      </p>
    );
  }
  return list.rows.length === 0 ? <Nothing filters={filters} /> : null;
};

/** The one pattern of the console: filters in the address, a keyset table, a drawer with the row. */
export const ListPage = <Item extends { readonly id: string }>(props: ListPageProps<Item>) => {
  const { name, load, columns } = props;
  const place = useRef<HTMLDivElement>(null);
  const filters = useFilters();
  const query = toQuery(filters.values, useZone().name);
  const isRead = useHeld(place);
  const list = usePages(name, query, load, { isHeld: isRead || filters.rowId !== null });
  return (
    <div ref={place}>
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2 pb-4">
        <FilterBar list={props.filters} filters={filters} />
        <CsvButton list={name} query={query} />
      </div>
      {list.fresh > 0 && (
        <div className="sticky top-0 z-10 -mb-9 flex justify-center">
          <Button className="mt-1 h-8 rounded-full text-13 shadow-float" onClick={list.showFresh}>
            {consoleTexts.fresh(list.fresh)}
          </Button>
        </div>
      )}
      <ListState list={list} filters={filters} />
      {list.rows.length > 0 && (
        <DataTable
          label={consoleTexts.pages[name]}
          columns={columns}
          rows={list.rows}
          keyOf={({ id }) => id}
          chosen={filters.rowId}
          onChoose={filters.choose}
        />
      )}
      {list.hasMore && (
        <Button className="mt-3" onClick={list.loadMore}>
          {consoleTexts.more}
        </Button>
      )}
      <RowDrawer {...props} rows={list.rows} at={filters} />
    </div>
  );
};
