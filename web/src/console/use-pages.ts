import { useInfiniteQuery, type InfiniteData } from "@tanstack/react-query";
import type { AdminQuery, Page } from "natter/client";

const pageSize = 50;
const freshMs = 4_000;

/** A list of the console, as far as it is loaded. */
export interface LoadedRows<Item> {
  readonly rows: readonly Item[];
  readonly state: "loading" | "failed" | "there";
  readonly hasMore: boolean;
  loadMore(this: void): void;
  again(this: void): void;
}

/** Reads a keyset list page by page; its first page is kept fresh for as long as there is no other. */
export const usePages = <Item>(
  name: string,
  query: Readonly<Record<string, string>>,
  load: (query: AdminQuery) => Promise<Page<Item>>,
): LoadedRows<Item> => {
  type Key = readonly [string, string, Readonly<Record<string, string>>];
  const result = useInfiniteQuery<Page<Item>, Error, InfiniteData<Page<Item>>, Key, string | undefined>({
    queryKey: ["console", name, query],
    initialPageParam: undefined,
    queryFn: ({ pageParam }) => load({ ...query, limit: pageSize, cursor: pageParam }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 || state.status === "error" ? false : freshMs),
  });
  const { data, isPending, isError, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = result;
  return {
    rows: data?.pages.flatMap((page) => page.data) ?? [],
    state: isPending ? "loading" : isError ? "failed" : "there",
    hasMore: hasNextPage,
    loadMore: () => {
      if (!isFetchingNextPage) void fetchNextPage();
    },
    again: () => void refetch(),
  };
};
