import type { DataPart as DataPartData } from "./part-groups.ts";
import { JsonBlock } from "./json-block.tsx";

/** Data that nothing here knows to show. */
export const DataPart = ({ part }: { readonly part: DataPartData }) => (
  <details className="rounded-medium border border-line bg-surface px-3 py-2 text-13 text-text-3">
    <summary className="font-mono text-12">{part.type.slice("data-".length)}</summary>
    <div className="pt-2">
      <JsonBlock label={part.type} value={part.data} />
    </div>
  </details>
);
