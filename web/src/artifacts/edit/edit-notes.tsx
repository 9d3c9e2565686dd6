import { Button } from "../../ui/button/button.tsx";
import type { EditState } from "./edit-session.ts";
import { editTexts } from "./edit-texts.ts";

export interface EditNotesProps {
  readonly state: EditState;
  /** The newest version there is; null: somebody deleted it. */
  readonly newest: number | null;
  readonly onMerge: () => void;
  readonly onSaveAsNew: () => void;
}

const look = "flex flex-wrap items-center gap-2 rounded-medium border px-3 py-2 text-13";
const warning = `${look} border-warn-line bg-warn-soft`;

/** What others did meanwhile to what one edits, and what went wrong. */
export const EditNotes = ({ state, newest, onMerge, onSaveAsNew }: EditNotesProps) => {
  const { base, theirs, hasClash, phase, error } = state;
  const isGone = phase === "gone" || newest === null;
  // while one saves, the newest may be what one is writing
  const isBehind = !isGone && phase !== "saving" && newest > base.version;
  return (
    <div role="status" className="space-y-2 px-3 not-empty:pb-3">
      {isGone && (
        <div className={warning}>
          <span className="min-w-40 flex-1">{editTexts.gone}</span>
          <Button onClick={onSaveAsNew}>{editTexts.saveAsNew}</Button>
        </div>
      )}
      {isBehind && (
        <div className={warning}>
          <span className="min-w-40 flex-1">{editTexts.behind(newest)}</span>
          <Button onClick={onMerge}>{editTexts.merge}</Button>
        </div>
      )}
      {!isBehind && !isGone && theirs !== null && (
        <p className={warning}>{(hasClash ? editTexts.merged : editTexts.mergedCleanly)(base.version)}</p>
      )}
      {error !== null && <p className={`${look} border-danger bg-danger-soft text-danger`}>{error}</p>}
    </div>
  );
};
