import type { ComponentType } from "react";
import { AccountPage } from "../../account/account-page.tsx";
import { KeysPage } from "../../people/keys-page.tsx";
import { MembersPage } from "../../people/members-page.tsx";
import { WorkspacesPage } from "../../people/workspaces-page.tsx";
import { DataPage } from "../../transfer/data-page.tsx";
import { Dialog } from "../../ui/overlay/dialog.tsx";
import { BudgetsPage } from "../../workspace/budgets-page.tsx";
import { WebhooksPage } from "../../workspace/webhooks-page.tsx";
import { WorkspacePage } from "../../workspace/workspace-page.tsx";
import { DevicePage } from "../device-page.tsx";
import { settingsGroups, type SettingsPage } from "./settings-page.ts";
import { settingsTexts } from "./settings-texts.ts";

export interface SettingsDialogProps {
  readonly page: SettingsPage;
  readonly onPage: (page: SettingsPage) => void;
  readonly onClose: () => void;
}

const pageParts: Readonly<Record<SettingsPage, ComponentType>> = {
  device: DevicePage,
  account: AccountPage,
  data: DataPage,
  workspace: WorkspacePage,
  members: MembersPage,
  budgets: BudgetsPage,
  keys: KeysPage,
  webhooks: WebhooksPage,
  workspaces: WorkspacesPage,
};

const groupNames = ["own", "workspace"] as const;

interface PageButtonProps {
  readonly name: SettingsPage;
  readonly isCurrent: boolean;
  readonly onPage: (page: SettingsPage) => void;
}

const PageButton = ({ name, isCurrent, onPage }: PageButtonProps) => (
  <button
    ref={(button) => {
      if (isCurrent) button?.scrollIntoView({ block: "nearest", inline: "center" });
    }}
    type="button"
    aria-current={isCurrent ? "page" : undefined}
    onClick={() => onPage(name)}
    className="h-8 shrink-0 rounded-small px-2.5 text-start whitespace-nowrap text-text-2 hover:bg-hover hover:text-text aria-[current]:bg-hover aria-[current]:font-[550] aria-[current]:text-text max-wide:h-10"
  >
    {settingsTexts.pages[name]}
  </button>
);

/** What a person chooses for this device, and everything about workspaces, members and keys. */
export const SettingsDialog = ({ page, onPage, onClose }: SettingsDialogProps) => {
  const Page = pageParts[page];
  return (
    <Dialog
      title={settingsTexts.title}
      onClose={onClose}
      className="max-wide:h-[min(640px,calc(100dvh-32px))] wide:w-[min(760px,calc(100vw-32px))]"
    >
      <div className="flex min-h-0 max-wide:flex-1 max-wide:flex-col wide:h-[560px]">
        <nav
          aria-label={settingsTexts.pagesLabel}
          className="flex shrink-0 gap-0.5 px-3 pb-3 max-wide:overflow-x-auto max-wide:border-b max-wide:border-line wide:w-44 wide:flex-col wide:border-e wide:border-line"
        >
          {groupNames.map((group) => (
            <div key={group} role="group" aria-label={settingsTexts.groups[group]} className="contents">
              <span
                aria-hidden="true"
                className="px-2.5 pt-3 pb-1.5 text-12 leading-none font-[550] text-text-3 max-wide:hidden"
              >
                {settingsTexts.groups[group]}
              </span>
              {settingsGroups[group].map((name) => (
                <PageButton key={name} name={name} isCurrent={name === page} onPage={onPage} />
              ))}
            </div>
          ))}
        </nav>
        <div
          role="region"
          aria-label={settingsTexts.pages[page]}
          tabIndex={0}
          onClick={({ target }) => {
            // a link leads to a page, which the dialog would hide
            if (target instanceof Element && target.closest("a:not([download], [target])") !== null) onClose();
          }}
          className="min-h-0 min-w-0 flex-1 overflow-y-auto overscroll-contain px-5 pt-1 pb-6 -outline-offset-2 max-wide:pt-4"
        >
          <Page key={page} />
        </div>
      </div>
    </Dialog>
  );
};
