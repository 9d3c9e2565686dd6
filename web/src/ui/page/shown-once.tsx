import { Button } from "../button/button.tsx";
import { CopyButton } from "../copy/copy-button.tsx";
import { uiTexts } from "../ui-texts.ts";

export interface ShownOnceProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onDone: () => void;
}

/** Something that nobody will see again, to be copied now. */
export const ShownOnce = ({ label, hint, value, onDone }: ShownOnceProps) => (
  <div role="group" aria-label={label} className="rounded-medium border border-accent bg-accent-soft p-3">
    <p className="mb-2 text-13 text-text-2">{hint}</p>
    <div className="flex items-center gap-1.5">
      <input
        readOnly
        autoFocus
        dir="ltr"
        aria-label={label}
        value={value}
        onFocus={({ currentTarget }) => currentTarget.select()}
        className="h-[34px] min-w-0 flex-1 rounded-small border border-edge bg-surface px-2.5 font-mono text-12 text-text"
      />
      <CopyButton text={() => value} />
      <Button look="plain" onClick={onDone}>
        {uiTexts.done}
      </Button>
    </div>
  </div>
);
