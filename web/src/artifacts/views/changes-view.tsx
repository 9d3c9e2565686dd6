import { useQuery } from "@tanstack/react-query";
import type { ArtifactDiff } from "natter/client";
import { useState } from "react";
import { useNatter } from "../../shell/natter-context.ts";
import { SelectField } from "../../ui/form/select-field.tsx";
import { artifactTexts } from "../artifact-texts.ts";
import { ChangedLines } from "./changed-lines.tsx";
import { PanelNote } from "../panel-note.tsx";
import { QueryProblem } from "../query-problem.tsx";

export interface ChangesViewProps {
  readonly id: string;
  readonly title: string;
  /** The one that is shown. */
  readonly version: number;
  readonly newest: number;
}

/** What it is compared with, unless somebody chooses: the one before, and for the first the one after. */
const usualOther = (version: number): number => (version > 1 ? version - 1 : 2);

const Lines = ({ diff, title }: { readonly diff: ArtifactDiff; readonly title: string }) => {
  if (diff.hunks.length > 0) return <ChangedLines diff={diff} title={title} />;
  const isRetitled = diff.fromTitle !== diff.toTitle;
  return <PanelNote title={title} text={isRetitled ? artifactTexts.sameTitle : artifactTexts.same} />;
};

/** What a version has that another one has not. */
export const ChangesView = ({ id, title, version, newest }: ChangesViewProps) => {
  const client = useNatter();
  const [chosen, setChosen] = useState<number | null>(null);
  const other = chosen === null || chosen === version || chosen > newest ? usualOther(version) : chosen;
  const query = useQuery({
    queryKey: ["artifact-diff", id, other, version],
    queryFn: () => client.artifacts.diff(id, { from: other, to: version }),
    enabled: newest > 1,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (newest === 1) return <PanelNote title={title} text={artifactTexts.firstVersion} />;
  const others = Array.from({ length: newest }, (_, index) => newest - index).filter((number) => number !== version);
  return (
    <>
      <div className="flex items-center gap-3 border-b border-line px-3 py-2 text-13">
        <span aria-hidden="true" className="text-text-2">
          {artifactTexts.compareWith}
        </span>
        <SelectField
          label={artifactTexts.compareWith}
          isLabelHidden
          value={String(other)}
          options={others.map((number) => ({ value: String(number), label: artifactTexts.version(number) }))}
          onChange={(value) => setChosen(Number(value))}
        />
        {query.data !== undefined && (
          <span role="status" className="ms-auto text-12 text-text-3 tabular-nums">
            {artifactTexts.counts(query.data.added, query.data.removed)}
          </span>
        )}
      </div>
      {query.data === undefined ? <QueryProblem query={query} /> : <Lines diff={query.data} title={title} />}
    </>
  );
};
