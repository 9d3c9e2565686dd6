import { useState } from "react";
import { Button } from "../ui/button/button.tsx";
import { SelectField } from "../ui/form/select-field.tsx";
import type { ShareTarget } from "./share-target.ts";
import { shareTexts } from "./share-texts.ts";

/** What a new link is to show, and for how many seconds; null: until it is revoked. */
export interface LinkWish {
  readonly messageId: string | null;
  readonly expiresIn: number | null;
}

export interface LinkFormProps {
  readonly target: ShareTarget;
  readonly isBusy: boolean;
  readonly onMake: (wish: LinkWish) => void;
}

const endings = (["2592000", "604800", "86400", "never"] as const).map((value) => ({
  value,
  label: shareTexts.endings[value],
}));

const ends = (["message", "last"] as const).map((value) => ({ value, label: shareTexts.upTos[value] }));

/** Asks how far a new link shows the conversation, and how long. */
export const LinkForm = ({ target, isBusy, onMake }: LinkFormProps) => {
  const [ending, setEnding] = useState<(typeof endings)[number]["value"]>("2592000");
  const [upTo, setUpTo] = useState<(typeof ends)[number]["value"]>(target.messageId === null ? "last" : "message");
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onMake({
          messageId: upTo === "message" ? target.messageId : target.leafId,
          expiresIn: ending === "never" ? null : Number(ending),
        });
      }}
    >
      {target.messageId !== null && (
        <div className="min-w-36 flex-1">
          <SelectField label={shareTexts.upTo} value={upTo} options={ends} onChange={setUpTo} />
        </div>
      )}
      <div className="min-w-36 flex-1">
        <SelectField label={shareTexts.ends} value={ending} options={endings} onChange={setEnding} />
      </div>
      <Button type="submit" look="primary" disabled={isBusy} className="max-wide:h-10">
        {shareTexts.make}
      </Button>
    </form>
  );
};
