import fc from "fast-check";
import { gateJson } from "../../foundation/text-gate.ts";
import { artifactKindSchema, type ArtifactKind } from "../../protocol/artifact.ts";
import { pdf, pngOf } from "./sample-files.ts";

/** A part of a planned message; files and artifacts by their place in the plan. */
export type PlannedPart =
  | { readonly type: "part"; readonly part: Readonly<Record<string, unknown>> }
  | { readonly type: "file"; readonly index: number }
  | { readonly type: "artifact"; readonly index: number };

export interface PlannedMessage {
  readonly role: "user" | "assistant" | "system";
  /** Which of the messages before it; none: a root. */
  readonly parent: number | null;
  /** Messages are numbered in this order: a send that had to wait may have a parent that was sent after it. */
  readonly rank: number;
  readonly parts: readonly PlannedPart[];
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly isRemoved: boolean;
  readonly isOfOther: boolean;
  readonly vote: { readonly value: "up" | "down"; readonly reason: string | null } | null;
}

export interface PlannedArtifact {
  readonly kind: ArtifactKind;
  readonly language: string | null;
  readonly versions: readonly {
    readonly title: string;
    readonly content: string;
    readonly writtenBy: "person" | "agent";
    readonly isOfOther: boolean;
  }[];
}

export interface PlannedConversation {
  readonly title: string | null;
  readonly status: "active" | "completed" | "archived";
  readonly visibility: "private" | "workspace";
  readonly pinned: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly model: string | null;
  readonly leaf: number;
  readonly files: readonly { readonly content: Buffer; readonly mediaType: string; readonly name: string | null }[];
  readonly artifacts: readonly PlannedArtifact[];
  readonly messages: readonly PlannedMessage[];
}

const alphabet = ["a", "Z", " ", "\n", "é", "日", "\u{1f9e1}", "‮", "`", "|", "#", "</p>", '"', "\\", "\u2028"];
const words = fc.string({
  unit: fc.oneof(fc.constantFrom(...alphabet), fc.string({ unit: "grapheme", maxLength: 1 })),
});
const storable = (text: string): string => text.toWellFormed().replaceAll("\0", "");
const text = words.map((one) => storable(one) || "x");
const json = fc
  .jsonValue({ maxDepth: 3, noUnicodeString: false })
  .map((value) => gateJson(value))
  .filter((value) => !JSON.stringify(value).includes("__proto__"));

const toolPart = fc
  .record({ input: json, output: json, call: text, state: fc.nat(2), name: fc.boolean() })
  .map(({ input, output, call, state, name }): Readonly<Record<string, unknown>> => ({
    ...(name ? { type: "dynamic-tool", toolName: "look_up" } : { type: "tool-search_web" }),
    toolCallId: call,
    input,
    ...[
      { state: "output-available", output },
      { state: "output-error", errorText: call },
      { state: "output-denied", approval: { id: call, approved: false } },
    ][state],
  }));

const mapPart = text.map((name) => ({
  type: "data-natter-map",
  data: {
    type: "FeatureCollection",
    features: [{ type: "Feature", properties: { name }, geometry: { type: "Point", coordinates: [7.5, 51.25] } }],
  },
}));

const plainPart: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.oneof(
  { weight: 4, arbitrary: text.map((one) => ({ type: "text", text: one })) },
  text.map((one) => ({ type: "reasoning", text: one, state: "done" })),
  fc.constant({ type: "step-start" }),
  toolPart,
  mapPart,
  json.map((data) => ({ type: "data-weather", data })),
  text.map((title) => ({ type: "source-url", sourceId: "1", url: "https://example.org/ä", title })),
);

const part: fc.Arbitrary<PlannedPart> = fc.oneof(
  { weight: 6, arbitrary: plainPart.map((one): PlannedPart => ({ type: "part", part: one })) },
  fc.nat(5).map((index): PlannedPart => ({ type: "file", index })),
  fc.nat(5).map((index): PlannedPart => ({ type: "artifact", index })),
);

const message: fc.Arbitrary<PlannedMessage> = fc.record({
  role: fc.constantFrom("user", "assistant", "user", "assistant", "system"),
  parent: fc.option(fc.nat(30), { freq: 8 }),
  rank: fc.nat(100),
  parts: fc.array(part, { maxLength: 4 }),
  metadata: fc.option(
    json.map((value) => ({ value })),
    { freq: 2 },
  ),
  isRemoved: fc.nat(6).map((number) => number === 0),
  isOfOther: fc.nat(3).map((number) => number === 0),
  vote: fc.option(fc.record({ value: fc.constantFrom("up", "down"), reason: fc.option(text) })),
});

const version = fc.record({
  title: text.map((one) => one.slice(0, 40).toWellFormed().trim() || "x"),
  content: text,
  writtenBy: fc.constantFrom("person", "agent"),
  isOfOther: fc.boolean(),
});

const file = fc.record({
  name: fc.constantFrom(null, "ä.txt", "a (1) [x].png", "報告.pdf", "ab: c?.md"),
  salt: text,
  kind: fc.nat(2),
});

/** Any conversation that may be stored: trees, branches, removed messages, tools, maps, artifacts, files, votes. */
export const arbitraryConversation: fc.Arbitrary<PlannedConversation> = fc.record({
  title: fc.option(text.map((one) => one.slice(0, 200).toWellFormed())),
  status: fc.constantFrom("active", "completed", "archived"),
  visibility: fc.constantFrom("private", "workspace"),
  pinned: fc.boolean(),
  settings: fc.constantFrom({}, { temperature: 0.5 }, { maxOutputTokens: 100 }),
  model: fc.constantFrom(null, "test/other"),
  leaf: fc.nat(30),
  files: fc.array(
    file.map(({ name, salt, kind }) => ({
      name,
      ...[
        { mediaType: "text/plain", content: Buffer.from(salt) },
        { mediaType: "image/png", content: pngOf(3, 4, Buffer.from(salt)) },
        { mediaType: "application/pdf", content: Buffer.concat([pdf, Buffer.from(salt)]) },
      ][kind]!,
    })),
    { maxLength: 3 },
  ),
  artifacts: fc.array(
    fc.record({
      kind: fc.constantFrom(...artifactKindSchema.options),
      language: fc.constantFrom(null, "rust"),
      versions: fc.array(version, { minLength: 1, maxLength: 4 }),
    }),
    { maxLength: 3 },
  ),
  messages: fc.array(message, { maxLength: 9 }),
});
