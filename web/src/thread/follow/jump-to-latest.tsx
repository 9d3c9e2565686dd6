import { ArrowDown } from "lucide-react";
import { threadTexts } from "../thread-texts.ts";

/** The way back to the end. */
export const JumpToLatest = ({ onJump }: { readonly onJump: () => void }) => (
  <div className="pointer-events-none absolute inset-x-0 bottom-3 z-10 flex justify-center">
    <button
      type="button"
      className="pointer-events-auto flex h-8 max-wide:h-10 animate-appear items-center gap-1.5 rounded-full border border-line bg-surface pr-3.5 pl-2.5 text-13 font-[550] text-text-2 shadow-float hover:text-text"
      onClick={onJump}
    >
      <ArrowDown size={15} strokeWidth={1.5} />
      {threadTexts.jump}
    </button>
  </div>
);
