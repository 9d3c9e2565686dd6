import { useInfiniteQuery, type InfiniteData } from "@tanstack/react-query";
import type { AdminQuery, Page } from "natter/client";
import { useState } from "react";

const pageSize = 50;
const freshMs = 4_000;
/** More pages than this are read anew only when somebody asks. */
const freshPages = 3;

/** A list of the console, as far as it is loaded. */
export interface LoadedRows<Item> {
  readonly rows: readonly Item[];
  /** How many came since somebody began to read, and are not shown yet. */
  readonly fresh: number;
  readonly state: "loading" | "failed" | "there";
  readonly error: Error | null;
  readonly hasMore: boolean;
  /** Shows what is fresh. */
  showFresh(this: void): void;
  loadMore(this: void): void;
  again(this: void): void;
}

interface Options {
  /** True: what is shown stays where it is; new rows wait. */
  readonly isHeld?: boolean;
}

interface Listed {
  readonly id: string;
}

/** What is shown of a list whose first row, when somebody began to read, was this one; all of it where that is gone. */
const below = <Item extends Listed>(rows: readonly Item[], firstId: string | null): readonly Item[] => {
  const place = firstId === null ? -1 : rows.findIndex(({ id }) => id === firstId);
  return place < 0 ? rows : rows.slice(place);
};

/** Reads a keyset list page by page and keeps it fresh, without moving what somebody reads. */
export const usePages = <Item extends Listed>(
  name: string,
  query: Readonly<Record<string, string>>,
  load: (query: AdminQuery) => Promise<Page<Item>>,
  { isHeld = false }: Options = {},
): LoadedRows<Item> => {
  type Key = readonly [string, string, Readonly<Record<string, string>>];
  const result = useInfiniteQuery<Page<Item>, Error, InfiniteData<Page<Item>>, Key, string | undefined>({
    queryKey: ["console", name, query],
    initialPageParam: undefined,
    queryFn: ({ pageParam }) => load({ ...query, limit: pageSize, cursor: pageParam }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: ({ state }) =>
      (state.data?.pages.length ?? 0) > freshPages || state.status === "error" ? false : freshMs,
  });
  const { data, error, isPending, isError, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = result;
  const all = data?.pages.flatMap((page) => page.data) ?? [];
  const newest = all[0]?.id ?? null;
  const [firstId, setFirstId] = useState<string | null>(null);
  if (!isHeld && firstId !== newest) setFirstId(newest);
  const rows = isHeld ? below(all, firstId) : all;
  return {
    rows,
    fresh: all.length - rows.length,
    state: isPending ? "loading" : isError && data === undefined ? "failed" : "there",
    error,
    hasMore: hasNextPage,
    showFresh: () => setFirstId(newest),
    loadMore: () => {
      if (!isFetchingNextPage) void fetchNextPage();
    },
    again: () => void refetch(),
  };
};
