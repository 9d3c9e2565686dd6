import { useState } from "react";
import { classNames } from "../../ui/class-names.ts";
import { threadTexts } from "../thread-texts.ts";

const isLong = (text: string): boolean => text.length > 2_000 || text.split("\n", 31).length > 30;

export interface LongTextProps {
  readonly text: string;
  readonly isUnsent: boolean;
  readonly isSending: boolean;
}

/** The bubble of what a person wrote; a long one is folded. */
export const LongText = ({ text, isUnsent, isSending }: LongTextProps) => {
  const [isOpen, setIsOpen] = useState(false);
  const isFolded = isLong(text) && !isOpen;
  return (
    <div
      dir="auto"
      {...(isSending ? { "data-sending": "" } : {})}
      className={classNames(
        "max-w-[86%] rounded-large rounded-ee-[4px] bg-accent-soft px-4 py-[11px] text-16 leading-[1.55]",
        isUnsent && "outline-[1.5px] outline-danger",
      )}
    >
      <p className={classNames("whitespace-pre-wrap wrap-anywhere", isFolded && "line-clamp-12")}>{text}</p>
      {isLong(text) && (
        <button
          type="button"
          aria-expanded={isOpen}
          className="mt-1.5 rounded-small text-13 font-[550] text-accent-ink underline-offset-3 hover:underline"
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? threadTexts.showLess : threadTexts.showAll}
        </button>
      )}
    </div>
  );
};
