import { isDemo } from "../../settings/models/use-catalogue.ts";

/** Something to begin a conversation with. */
export interface Starter {
  readonly label: string;
  readonly text: string;
}

const demoStarters: readonly Starter[] = [
  { label: "What can you show me?", text: "/help" },
  { label: "Table, code, formula", text: "layout" },
  { label: "Ask before acting", text: "approve" },
  { label: "Work in the background", text: "background" },
  { label: "Places on a map", text: "map" },
  { label: "Write a document", text: "artifact" },
];

const commonStarters: readonly Starter[] = [
  { label: "Explain something", text: "Explain how a hash table works, with a small example." },
  { label: "Draft an email", text: "Draft a short, friendly email that moves a meeting to next week." },
  { label: "Compare options", text: "Compare PostgreSQL and SQLite for a small web application, in a table." },
  { label: "Review some code", text: "I will paste code. Tell me what could go wrong in it." },
];

/** Ways to begin with a model. */
export const startersFor = (modelId: string | null): readonly Starter[] =>
  modelId !== null && isDemo(modelId) ? demoStarters : commonStarters;
