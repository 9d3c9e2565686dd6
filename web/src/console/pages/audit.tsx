import type { AuditEntry } from "natter/client";
import { useNatter } from "../../shell/natter-context.ts";
import { formatTime } from "../amounts.ts";
import { consoleTexts } from "../console-texts.ts";
import type { Column } from "../data-table.tsx";
import { Facts } from "../facts.tsx";
import type { Filter } from "../filter-bar.tsx";
import { ListPage } from "../list-page.tsx";

const filters: readonly Filter[] = [
  { name: "action", label: "Action" },
  { name: "actorId", label: "Actor's id" },
  { name: "subjectId", label: "Subject's id" },
  { name: "target", label: "Target" },
  { name: "from", label: "From (UTC)", isDay: true },
  { name: "to", label: "To (UTC)", isDay: true },
];

const columns: readonly Column<AuditEntry>[] = [
  { label: "At", show: ({ at }) => formatTime(at) },
  { label: "Action", show: ({ action }) => action },
  { label: "Actor", show: ({ actorId }) => actorId ?? consoleTexts.nobody },
  { label: "Subject", show: ({ subjectId }) => subjectId ?? consoleTexts.none },
  { label: "Target", show: ({ target }) => target ?? consoleTexts.none },
  { label: "Address", show: ({ ip }) => ip ?? consoleTexts.none },
];

const EntryDetail = ({ entry }: { readonly entry: AuditEntry }) => (
  <>
    <Facts
      of={{
        At: formatTime(entry.at),
        Action: entry.action,
        Actor: entry.actorId ?? consoleTexts.nobody,
        "API key": entry.keyId ?? consoleTexts.none,
        Subject: entry.subjectId ?? consoleTexts.none,
        Target: entry.target ?? consoleTexts.none,
        Address: entry.ip ?? consoleTexts.none,
        Request: entry.requestId ?? consoleTexts.none,
      }}
    />
    <pre className="mt-4 rounded-small bg-sunken p-3 font-mono text-12 whitespace-pre-wrap break-words">
      {JSON.stringify(entry.details, null, 2)}
    </pre>
  </>
);

/** Who did what to whom. */
export const AuditPage = () => {
  const { admin } = useNatter();
  return (
    <ListPage
      name="audit"
      load={admin.audit}
      filters={filters}
      columns={columns}
      titleOf={({ action }) => action}
      detail={(entry) => <EntryDetail entry={entry} />}
    />
  );
};
