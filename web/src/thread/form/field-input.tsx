import type { FormField, FormValue } from "./form-field.ts";
import type { Described } from "./field-frame.tsx";
import { optionKey } from "./form-draft.ts";
import { formTexts } from "./form-texts.ts";

export interface FieldInputProps {
  readonly field: FormField;
  readonly described: Described;
  readonly entry: string | readonly string[] | undefined;
  readonly onChange: (entry: string | readonly string[]) => void;
}

const box =
  "block w-full min-w-0 rounded-small border border-edge bg-surface px-2.5 py-1.5 text-text outline-none focus-visible:border-accent aria-invalid:border-danger max-wide:text-16";
const line = `${box} h-[34px] max-wide:h-[42px]`;
const mark = "size-4 shrink-0 accent-(--accent)";
const fewOptions = 5;

const wordsOf = (option: FormValue): string => {
  if (option === null) return formTexts.nothing;
  if (typeof option === "boolean") return option ? formTexts.yes : formTexts.no;
  return String(option);
};

interface ManyProps extends FieldInputProps {
  readonly options: readonly FormValue[];
  readonly type: "radio" | "checkbox";
}

const Marks = ({ described, entry, options, type, onChange }: ManyProps) => {
  const chosen = typeof entry === "string" ? [entry] : (entry ?? []);
  const toggled = (key: string): readonly string[] =>
    chosen.includes(key) ? chosen.filter((other) => other !== key) : [...chosen, key];
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-1.5">
      {options.map((option) => {
        const key = optionKey(option);
        return (
          <label key={key} className="flex min-h-7 min-w-0 items-center gap-2 max-wide:min-h-[42px]">
            <input
              type={type}
              name={described.id}
              checked={chosen.includes(key)}
              aria-describedby={described["aria-describedby"]}
              className={mark}
              onChange={() => onChange(type === "radio" ? key : toggled(key))}
            />
            <span dir="auto" className="min-w-0">
              {wordsOf(option)}
            </span>
          </label>
        );
      })}
    </div>
  );
};

const Select = ({ described, entry, options, onChange }: Omit<ManyProps, "type">) => (
  <select {...described} className={line} value={entry ?? ""} onChange={({ target }) => onChange(target.value)}>
    <option value="">{formTexts.choose}</option>
    {options.map((option) => (
      <option key={optionKey(option)} value={optionKey(option)}>
        {wordsOf(option)}
      </option>
    ))}
  </select>
);

/** Whether a field consists of several inputs with a name each. */
export const isGroupOfInputs = ({ input }: FormField): boolean =>
  input.kind === "flag" || input.kind === "choices" || (input.kind === "choice" && input.options.length <= fewOptions);

/** What a field is filled in with. */
export const FieldInput = (props: FieldInputProps) => {
  const { field, described, entry, onChange } = props;
  const { input } = field;
  const text = typeof entry === "string" ? entry : "";
  const onText = ({ target }: { readonly target: { readonly value: string } }): void => onChange(target.value);
  switch (input.kind) {
    case "text":
      return input.isLong ? (
        <textarea {...described} dir="auto" rows={4} className={`${box} resize-y`} value={text} onChange={onText} />
      ) : (
        <input
          {...described}
          dir="auto"
          type={input.type}
          autoComplete="off"
          className={line}
          value={text}
          onChange={onText}
        />
      );
    case "number":
      return (
        <input
          {...described}
          inputMode={input.isWhole && (input.range.low ?? -1) >= 0 ? "numeric" : "decimal"}
          autoComplete="off"
          className={`${line} tabular-nums`}
          value={text}
          onChange={onText}
        />
      );
    case "flag":
      return <Marks {...props} type="radio" options={[true, false]} />;
    case "choice":
      return isGroupOfInputs(field) ? (
        <Marks {...props} type="radio" options={input.options} />
      ) : (
        <Select {...props} options={input.options} />
      );
    case "choices":
      return <Marks {...props} type="checkbox" options={input.options} />;
    case "list":
      return (
        <textarea
          {...described}
          dir="auto"
          rows={3}
          placeholder={formTexts.onePerLine}
          className={`${box} resize-y`}
          value={text}
          onChange={onText}
        />
      );
    case "group":
    case "json":
      return (
        <textarea
          {...described}
          dir="ltr"
          rows={4}
          spellCheck={false}
          placeholder={formTexts.asJson}
          className={`${box} resize-y font-mono text-12`}
          value={text}
          onChange={onText}
        />
      );
  }
};
