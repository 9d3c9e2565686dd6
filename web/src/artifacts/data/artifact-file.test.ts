import { expect, test } from "vitest";
import { fileNameOf, languageOf } from "./artifact-file.ts";

const named = (
  title: string,
  kind: "document" | "code" | "html" | "svg" = "document",
  language: string | null = null,
) => fileNameOf({ title, kind, language });

test("C8 an artifact is saved under a name that any system takes", () => {
  expect(named("Region decision memo")).toBe("Region decision memo.md");
  expect(named('a/b\\c:d*e?f"g<h>i|j')).toBe("a b c d e f g h i j.md");
  expect(named("../../etc/passwd")).toBe("etc passwd.md");
  expect(named("\u202egpj.exe\u0000")).toBe("gpj.exe.md");
  expect(named("...")).toBe("artifact.md");
  expect(named("Größe 表")).toBe("Größe 表.md");
  expect(named("x".repeat(300)).length).toBeLessThan(90);
});

test("C8 its ending is that of its kind, or of its language, and stands there once", () => {
  expect(named("sum.ts", "code", "typescript")).toBe("sum.ts");
  expect(named("sum", "code", "Python")).toBe("sum.py");
  expect(named("sum", "code", "constructor")).toBe("sum.txt");
  expect(named("Page", "html")).toBe("Page.html");
  expect(named("Cup.SVG", "svg")).toBe("Cup.SVG");
  expect(languageOf({ kind: "code", language: null })).toBe("");
  expect(languageOf({ kind: "document", language: null })).toBe("markdown");
});
