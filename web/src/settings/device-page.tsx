import { forget } from "../kept/forget.ts";
import { Refusal } from "../ui/page/refusal.tsx";
import { useDeed } from "../ui/page/use-deed.ts";
import { Choice } from "../ui/form/choice.tsx";
import { ConfirmButton } from "../ui/button/confirm-button.tsx";
import { Toggle } from "../ui/form/toggle.tsx";
import { changePreferences, themes, usePreferences } from "./preferences.ts";
import { settingsTexts } from "./conversation/settings-texts.ts";

const themeOptions = themes.map((value) => ({ value, label: settingsTexts.themes[value] }));
const enterOptions = [
  { value: "send", label: settingsTexts.enters.send },
  { value: "line", label: settingsTexts.enters.line },
] as const;

/** What a person chooses for this device. */
export const DevicePage = () => {
  const { theme, enter, announce, shortcuts, temporary } = usePreferences();
  const deed = useDeed();
  return (
    <div className="flex flex-col gap-2">
      <Choice
        label={settingsTexts.theme}
        value={theme}
        options={themeOptions}
        onChange={(value) => changePreferences({ theme: value })}
      />
      <Choice
        label={settingsTexts.enter}
        value={enter}
        options={enterOptions}
        onChange={(value) => changePreferences({ enter: value })}
      />
      <Toggle
        label={settingsTexts.announce}
        description={settingsTexts.announceHint}
        isOn={announce === "sentences"}
        onChange={(isOn) => changePreferences({ announce: isOn ? "sentences" : "states" })}
      />
      <Toggle
        label={settingsTexts.shortcuts}
        isOn={shortcuts}
        onChange={(isOn) => changePreferences({ shortcuts: isOn })}
      />
      <Toggle
        label={settingsTexts.temporary}
        description={settingsTexts.temporaryHint}
        isOn={temporary}
        onChange={(isOn) => changePreferences({ temporary: isOn })}
      />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-1.5">
        <span className="min-w-0">
          <span className="block font-[550]">{settingsTexts.drafts}</span>
          <span className="block text-13 text-text-3">{settingsTexts.draftsHint}</span>
        </span>
        <ConfirmButton
          label={settingsTexts.forget}
          question={settingsTexts.forgetDrafts}
          disabled={deed.isBusy}
          onConfirm={() => deed.act(() => forget("drafts"))}
        />
      </div>
      <Refusal error={deed.error} />
    </div>
  );
};
