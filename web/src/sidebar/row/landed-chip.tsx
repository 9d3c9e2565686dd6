import { wordsOf } from "../../thread/tools/tool-words.ts";
import { sidebarTexts } from "../sidebar-texts.ts";

/** That something came from the background. */
export const LandedChip = ({ tool }: { readonly tool: string }) => {
  const words = sidebarTexts.resultOf(wordsOf(tool));
  return (
    <span
      role="img"
      aria-label={words}
      title={words}
      className="shrink-0 rounded-full bg-accent-soft px-1.5 text-11 leading-[17px] font-[550] text-accent-ink"
    >
      {sidebarTexts.result}
    </span>
  );
};
