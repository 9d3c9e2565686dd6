import { focusRegion } from "../commands/regions.ts";
import { shellTexts } from "../shell-texts.ts";

/** The first thing that the Tab key reaches. It is a button: a fragment would leave the page where Natter is mounted. */
export const SkipLink = () => (
  <button
    type="button"
    onClick={() => focusRegion("composer")}
    className="sr-only z-50 rounded-small border border-line bg-surface px-3 py-2 shadow-float focus:not-sr-only focus:fixed focus:top-2 focus:start-2"
  >
    {shellTexts.skipToComposer}
  </button>
);
