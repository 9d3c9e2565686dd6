import { useId, useState } from "react";
import { growingText } from "../../composer/growing-text.ts";
import { Button } from "../../ui/button/button.tsx";
import { threadTexts } from "../thread-texts.ts";

const longestReason = 1_000;

/** Asks what was wrong with an answer; nobody has to say it. */
export const VoteReason = ({ onSend }: { readonly onSend: (reason: string) => void }) => {
  const id = useId();
  const [reason, setReason] = useState("");
  return (
    <form
      className="flex w-72 flex-col gap-2 p-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(reason.trim());
      }}
    >
      <label htmlFor={id} className="text-13 font-[550]">
        {threadTexts.why}
      </label>
      <textarea
        id={id}
        dir="auto"
        rows={2}
        maxLength={longestReason}
        value={reason}
        className={`${growingText} max-h-40 rounded-s border border-line px-2.5 py-1.5 text-14 focus-visible:border-accent`}
        onChange={({ target }) => setReason(target.value)}
      />
      <Button type="submit" look="primary" className="self-end">
        {threadTexts.sendWhy}
      </Button>
    </form>
  );
};
