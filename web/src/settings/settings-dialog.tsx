import { Choice } from "../ui/choice.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Toggle } from "../ui/toggle.tsx";
import { changePreferences, themes, usePreferences } from "./preferences.ts";
import { settingsTexts } from "./settings-texts.ts";

const themeOptions = themes.map((value) => ({ value, label: settingsTexts.themes[value] }));
const enterOptions = [
  { value: "send", label: settingsTexts.enters.send },
  { value: "line", label: settingsTexts.enters.line },
] as const;

/** What a person chooses for this device. */
export const SettingsDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { theme, enter, announce, shortcuts } = usePreferences();
  return (
    <Dialog title={settingsTexts.title} onClose={onClose}>
      <div className="flex flex-col gap-2 overflow-y-auto px-5 pb-6">
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
      </div>
    </Dialog>
  );
};
