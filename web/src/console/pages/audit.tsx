import type { AdminAuditEntry } from "natter/client";
import { useNatter } from "../../shell/natter-context.ts";
import { Time } from "../time/time.tsx";
import { Who } from "../who.tsx";
import { ConsoleLink } from "../console-link.tsx";
import { consoleTexts } from "../console-texts.ts";
import type { Column } from "../table/data-table.tsx";
import { Facts } from "../table/facts.tsx";
import type { Filter } from "../table/filter-bar.tsx";
import { ListPage } from "../table/list-page.tsx";

const filters: readonly Filter[] = [
  { name: "action", label: "Action, as member.suspend" },
  { name: "actorId", label: "Actor's id" },
  { name: "subjectId", label: "Subject's id" },
  { name: "target", label: "Target" },
  { name: "from", label: "From", isDay: true },
  { name: "to", label: "To", isDay: true },
];

interface PersonProps {
  readonly id: string | null;
  readonly name: string | null;
  /** Stands for nobody. */
  readonly none: string;
}

const Someone = ({ id, name, none }: PersonProps) => (id === null ? none : <Who id={id} name={name} />);

const Person = (props: PersonProps) =>
  props.id === null ? (
    props.none
  ) : (
    <ConsoleLink to={`/console/users?row=${encodeURIComponent(props.id)}`}>
      <Someone {...props} />
    </ConsoleLink>
  );

const columns: readonly Column<AdminAuditEntry>[] = [
  { label: "At", show: ({ at }) => <Time at={at} /> },
  { label: "Action", show: ({ action }) => action },
  {
    label: "Actor",
    show: ({ actorName, actorId }) => <Someone id={actorId} name={actorName} none={consoleTexts.nobody} />,
  },
  {
    label: "Subject",
    show: ({ subjectName, subjectId }) => <Someone id={subjectId} name={subjectName} none={consoleTexts.none} />,
  },
  { label: "Target", show: ({ target }) => target ?? consoleTexts.none },
  { label: "Address", show: ({ ip }) => ip ?? consoleTexts.none },
];

const EntryDetail = ({ entry }: { readonly entry: AdminAuditEntry }) => (
  <>
    <Facts
      of={{
        At: <Time at={entry.at} />,
        Action: entry.action,
        Actor: <Person id={entry.actorId} name={entry.actorName} none={consoleTexts.nobody} />,
        "API key": entry.keyId ?? consoleTexts.none,
        Subject: <Person id={entry.subjectId} name={entry.subjectName} none={consoleTexts.none} />,
        Target: entry.target ?? consoleTexts.none,
        Address: entry.ip ?? consoleTexts.none,
        Request: entry.requestId ?? consoleTexts.none,
      }}
    />
    {Object.keys(entry.details).length > 0 && (
      <pre className="mt-4 rounded-small bg-sunken p-3 font-mono text-12 whitespace-pre-wrap break-words">
        {JSON.stringify(entry.details, null, 2)}
      </pre>
    )}
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
