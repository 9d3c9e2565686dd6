import { settingsTexts } from "../conversation/settings-texts.ts";

/** Says of the demo model that it is a script. */
export const DemoMark = () => (
  <span className="shrink-0 rounded-full border border-line bg-surface px-2 text-12 leading-5 font-normal text-text-2">
    {settingsTexts.notAnAi}
  </span>
);
