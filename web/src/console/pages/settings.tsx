import { useQuery } from "@tanstack/react-query";
import type { AdminServer } from "natter/client";
import { useNatter } from "../../shell/natter-context.ts";
import { formatNumber } from "../../ui/format.ts";
import { messageOf } from "../../ui/message-of.ts";
import { consoleTexts } from "../console-texts.ts";
import { serverTexts } from "../server-texts.ts";
import { Section } from "../section.tsx";
import { HealthTable, MigrationTable, NodeTable, ProviderTable, QueueTable } from "../server/server-tables.tsx";
import { SettingTable } from "../server/setting-table.tsx";
import { Facts } from "../table/facts.tsx";

const freshMs = 5_000;

const words = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^./, (letter) => letter.toUpperCase());

const entriesOf = <Value,>(of: Readonly<Record<string, Value>>, show: (value: Value) => string) =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [words(name), show(value)]));

const Everybodys = ({ server }: { readonly server: AdminServer }) => (
  <div className="grid gap-x-8 wide:grid-cols-2">
    <Section title={serverTexts.about}>
      <Facts
        of={{
          [serverTexts.version]: server.version,
          [serverTexts.defaultModel]: server.defaultModel,
          [serverTexts.agents]: server.agents.join(", "),
          ...(server.drivers === null ? {} : entriesOf(server.drivers, String)),
        }}
      />
    </Section>
    <Section title={serverTexts.features}>
      <Facts of={entriesOf(server.features, (isOn) => (isOn ? serverTexts.on : serverTexts.off))} />
    </Section>
    <Section title={serverTexts.limits}>
      <Facts of={entriesOf(server.limits, formatNumber)} />
    </Section>
  </div>
);

const Operators = ({ server: { nodes, queues, migrations, settings } }: { readonly server: AdminServer }) => {
  if (nodes === null || queues === null || migrations === null || settings === null)
    return <p className="text-13 text-text-3">{serverTexts.notOperator}</p>;
  return (
    <>
      <Section title={serverTexts.configuration}>
        <SettingTable settings={settings} />
      </Section>
      <Section title={serverTexts.migrations}>
        <MigrationTable rows={migrations} />
      </Section>
    </>
  );
};

/** What the server is, how it is, and how it is set; no secrets. */
export const SettingsPage = () => {
  const { admin } = useNatter();
  const { data, error } = useQuery({
    queryKey: ["console", "server"],
    queryFn: () => admin.server(),
    refetchInterval: freshMs,
  });
  if (data === undefined) {
    if (error === null) return <p role="status">{consoleTexts.loading}…</p>;
    return (
      <p role="alert" className="text-danger">
        {messageOf(error)}
      </p>
    );
  }
  return (
    <>
      <Section title={serverTexts.health}>
        <HealthTable rows={data.health} />
      </Section>
      {data.nodes !== null && (
        <Section title={serverTexts.nodes}>
          <NodeTable rows={data.nodes} />
        </Section>
      )}
      {data.queues !== null && (
        <Section title={serverTexts.queues}>
          <QueueTable rows={data.queues} />
        </Section>
      )}
      <Section title={serverTexts.providers} note={serverTexts.ofThisNode}>
        <ProviderTable rows={data.providers} />
      </Section>
      <Everybodys server={data} />
      <Operators server={data} />
    </>
  );
};
