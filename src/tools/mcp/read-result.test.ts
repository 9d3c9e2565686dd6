import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contentText } from "../content-result.ts";
import { completed, failed } from "../results.ts";
import { storableOutcome } from "../storable-outcome.ts";
import { readResult } from "./read-result.ts";
import { createRedaction } from "./redact.ts";

const text = (value: string) => ({ type: "text" as const, text: value });
const png = { type: "image" as const, mimeType: "image/png", data: Buffer.from("a picture").toString("base64") };

describe("a result of an MCP tool", () => {
  test("is one text, or the structured content beside it", () => {
    expect(readResult({ content: [text("a"), text("b\0\ud83d")] })).toEqual(completed("a\n\nb\ufffd"));
    expect(readResult({ content: [text('{"a":1}')], structuredContent: { a: 1 } })).toEqual(completed({ a: 1 }));
    expect(readResult({ content: [] })).toEqual(completed(""));
  });

  test("with files is shown to the person, and named to the model", () => {
    const blob = { uri: "file:///srv/report.pdf", mimeType: "application/pdf", blob: "AAAA" };
    const outcome = readResult({
      content: [
        text("Here:"),
        png,
        { type: "resource", resource: blob },
        { type: "resource", resource: { uri: "x", text: "words" } },
      ],
    });
    expect(outcome).toEqual(
      completed({
        type: "content",
        value: [
          { type: "text", text: "Here:" },
          { type: "file", mediaType: "image/png", data: { type: "data", data: png.data } },
          { type: "file", mediaType: "application/pdf", data: { type: "data", data: "AAAA" }, filename: "report.pdf" },
          { type: "text", text: "words" },
        ],
      }),
    );
    expect(contentText("data" in outcome ? outcome.data : null)).toBe(
      "Here:\n\n[image/png, 1 kB; shown to the person]\n\n[report.pdf, application/pdf, 1 kB; shown to the person]\n\nwords",
    );
  });

  test("is told that a file is no base64, is too large, or that files together are", () => {
    const large = { ...png, data: "A".repeat(400_000) };
    const outcome = readResult({
      content: [
        { ...png, data: "<script>" },
        { ...png, data: "A".repeat(800_000) },
        large,
        large,
        { ...png, mimeType: "a b" },
      ],
    });
    const kinds = (outcome as { data: { value: { type: string; mediaType?: string }[] } }).data.value;
    expect(kinds.map(({ type, mediaType }) => mediaType ?? type)).toEqual([
      "text",
      "text",
      "image/png",
      "text",
      "text",
    ]);
  });

  test("that is an error is a failure in the server's words, not endless ones", () => {
    expect(readResult({ isError: true, content: [text("no such file")] })).toEqual(failed("no such file"));
    expect(readResult({ isError: true, content: [] })).toEqual(failed("The tool failed."));
    const long = readResult({ isError: true, content: [text("x".repeat(5_000_000))] });
    expect(JSON.stringify(long).length).toBeLessThan(2_200);
  });

  test("can be stored, whatever it holds", () => {
    const block = fc.oneof(
      fc.record({
        type: fc.constant("text" as const),
        text: fc.string({ unit: "binary", maxLength: 200_000, size: "max" }),
      }),
      fc.record({
        type: fc.constant("image" as const),
        data: fc.base64String({ maxLength: 100 }),
        mimeType: fc.string(),
      }),
      fc.record({ type: fc.constant("resource_link" as const), name: fc.string(), uri: fc.string() }),
    );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 300 }), fc.boolean(), fc.jsonValue(), (content, isError, structured) => {
        const structuredContent = { structured };
        const stored = storableOutcome(readResult({ content, isError, structuredContent }));
        expect(stored.type).toBe(isError ? "failed" : "completed");
        const json = JSON.stringify(stored);
        expect(json.isWellFormed()).toBe(true);
        expect(json).not.toContain("\\u0000");
        expect(json.length).toBeLessThan(1_000_000);
      }),
      { numRuns: 20 },
    );
  });
});

describe("S33 what an operator keeps secret", () => {
  const redact = createRedaction(['sk-"quoted"-secret', "short"]);

  test("is replaced wherever a result holds it", () => {
    const outcome = completed({ a: ['x sk-"quoted"-secret y'], b: { c: 'sk-"quoted"-secret' }, d: 1, e: "short" });
    expect(redact(outcome)).toEqual(completed({ a: ["x [secret] y"], b: { c: "[secret]" }, d: 1, e: "short" }));
  });

  test("costs nothing where it is not", () => {
    const outcome = completed({ a: "b" });
    expect(redact(outcome)).toBe(outcome);
  });
});
