import type { ComponentType } from "react";
import { KeysPage } from "../people/keys-page.tsx";
import { MembersPage } from "../people/members-page.tsx";
import { WorkspacesPage } from "../people/workspaces-page.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { DevicePage } from "./device-page.tsx";
import { settingsPages, type SettingsPage } from "./settings-page.ts";
import { settingsTexts } from "./settings-texts.ts";

export interface SettingsDialogProps {
  readonly page: SettingsPage;
  readonly onPage: (page: SettingsPage) => void;
  readonly onClose: () => void;
}

const pageParts: Readonly<Record<SettingsPage, ComponentType>> = {
  device: DevicePage,
  workspaces: WorkspacesPage,
  members: MembersPage,
  keys: KeysPage,
};

/** What a person chooses for this device, and everything about workspaces, members and keys. */
export const SettingsDialog = ({ page, onPage, onClose }: SettingsDialogProps) => {
  const Page = pageParts[page];
  return (
    <Dialog title={settingsTexts.title} onClose={onClose} className="wide:w-[min(760px,calc(100vw-32px))]">
      <div className="flex min-h-0 max-wide:flex-1 max-wide:flex-col wide:h-[520px]">
        <nav
          aria-label={settingsTexts.pagesLabel}
          className="flex shrink-0 gap-0.5 px-3 pb-3 max-wide:flex-wrap max-wide:border-b max-wide:border-line wide:w-44 wide:flex-col wide:border-e wide:border-line"
        >
          {settingsPages.map((name) => (
            <button
              key={name}
              type="button"
              aria-current={name === page ? "page" : undefined}
              onClick={() => onPage(name)}
              className="h-8 rounded-small px-2.5 text-start text-text-2 hover:bg-hover hover:text-text aria-[current]:bg-hover aria-[current]:font-[550] aria-[current]:text-text max-wide:h-10"
            >
              {settingsTexts.pages[name]}
            </button>
          ))}
        </nav>
        <div
          role="region"
          aria-label={settingsTexts.pages[page]}
          tabIndex={0}
          className="min-h-0 min-w-0 flex-1 overflow-y-auto overscroll-contain px-5 pt-1 pb-6 -outline-offset-2 max-wide:pt-4"
        >
          <Page key={page} />
        </div>
      </div>
    </Dialog>
  );
};
