import { notify } from "../notice/notices.ts";
import { uiTexts } from "../ui-texts.ts";

/** Puts a text on the clipboard; says so when the browser refuses. False: it refused. */
export const copyText = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    console.warn("nothing was copied", error);
    notify(uiTexts.copyFailed, { tone: "danger" });
    return false;
  }
};
