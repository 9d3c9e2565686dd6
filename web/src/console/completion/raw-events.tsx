import { useInfiniteQuery } from "@tanstack/react-query";
import type { AdminChunks } from "natter/client";
import { useState } from "react";
import { useNatter } from "../../shell/natter-context.ts";
import { Button } from "../../ui/button/button.tsx";
import { formatNumber } from "../../ui/format.ts";
import { messageOf } from "../../ui/message-of.ts";
import { consoleTexts } from "../console-texts.ts";

const chunksAtOnce = 100;
const openMs = 2_000;

type RawChunk = AdminChunks["data"][number];

const Chunk = ({ of: { position, type, bytes, chunk } }: { readonly of: RawChunk }) => (
  <li className="grid grid-cols-[2.5rem_minmax(0,1fr)] gap-x-2 border-t border-line px-3 py-1 first:border-0">
    <span className="text-end text-text-3 tabular-nums">{position}</span>
    <span className="min-w-0">
      <span className="font-[550]">{type}</span> <span className="text-text-3">{formatNumber(bytes)} B</span>
      {chunk !== null && (
        <code className="block whitespace-pre-wrap break-words text-text-2">{JSON.stringify(chunk)}</code>
      )}
    </span>
  </li>
);

const Chunks = ({ id, isOpen }: { readonly id: string; readonly isOpen: boolean }) => {
  const { admin } = useNatter();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["console", "chunks", id],
    initialPageParam: 0,
    queryFn: ({ pageParam }) => admin.chunks(id, { after: pageParam, limit: chunksAtOnce }),
    getNextPageParam: (page) => page.nextAfter,
    refetchInterval: isOpen ? openMs : false,
  });
  const last = data?.pages.at(-1);
  if (last === undefined) return <p role="status">{error === null ? `${consoleTexts.loading}…` : messageOf(error)}</p>;
  return (
    <>
      <p className="mb-2 text-12 text-text-3">
        {consoleTexts.rawCount(last.last)}, {consoleTexts.rawSource[last.source]}.{" "}
        {!last.isReadable && consoleTexts.rawHidden}
      </p>
      <ol className="rounded-small bg-sunken font-mono text-12">
        {data?.pages
          .flatMap((page) => page.data)
          .map((chunk) => (
            <Chunk key={chunk.position} of={chunk} />
          ))}
      </ol>
      {hasNextPage && (
        <Button className="mt-2" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {consoleTexts.more}
        </Button>
      )}
    </>
  );
};

/** The chunks of a completion as they are stored, for whoever wants to look. */
export const RawEvents = (props: { readonly id: string; readonly isOpen: boolean }) => {
  const [isShown, setIsShown] = useState(false);
  return (
    <details className="mt-6" onToggle={({ currentTarget }) => setIsShown(currentTarget.open)}>
      <summary className="mb-2 w-fit cursor-pointer rounded-small font-semibold">{consoleTexts.rawEvents}</summary>
      {isShown && <Chunks {...props} />}
    </details>
  );
};
