import { Button } from "../ui/button/button.tsx";
import { ConfirmButton } from "../ui/button/confirm-button.tsx";
import { artifactTexts } from "./artifact-texts.ts";
import type { EditDraft } from "./edit/edit-draft.ts";
import { editTexts } from "./edit/edit-texts.ts";
import { formatMoment } from "../ui/format-date.ts";

const look =
  "mx-3 mb-3 flex flex-wrap items-center justify-end gap-1 rounded-medium border border-line bg-surface py-1 pe-1 ps-3 text-13 text-text-2";
const small = "h-[28px] px-2 text-13 max-wide:h-9";

export interface OldNoteProps {
  readonly version: number;
  readonly onNewest: () => void;
  /** Absent: this person can't. */
  readonly onRestore?: (() => void) | undefined;
}

/** That what is shown is an earlier version. */
export const OldNote = ({ version, onNewest, onRestore }: OldNoteProps) => (
  <div className={look}>
    <span className="min-w-40 flex-1 py-1">{artifactTexts.oldShown(version)}</span>
    <span className="flex">
      {onRestore !== undefined && (
        <Button look="plain" onClick={onRestore} className={small}>
          {artifactTexts.restore}
        </Button>
      )}
      <Button look="plain" onClick={onNewest} className={small}>
        {artifactTexts.toNewest}
      </Button>
    </span>
  </div>
);

export interface DraftNoteProps {
  readonly draft: EditDraft;
  /** What to do with it, in a word. */
  readonly action: string;
  readonly onAct: () => void;
  readonly onDiscard: () => void;
}

/** That something was written here and not saved. */
export const DraftNote = ({ draft, action, onAct, onDiscard }: DraftNoteProps) => (
  <div className={`${look} border-warn-line bg-warn-soft`}>
    <span className="min-w-40 flex-1 py-1">{editTexts.draft(formatMoment(draft.changedAt))}</span>
    <span className="flex gap-1">
      <ConfirmButton label={editTexts.discard} question={editTexts.discardQuestion} onConfirm={onDiscard} />
      <Button look="secondary" onClick={onAct}>
        {action}
      </Button>
    </span>
  </div>
);
