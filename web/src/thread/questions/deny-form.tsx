import { useId, useState } from "react";
import { Button } from "../../ui/button/button.tsx";
import { toolTexts } from "../tools/tool-texts.ts";

export interface DenyFormProps {
  readonly label: string;
  readonly action: string;
  readonly isDisabled: boolean;
  readonly onBack: () => void;
  /** With the reason that was given, which may be empty. */
  readonly onDeny: (reason: string) => void;
}

const longestReason = 1_000;

/** Why something may not happen. */
export const DenyForm = ({ label, action, isDisabled, onBack, onDeny }: DenyFormProps) => {
  const id = useId();
  const [reason, setReason] = useState("");
  return (
    <form
      className="mt-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isDisabled) onDeny(reason.trim());
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
        event.preventDefault();
        onBack();
      }}
    >
      <label htmlFor={id} className="mb-1 block text-13 text-text-2">
        {label}
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          id={id}
          autoFocus
          autoComplete="off"
          dir="auto"
          maxLength={longestReason}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          className="h-[34px] min-w-40 flex-1 rounded-small border border-edge bg-surface px-2.5 text-text outline-none focus-visible:border-accent max-wide:h-[42px] max-wide:basis-full max-wide:text-16"
        />
        <Button look="danger" type="submit" aria-disabled={isDisabled} className="max-wide:h-[42px] max-wide:flex-1">
          {action}
        </Button>
        <Button look="plain" className="hover:bg-surface max-wide:h-[42px] max-wide:flex-1" onClick={onBack}>
          {toolTexts.back}
        </Button>
      </div>
    </form>
  );
};
