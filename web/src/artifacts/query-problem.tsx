import { Button } from "../ui/button/button.tsx";
import { messageOf } from "../ui/message-of.ts";
import { useIsLate } from "../ui/use-is-late.ts";
import { artifactTexts } from "./artifact-texts.ts";
import { PanelNote } from "./panel-note.tsx";

export interface QueryProblemProps {
  readonly query: { readonly isError: boolean; readonly error: unknown; refetch(this: void): unknown };
}

/** Stands for what is not there yet, or can't be read. */
export const QueryProblem = ({ query }: QueryProblemProps) => {
  const isLate = useIsLate(true);
  if (query.isError) {
    return (
      <PanelNote title={artifactTexts.failedTitle} text={messageOf(query.error)}>
        <Button onClick={() => void query.refetch()}>{artifactTexts.tryAgain}</Button>
      </PanelNote>
    );
  }
  return (
    <div role="status" aria-label={artifactTexts.loading} className="flex-1 space-y-3 px-9 py-8">
      {isLate &&
        [72, 100, 92, 96, 60].map((width) => (
          <div key={width} style={{ width: `${width}%` }} className="h-4 animate-pulse rounded-small bg-hover" />
        ))}
    </div>
  );
};
