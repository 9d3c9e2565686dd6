import { useInfiniteQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { RequestError, type ImportReport, type ImportStatus } from "natter/client";
import { useEffect, useState } from "react";
import { useNatter } from "../shell/natter-context.ts";
import { Button } from "../ui/button/button.tsx";
import { messageOf } from "../ui/message-of.ts";
import { ImportItems } from "./import-items.tsx";
import { forgetImport } from "./remembered-imports.ts";
import { transferTexts } from "./transfer-texts.ts";
import type { ShownImport } from "./use-own-imports.ts";

const lookEveryMs = 1_000;
const lookAgainMs = 3_000;
const pageSize = 50;

const isOver = (told: ImportStatus | undefined): boolean => told?.status === "completed" || told?.status === "failed";

const isGone = (error: Error | null): boolean => error instanceof RequestError && error.status === 404;

/** When to look again; false: there is nothing more to be told. */
const nextLook = (report: ImportReport | undefined, error: Error | null): number | false => {
  if (isOver(report) || isGone(error)) return false;
  return error === null ? lookEveryMs : lookAgainMs;
};

const useReport = (id: string, enabled: boolean) => {
  const { transfer } = useNatter();
  return useInfiniteQuery<ImportReport, Error, InfiniteData<ImportReport>, readonly string[], string | undefined>({
    queryKey: ["import", id],
    enabled,
    initialPageParam: undefined,
    queryFn: ({ pageParam }) => transfer.report(id, { cursor: pageParam, limit: pageSize }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: ({ state }) => nextLook(state.data?.pages[0], state.error),
  });
};

/** How far an import is, and what became of each conversation. */
export const ImportRow = ({ shown: { id, name, status } }: { readonly shown: ShownImport }) => {
  const queries = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const [wasOver] = useState(isOver(status));
  const report = useReport(id, isOpen || !isOver(status));
  const read = report.data?.pages[0];
  const first = read === undefined || (isOver(status) && !isOver(read)) ? status : read;
  const hasEnded = isOver(first);
  const isForgotten = isGone(report.error);
  useEffect(() => {
    if (hasEnded && !wasOver) void queries.invalidateQueries({ queryKey: ["conversations"] });
  }, [queries, hasEnded, wasOver]);
  const count = first === undefined ? 0 : first.imported + first.skipped + first.failed;
  const items = report.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <li className="border-t border-line py-1.5 first:border-t-0">
      <div className="flex min-h-11 items-center gap-3">
        <span className="min-w-0 flex-1 leading-tight">
          <b dir="auto" className="block truncate font-[550]">
            {name}
          </b>
          <small role="status" className="block text-12 text-pretty text-text-3 tabular-nums">
            {first !== undefined &&
              `${transferTexts.status[first.status]} · ${transferTexts.counts(first.imported, first.skipped, first.failed)}`}
          </small>
        </span>
        {count > 0 && (
          <Button
            look="plain"
            aria-expanded={isOpen}
            aria-label={transferTexts.report(name)}
            onClick={() => setIsOpen(!isOpen)}
          >
            {transferTexts.details}
          </Button>
        )}
        {(hasEnded || isForgotten) && (
          <Button look="plain" aria-label={transferTexts.forgetWhat(name)} onClick={() => forgetImport(id)}>
            {transferTexts.forget}
          </Button>
        )}
      </div>
      {first !== undefined && !hasEnded && <p className="text-13 text-text-3">{transferTexts.goesOn}</p>}
      {first?.error != null && <p className="text-13 text-pretty text-danger">{first.error}</p>}
      {report.error !== null && (
        <p role="alert" className="text-13 text-pretty text-danger">
          {isForgotten ? transferTexts.gone : messageOf(report.error)}
        </p>
      )}
      {isOpen && <ImportItems items={items} />}
      {isOpen && report.hasNextPage && (
        <Button onClick={() => void report.fetchNextPage()}>{transferTexts.more}</Button>
      )}
    </li>
  );
};
