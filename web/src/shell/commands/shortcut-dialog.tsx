import { usePreferences } from "../../settings/preferences.ts";
import { settingsTexts } from "../../settings/conversation/settings-texts.ts";
import { Dialog } from "../../ui/overlay/dialog.tsx";
import { Keys } from "../../ui/keys.tsx";
import { shortcuts } from "./shortcuts.ts";

/** Every shortcut there is. */
export const ShortcutDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { shortcuts: areOn } = usePreferences();
  return (
    <Dialog title={settingsTexts.shortcutsTitle} onClose={onClose}>
      <div className="overflow-y-auto px-5 pb-6">
        {!areOn && <p className="pb-3 text-text-2">{settingsTexts.shortcutsOff}</p>}
        <dl>
          {shortcuts.map(({ id, keys, label }) => (
            <div key={id} className="flex items-center justify-between gap-4 border-b border-line py-2 last:border-0">
              <dt className="text-text-2">{label}</dt>
              <dd>
                <Keys keys={keys} className="rounded-[5px] border border-line bg-sunken px-1.5 py-1 text-12" />
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </Dialog>
  );
};
