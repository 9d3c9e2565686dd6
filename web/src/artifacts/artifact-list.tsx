import { Plus } from "lucide-react";
import type { ListedArtifact } from "natter/client";
import { Button } from "../ui/button/button.tsx";
import { artifactTexts } from "./artifact-texts.ts";
import { formatMoment } from "../ui/format-date.ts";
import { KindIcon } from "./kind-icon.tsx";
import { PanelNote } from "./panel-note.tsx";

export interface ArtifactListProps {
  readonly artifacts: readonly ListedArtifact[];
  readonly onOpen: (id: string) => void;
  /** Absent: this person can't. */
  readonly onNew?: (() => void) | undefined;
}

const NewButton = ({ onNew }: { readonly onNew: () => void }) => (
  <Button onClick={onNew}>
    <Plus size={16} strokeWidth={1.5} aria-hidden="true" />
    {artifactTexts.newDocument}
  </Button>
);

/** All artifacts of a conversation, the last changed first. */
export const ArtifactList = ({ artifacts, onOpen, onNew }: ArtifactListProps) => {
  if (artifacts.length === 0) {
    return (
      <PanelNote title={artifactTexts.emptyTitle} text={artifactTexts.empty}>
        {onNew !== undefined && <NewButton onNew={onNew} />}
      </PanelNote>
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto px-3 pb-4">
      <ul aria-label={artifactTexts.listHint} className="space-y-1.5">
        {artifacts.map(({ id, kind, title, version, updatedAt }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => onOpen(id)}
              className="flex w-full items-center gap-3 rounded-medium border border-line bg-surface p-2.5 pe-3 text-start hover:border-edge"
            >
              <span className="grid size-[34px] shrink-0 place-items-center rounded-small bg-accent-soft">
                <KindIcon kind={kind} size={18} />
              </span>
              <span className="min-w-0 flex-1">
                <span dir="auto" className="block truncate font-semibold">
                  {title}
                </span>
                <span className="block text-12 text-text-3">
                  {artifactTexts.kinds[kind]} · {artifactTexts.version(version)} · {formatMoment(updatedAt)}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {onNew !== undefined && (
        <div>
          <NewButton onNew={onNew} />
        </div>
      )}
    </div>
  );
};
