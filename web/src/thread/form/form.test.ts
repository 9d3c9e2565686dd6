import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { initialDraft, optionKey, pathOf, readDraft, type FormDraft } from "./form-draft.ts";
import type { FormField } from "./form-field.ts";
import { formTexts } from "./form-texts.ts";
import { readSchema } from "./read-schema.ts";

const planOf = (schema: z.ZodType) => readSchema(z.toJSONSchema(schema));
const kindsOf = (schema: z.ZodType) => planOf(schema).fields.map(({ name, input }) => [name, input.kind]);

const everything = z.object({
  name: z.string().min(1).max(20),
  notes: z.string().max(2_000).optional(),
  email: z.email(),
  seats: z.int().min(1).max(20),
  ratio: z.number().optional(),
  isUrgent: z.boolean(),
  region: z.enum(["Frankfurt", "Stockholm"]),
  size: z.union([z.literal(1), z.literal(2)]).optional(),
  tags: z.array(z.string()).max(3),
  counts: z.array(z.int()).optional(),
  days: z.array(z.enum(["mo", "tu"])).optional(),
  until: z.iso.date().nullable().optional(),
  contact: z.object({ phone: z.string(), isMobile: z.boolean().optional() }).optional(),
});

describe("a form made of a JSON Schema (N13)", () => {
  it("has a field for text, numbers, flags, choices, lists and what an object within holds", () => {
    expect(kindsOf(everything)).toEqual([
      ["name", "text"],
      ["notes", "text"],
      ["email", "text"],
      ["seats", "number"],
      ["ratio", "number"],
      ["isUrgent", "flag"],
      ["region", "choice"],
      ["size", "choice"],
      ["tags", "list"],
      ["counts", "list"],
      ["days", "choices"],
      ["until", "text"],
      ["contact", "group"],
    ]);
    expect(planOf(everything).fields[1]?.input).toMatchObject({ isLong: true });
  });

  it("takes titles, descriptions and defaults, and follows references", () => {
    const plan = readSchema({
      type: "object",
      required: ["a"],
      properties: {
        a: { $ref: "#/$defs/place" },
        b: { type: "integer", default: 3 },
        c: { type: "boolean", default: false },
      },
      $defs: { place: { type: "string", title: "Place", description: "Where it is" } },
    });
    expect(plan.fields).toMatchObject([
      { label: "Place", hint: "Where it is", isRequired: true },
      { label: "B", hint: null, isRequired: false },
      { label: "C" },
    ]);
    expect(initialDraft(plan.fields)).toEqual({ b: "3", c: "false" });
  });

  it("is typed as JSON where no field is known, and asks for one value where it is no object", () => {
    expect(kindsOf(z.object({ deep: z.object({ deeper: z.object({ deepest: z.string() }) }) }))).toEqual([
      ["deep", "group"],
    ]);
    const inner = planOf(z.object({ deep: z.object({ deeper: z.object({ x: z.string() }) }) })).fields[0]?.input;
    expect(inner).toMatchObject({ fields: [{ name: "deeper", input: { kind: "json" } }] });
    const single = planOf(z.string());
    expect(readDraft(single, { "": "yes" })).toEqual({ value: "yes" });
    for (const strange of [
      null,
      7,
      [],
      {},
      { type: "object" },
      { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } },
    ])
      expect(readSchema(strange).fields).toMatchObject([{ input: { kind: "json" } }]);
  });

  it("says of each field what is wrong, and leaves out what is optional and empty", () => {
    const plan = planOf(everything);
    const reading = readDraft(plan, { email: "x", seats: "21", ratio: "x", tags: "a\nb\nc\nd", counts: "1\nx" });
    expect(reading).toEqual({
      errors: {
        name: formTexts.required,
        email: formTexts.noEmail,
        seats: "Between 1 and 20.",
        ratio: formTexts.noNumber,
        isUrgent: formTexts.required,
        region: formTexts.required,
        tags: "At most 3 entries.",
        counts: formTexts.noList,
      },
    });
    const filled = { name: "Ada", email: "a@b", seats: "2", isUrgent: "false", region: '"Stockholm"' };
    expect(readDraft(plan, filled)).toEqual({
      value: { name: "Ada", email: "a@b", seats: 2, isUrgent: false, region: "Stockholm", tags: [] },
    });
    expect(readDraft(plan, { ...filled, "contact/isMobile": "true" })).toEqual({
      errors: { "contact/phone": formTexts.required },
    });
    expect(readDraft(plan, { ...filled, "contact/phone": "1" })).toMatchObject({ value: { contact: { phone: "1" } } });
  });

  it("gives nothing that the schema would refuse, whatever is filled in", () => {
    const schema = everything.omit({ email: true, until: true });
    const plan = planOf(schema);
    const text = fc.oneof(fc.string(), fc.constantFrom("", "1", "-2.5", "1e9", "20", "true", "a\nb", "7\n8", "0x1F"));
    const entryOf = ({ input }: FormField): fc.Arbitrary<string | string[]> =>
      input.kind === "choice" || input.kind === "choices"
        ? fc.oneof(text, fc.subarray(input.options.map(optionKey)))
        : text;
    const draftOf = (fields: readonly FormField[], parent = ""): fc.Arbitrary<FormDraft> =>
      fc
        .tuple(
          ...fields.map((field) => {
            const path = pathOf(parent, field.name);
            if (field.input.kind === "group") return draftOf(field.input.fields, path);
            return fc.option(entryOf(field)).map((entry): FormDraft => (entry === null ? {} : { [path]: entry }));
          }),
        )
        .map((drafts) => Object.assign({}, ...drafts));
    const outcome = fc.check(
      fc.property(draftOf(plan.fields), (draft) => {
        const reading = readDraft(plan, draft);
        return "value" in reading ? schema.safeParse(reading.value).success : Object.keys(reading.errors).length > 0;
      }),
      { numRuns: 2_000 },
    );
    expect(outcome).toMatchObject({ failed: false, counterexample: null });
  });
});
