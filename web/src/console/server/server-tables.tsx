import type { AdminServer } from "natter/client";
import { formatElapsed } from "../../thread/answer/format-amounts.ts";
import { formatNumber } from "../../ui/format.ts";
import { consoleTexts } from "../console-texts.ts";
import { serverTexts } from "../server-texts.ts";
import { DataTable, type Column } from "../table/data-table.tsx";
import { Time } from "../time/time.tsx";

type Rows<Name extends keyof AdminServer> = NonNullable<AdminServer[Name]> extends readonly (infer Row)[] ? Row : never;

interface TableProps<Row> {
  readonly rows: readonly Row[];
}

const isPart = (part: string): part is keyof typeof serverTexts.parts => Object.hasOwn(serverTexts.parts, part);

const healthColumns: readonly Column<Rows<"health">>[] = [
  { label: serverTexts.part, show: ({ part }) => (isPart(part) ? serverTexts.parts[part] : part) },
  {
    label: serverTexts.state,
    show: ({ isWell }) => (isWell ? serverTexts.well : <b className="text-danger">{serverTexts.ill}</b>),
  },
  { label: serverTexts.answered, isNumber: true, show: ({ milliseconds }) => `${formatNumber(milliseconds)} ms` },
];

/** Whether each part answers. */
export const HealthTable = ({ rows }: TableProps<Rows<"health">>) => (
  <DataTable label={serverTexts.health} columns={healthColumns} rows={rows} keyOf={({ part }) => part} />
);

const providerColumns: readonly Column<Rows<"providers">>[] = [
  { label: serverTexts.provider, show: ({ id }) => id },
  { label: serverTexts.models, isNumber: true, show: ({ models }) => formatNumber(models) },
  {
    label: serverTexts.breaker,
    show: ({ circuit }) => (
      <span className={circuit === "closed" ? undefined : "font-semibold text-danger"}>
        {serverTexts.circuits[circuit]}
      </span>
    ),
  },
  { label: serverTexts.calls, isNumber: true, show: ({ calls }) => formatNumber(calls) },
  { label: serverTexts.failures, isNumber: true, show: ({ failures }) => formatNumber(failures) },
];

/** Providers as this node sees them. */
export const ProviderTable = ({ rows }: TableProps<Rows<"providers">>) => (
  <DataTable label={serverTexts.providers} columns={providerColumns} rows={rows} keyOf={({ id }) => id} />
);

const nodeColumns: readonly Column<Rows<"nodes">>[] = [
  { label: serverTexts.node, show: ({ id }) => <code className="font-mono text-12">{id}</code> },
  { label: serverTexts.role, show: ({ role }) => role },
  { label: serverTexts.version, show: ({ version }) => version },
  { label: serverTexts.running, isNumber: true, show: ({ running }) => formatNumber(running) },
  {
    label: serverTexts.capacity,
    isNumber: true,
    show: ({ capacity }) => (capacity === 0 ? consoleTexts.none : formatNumber(capacity)),
  },
  { label: serverTexts.started, show: ({ startedAt }) => <Time at={startedAt} /> },
  { label: serverTexts.seen, show: ({ seenAt }) => <Time at={seenAt} /> },
];

/** Processes that were heard of lately. */
export const NodeTable = ({ rows }: TableProps<Rows<"nodes">>) => (
  <DataTable label={serverTexts.nodes} columns={nodeColumns} rows={rows} keyOf={({ id }) => id} />
);

const queueColumns: readonly Column<Rows<"queues">>[] = [
  { label: serverTexts.workspace, show: ({ name }) => name },
  { label: consoleTexts.figures.queued, isNumber: true, show: ({ queued }) => formatNumber(queued) },
  { label: consoleTexts.figures.running, isNumber: true, show: ({ running }) => formatNumber(running) },
  { label: consoleTexts.figures.waiting, isNumber: true, show: ({ waiting }) => formatNumber(waiting) },
  {
    label: consoleTexts.figures.oldest,
    isNumber: true,
    show: ({ queued, oldestSeconds }) => (queued === 0 ? consoleTexts.none : formatElapsed(oldestSeconds * 1_000)),
  },
];

/** What each workspace has before it. */
export const QueueTable = ({ rows }: TableProps<Rows<"queues">>) =>
  rows.length === 0 ? (
    <p className="text-text-2">{serverTexts.noQueues}</p>
  ) : (
    <DataTable label={serverTexts.queues} columns={queueColumns} rows={rows} keyOf={({ workspaceId }) => workspaceId} />
  );

const migrationColumns: readonly Column<Rows<"migrations">>[] = [
  { label: serverTexts.migration, show: ({ name }) => name },
  { label: serverTexts.applied, show: ({ appliedAt }) => <Time at={appliedAt} /> },
];

/** What was done to the database. */
export const MigrationTable = ({ rows }: TableProps<Rows<"migrations">>) => (
  <DataTable label={serverTexts.migrations} columns={migrationColumns} rows={rows} keyOf={({ name }) => name} />
);
