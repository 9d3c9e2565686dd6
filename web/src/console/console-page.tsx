import type { ComponentType } from "react";
import { Link, useRoute } from "wouter";
import { FullPage } from "../shell/frame/full-page.tsx";
import { MissingPage } from "../shell/frame/missing-page.tsx";
import { useDocumentTitle } from "../shell/frame/use-document-title.ts";
import { useMe } from "../shell/use-me.ts";
import { BrandMark } from "../ui/brand-mark.tsx";
import { ConsoleLink } from "./console-link.tsx";
import { consoleTexts } from "./console-texts.ts";
import { AuditPage } from "./pages/audit.tsx";
import { CompletionsPage } from "./pages/completions.tsx";
import { ConversationsPage } from "./pages/conversations.tsx";
import { OverviewPage } from "./pages/overview.tsx";
import { SettingsPage } from "./pages/settings.tsx";
import { ToolRunsPage } from "./pages/tool-runs.tsx";
import { UsagePage } from "./pages/usage.tsx";
import { UsersPage } from "./pages/users.tsx";
import { ZoneField } from "./time/zone-field.tsx";

type Name = keyof typeof consoleTexts.pages;

const pages: readonly { readonly name: Name; readonly path: string; readonly Page: ComponentType }[] = [
  { name: "overview", path: "/console", Page: OverviewPage },
  { name: "users", path: "/console/users", Page: UsersPage },
  { name: "conversations", path: "/console/conversations", Page: ConversationsPage },
  { name: "completions", path: "/console/completions", Page: CompletionsPage },
  { name: "tool-runs", path: "/console/tool-runs", Page: ToolRunsPage },
  { name: "usage", path: "/console/usage", Page: UsagePage },
  { name: "audit", path: "/console/audit", Page: AuditPage },
  { name: "settings", path: "/console/settings", Page: SettingsPage },
];

/** On a phone the rail is longer than the screen. */
const showInRail = (link: HTMLAnchorElement | null): void =>
  link?.scrollIntoView({ block: "nearest", inline: "center" });

const Rail = ({ current }: { readonly current: Name }) => (
  <nav
    aria-label={consoleTexts.sections}
    className="flex shrink-0 gap-1 overflow-x-auto border-line p-2.5 max-wide:border-b wide:w-52 wide:flex-col wide:border-e"
  >
    <Link href="/" className="flex h-9 shrink-0 items-center gap-2 rounded-small px-2.5 hover:bg-hover wide:mb-2">
      <BrandMark size={20} />
      <span className="font-semibold max-wide:sr-only">{consoleTexts.back}</span>
    </Link>
    {pages.map(({ name, path }) => (
      <Link
        key={name}
        ref={name === current ? showInRail : undefined}
        href={path}
        aria-current={name === current ? "page" : undefined}
        className="flex h-9 shrink-0 items-center rounded-small px-2.5 text-text-2 hover:bg-hover hover:text-text aria-[current=page]:bg-hover aria-[current=page]:font-[550] aria-[current=page]:text-text"
      >
        {consoleTexts.pages[name]}
      </Link>
    ))}
  </nav>
);

/** The console: what owners and admins see of their workspace as a whole. */
export const ConsolePage = () => {
  const me = useMe();
  const [, parameters] = useRoute("/console/:page");
  const page = pages.find(({ name }) => name === (parameters?.page ?? "overview"));
  useDocumentTitle(
    page === undefined ? consoleTexts.title : `${consoleTexts.pages[page.name]} · ${consoleTexts.title}`,
  );
  if (me === undefined) return null;
  if (me.role !== "owner" && me.role !== "admin") {
    return (
      <FullPage title={consoleTexts.forbiddenTitle} text={consoleTexts.forbidden}>
        <ConsoleLink to="/">{consoleTexts.back}</ConsoleLink>
      </FullPage>
    );
  }
  if (page === undefined) return <MissingPage />;
  const { name, Page } = page;
  return (
    <div className="flex h-full max-wide:flex-col">
      <Rail current={name} />
      <main
        key={name}
        className="min-h-0 min-w-0 flex-1 overflow-y-auto p-6 max-wide:p-4 min-[1200px]:has-[[data-drawer]]:pe-[504px]"
      >
        <header className="mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <h1 className="text-22 font-semibold tracking-[-0.015em]">{consoleTexts.pages[name]}</h1>
          <ZoneField />
        </header>
        <Page />
      </main>
    </div>
  );
};
