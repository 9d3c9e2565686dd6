import type { AdminServer } from "natter/client";
import { useState } from "react";
import { Field } from "../../ui/form/field.tsx";
import { consoleTexts } from "../console-texts.ts";
import { serverTexts } from "../server-texts.ts";
import { DataTable, type Column } from "../table/data-table.tsx";

type Setting = NonNullable<AdminServer["settings"]>[number];

const Value = ({ of: { value, isSecret } }: { readonly of: Setting }) => {
  if (isSecret) return <span className="text-text-3">{value === true ? serverTexts.isSet : serverTexts.unset}</span>;
  if (value === null || value === "") return <span className="text-text-3">{serverTexts.unset}</span>;
  return typeof value === "boolean" ? (value ? serverTexts.on : serverTexts.off) : String(value);
};

const columns: readonly Column<Setting>[] = [
  { label: serverTexts.setting, show: ({ name }) => <code className="font-mono text-12">{name}</code> },
  { label: serverTexts.value, show: (setting) => <Value of={setting} /> },
];

/** Everything that is set, without secrets. */
export const SettingTable = ({ settings }: { readonly settings: readonly Setting[] }) => {
  const [text, setText] = useState("");
  const rows = settings.filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <>
      <div className="mb-3 w-72 max-w-full">
        <Field label={serverTexts.search} value={text} onChange={({ target }) => setText(target.value)} />
      </div>
      {rows.length === 0 ? (
        <p className="text-text-2">{consoleTexts.empty}</p>
      ) : (
        <DataTable label={serverTexts.configuration} columns={columns} rows={rows} keyOf={({ name }) => name} />
      )}
    </>
  );
};
