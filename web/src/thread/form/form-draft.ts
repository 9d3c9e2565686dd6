import type { Bounds, FormField, FormValue } from "./form-field.ts";
import { formTexts } from "./form-texts.ts";
import type { FormPlan } from "./read-schema.ts";

/** What was filled in: text of fields, of choices the JSON of what was chosen; by the path of the field. */
export type FormDraft = Readonly<Record<string, string | readonly string[] | undefined>>;

export type FormErrors = Readonly<Record<string, string>>;

/** A value for the server, or what is wrong with each field. */
export type FormReading = { readonly value: unknown } | { readonly errors: FormErrors };

type Read = { readonly value: unknown } | { readonly error: string };

export const pathOf = (parent: string, name: string): string => (parent === "" ? name : `${parent}/${name}`);
export const optionKey = (option: FormValue): string => JSON.stringify(option);

const number = new Intl.NumberFormat("en");
const written = (value: number | null): string | null => (value === null ? null : number.format(value));
const isWithin = (value: number, { low, high }: Bounds): boolean =>
  (low === null || value >= low) && (high === null || value <= high);

const failed = (error: string): Read => ({ error });

const readNumber = (text: string, isWhole: boolean, range: Bounds): Read => {
  const value = Number(text.trim().replace(",", "."));
  if (text.trim() === "" || !Number.isFinite(value))
    return failed(isWhole ? formTexts.noWholeNumber : formTexts.noNumber);
  if (isWhole && !Number.isSafeInteger(value)) return failed(formTexts.noWholeNumber);
  return isWithin(value, range) ? { value } : failed(formTexts.range(written(range.low), written(range.high)));
};

const readText = (text: string, { type, lengths }: Extract<FormField["input"], { kind: "text" }>): Read => {
  if (type === "email" && !/^[^\s@]+@[^\s@]+$/.test(text)) return failed(formTexts.noEmail);
  if (type === "url" && !URL.canParse(text)) return failed(formTexts.noUrl);
  if (!isWithin(Array.from(text).length, lengths))
    return failed(formTexts.lengths(written(lengths.low), written(lengths.high)));
  return { value: type === "datetime-local" ? new Date(text).toISOString() : text };
};

const readJson = (text: string): Read => {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return failed(formTexts.noJson);
  }
};

const readMany = (values: readonly unknown[], counts: Bounds): Read =>
  isWithin(values.length, counts)
    ? { value: values }
    : failed(formTexts.counts(written(counts.low), written(counts.high)));

const readLines = (text: string, { item, isWhole, counts }: Extract<FormField["input"], { kind: "list" }>): Read => {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (item === "text") return readMany(lines, counts);
  const read = lines.map((line) => readNumber(line, isWhole, { low: null, high: null }));
  const values = read.flatMap((one) => ("value" in one ? [one.value] : []));
  return values.length === read.length ? readMany(values, counts) : failed(formTexts.noList);
};

const entryOf = (draft: FormDraft, path: string): FormDraft[string] =>
  Object.hasOwn(draft, path) ? draft[path] : undefined;

const readChoice = (options: readonly FormValue[], key: string): Read => {
  const chosen = options.findIndex((option) => optionKey(option) === key);
  return chosen === -1 ? failed(formTexts.required) : { value: options[chosen] };
};

const isEmpty = (entry: FormDraft[string]): boolean => entry === undefined || entry.length === 0;

const readEntry = ({ input }: FormField, entry: FormDraft[string]): Read => {
  const text = typeof entry === "string" ? entry : "";
  switch (input.kind) {
    case "text":
      return readText(text, input);
    case "number":
      return readNumber(text, input.isWhole, input.range);
    case "flag":
      return readChoice([true, false], text);
    case "choice":
      return readChoice(input.options, text);
    case "choices":
      return readMany(
        input.options.filter((option) => entry?.includes(optionKey(option))),
        input.counts,
      );
    case "list":
      return readLines(text, input);
    case "group":
    case "json":
      return readJson(text);
  }
};

/** Whether a field says something even when nothing was filled in. */
const isAlwaysSaid = ({ input, isRequired }: FormField): boolean =>
  isRequired && (input.kind === "choices" || input.kind === "list");

const readFields = (
  fields: readonly FormField[],
  draft: FormDraft,
  parent: string,
): { readonly entries: readonly (readonly [string, unknown])[]; readonly errors: FormErrors } => {
  const entries: (readonly [string, unknown])[] = [];
  let errors: FormErrors = {};
  for (const field of fields) {
    const path = pathOf(parent, field.name);
    const entry = entryOf(draft, path);
    if (field.input.kind === "group") {
      const inner = readFields(field.input.fields, draft, path);
      const isLeftOut =
        !field.isRequired && !field.input.fields.some(({ name }) => !isEmpty(entryOf(draft, pathOf(path, name))));
      if (isLeftOut) continue;
      entries.push([field.name, Object.fromEntries(inner.entries)]);
      errors = { ...errors, ...inner.errors };
      continue;
    }
    if (isEmpty(entry) && !isAlwaysSaid(field)) {
      if (field.isRequired) errors = { ...errors, [path]: formTexts.required };
      continue;
    }
    const read = readEntry(field, entry);
    if ("error" in read) errors = { ...errors, [path]: read.error };
    else entries.push([field.name, read.value]);
  }
  return { entries, errors };
};

/** What a form says before anything is filled in. */
export const initialDraft = (fields: readonly FormField[], parent = ""): FormDraft =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const path = pathOf(parent, field.name);
      if (field.input.kind === "group") return Object.entries(initialDraft(field.input.fields, path));
      return field.initial === "" ? [] : [[path, field.initial]];
    }),
  );

/** What a form says. */
export const readDraft = ({ fields, isObject }: FormPlan, draft: FormDraft): FormReading => {
  const { entries, errors } = readFields(fields, draft, "");
  if (Object.keys(errors).length > 0) return { errors };
  return { value: isObject ? Object.fromEntries(entries) : entries[0]?.[1] };
};
